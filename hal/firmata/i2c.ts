// The I2C bus behind a Firmata board. A write means "queued": that it was not acknowledged nobody
// hears, so that what matters has to be read back.
import type { I2c } from "../port.ts";
import type { Link } from "./link.ts";

/** The bus. `pointed` are chips whose register pointer stays where it was set: where a question
 *  goes to the register that was written or asked before, it need not name it, two bytes less. */
export function createI2c(link: Link, pointed: readonly number[]): I2c {
  const pointers = new Map<number, number>();
  return {
    write: (address, bytes) => {
      if (pointed.includes(address)) pointers.set(address, bytes[0]);
      return link.write(address, bytes);
    },
    read: (address, register, count, done) => {
      const there = register >= 0 && pointers.get(address) === register;
      if (register >= 0 && pointed.includes(address)) pointers.set(address, register);
      link.read(address, there ? -1 : register, count, (bytes) => {
        // Whatever was lost on the way, the pointer may be with it.
        if (bytes === null) pointers.delete(address);
        done(bytes);
      });
    },
  };
}
