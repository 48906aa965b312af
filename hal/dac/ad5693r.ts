// AD5693R, 16-bit DAC with 2.5 V reference (Analog Devices, rev. G). At power-on its output is at
// zero scale, which in this channel's bipolar mapping is full negative current: the relay must not
// reach the cell before the zero-current code has been read back.
import type { Dac, I2c, Part, ReadDone } from "../port.ts";

// Command bytes, table 10.
const WRITE_AND_UPDATE = 0x30;
const WRITE_CONTROL = 0x40;
// Control register, table 12: gain 2 (D11), reference on (D12 = 0), normal mode.
const CONTROL_HIGH = 0x08;

/** Last code. */
export const AD5693R_CODE_MAX = 65535;
const CODE_MID = 32768;

/** The DAC at `address` (0x4c or 0x4e) with its output range 0 to 5 V. */
export function createAd5693r(i2c: I2c, address: number): Dac & Part {
  const state: { done: ReadDone | null } = { done: null };
  const bytes = new Uint8Array(3);
  const onCode = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) done(0, -1);
    else done(reply[0] * 256 + reply[1], 1);
  };
  const send = (command: number, value: number): boolean => {
    bytes[0] = command;
    bytes[1] = value >> 8;
    bytes[2] = value & 255;
    return i2c.write(address, bytes);
  };
  return {
    state,
    onCode,
    codeMax: AD5693R_CODE_MAX,
    codeMid: CODE_MID,
    reset: () => {
      const set = send(WRITE_CONTROL, CONTROL_HIGH << 8);
      return send(WRITE_AND_UPDATE, CODE_MID) && set;
    },
    write: (code) => {
      return send(WRITE_AND_UPDATE, code);
    },
    // A read returns the input register, which each write fills before it updates the output.
    read: (done) => {
      state.done = done;
      i2c.read(address, -1, 2, onCode);
    },
  };
}
