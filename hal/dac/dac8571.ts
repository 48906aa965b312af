// DAC8571, 16-bit DAC with external reference (TI SLAS373A). At power-on its output is at zero
// scale, which in this channel's bipolar mapping is full negative current. It is guaranteed
// monotonic but not linear: it needs calibration. Its broadcast address is an ADS1115's, 0x48.
import type { Dac, I2c, Part, ReadDone } from "../port.ts";

// Control byte, "DAC8571 Update Sequence": load bits L1:L0 in 5:4, power-down flag in bit 0.
const WRITE_NOW = 0x10;
const MODE = 0x31;
const REPLY_BYTES = 3;

/** Last code. */
export const DAC8571_CODE_MAX = 65535;
const CODE_MID = 32768;

/** The DAC at `address` (0x4c or 0x4e). A read brings the last data and the control byte it came
 *  with; unless that was "write now", the data is not at the output and the read is not ok: after
 *  a power-down command, a store for later, or a power-on reset. */
export function createDac8571(i2c: I2c, address: number): Dac & Part {
  const state: { done: ReadDone | null } = { done: null };
  const bytes = new Uint8Array(3);
  const onCode = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) done(0, -1);
    else done(reply[0] * 256 + reply[1], (reply[2] & MODE) === WRITE_NOW ? 1 : -1);
  };
  const write = (code: number): boolean => {
    bytes[0] = WRITE_NOW;
    bytes[1] = code >> 8;
    bytes[2] = code & 255;
    return i2c.write(address, bytes);
  };
  return {
    state,
    onCode,
    codeMax: DAC8571_CODE_MAX,
    codeMid: CODE_MID,
    // Data written now also ends a power-down.
    reset: () => {
      return write(CODE_MID);
    },
    write,
    read: (done) => {
      state.done = done;
      i2c.read(address, -1, REPLY_BYTES, onCode);
    },
  };
}
