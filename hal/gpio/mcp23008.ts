// MCP23008, 8-bit port expander (Microchip DS21919E), as the switch of up to four current ranges:
// outputs GP0 to GP3 drive one relay each, exactly one of them closed; GP4 drives the switch that
// shows the voltage input the dummy (high) or the cell.
import type { I2c, Part, Range, ReadDone } from "../port.ts";

// Register addresses, table 1-2.
const IODIR = 0x00;
const GPIO = 0x09;
const OLAT = 0x0a;
/** GP0 to GP4 are outputs. */
const DIRECTION = 0xe0;
const RANGES = 4;
const DUMMY = 0x10;

/** The range switch at `address` (0x20 to 0x27). */
export function createMcp23008(i2c: I2c, address: number): Range & Part {
  const state: { done: ReadDone | null } = { done: null };
  const bytes = new Uint8Array(2);
  const send = (register: number, value: number): boolean => {
    bytes[0] = register;
    bytes[1] = value;
    return i2c.write(address, bytes);
  };
  const onPins = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) {
      done(-1, -1);
      return;
    }
    const pins = reply[0] & 0x0f;
    let index = -1;
    for (let i = 0; i < RANGES; i++) if (pins === 1 << i) index = i;
    if (index >= 0 && reply[0] & DUMMY) index += RANGES;
    done(index, 1);
  };
  return {
    state,
    onPins,
    // The latch first: a pin that becomes an output must not close a relay on its own.
    reset: () => {
      return send(OLAT, 0) && send(IODIR, DIRECTION);
    },
    write: (index) => {
      return send(OLAT, index < RANGES ? 1 << index : (1 << (index - RANGES)) | DUMMY);
    },
    read: (done) => {
      state.done = done;
      i2c.read(address, GPIO, 1, onPins);
    },
  };
}
