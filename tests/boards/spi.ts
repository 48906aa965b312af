// A board's SPI: driven by software on a load-cell converter's two wires, and the hardware's, where
// the log's flash is.
import type { SimPort } from "../../sim/port.ts";

/** `count` bytes in mode 1. The bit that a rising edge puts out is taken after the falling one. */
export function clockIn(port: SimPort, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, () => {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++) {
      port.twoWire.pulse();
      byte = (byte << 1) | (port.twoWire.data() ? 1 : 0);
    }
    return byte;
  });
}

/** The hardware's: an instruction ends with its answer, or without one when it is deselected. */
export interface SpiPort {
  send(bytes: ArrayLike<number>): void;
  receive(count: number): Uint8Array;
}

/** Nothing is sent. */
export function createSpiPort(port: SimPort): SpiPort {
  let sent: number[] = [];
  return {
    send: (bytes) => void sent.push(...Array.from(bytes)),
    receive: (count) => {
      const into = new Uint8Array(count);
      if (sent.length > 0) port.spi.transfer(sent, into);
      sent = [];
      return into;
    },
  };
}
