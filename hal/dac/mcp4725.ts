// MCP4725, 12-bit DAC with EEPROM (Microchip DS22039D). Its supply is the reference. It powers up
// with what its EEPROM holds, ex works mid-scale: unlike the other DACs it wakes at zero current.
import type { Dac, I2c, Part, ReadDone } from "../port.ts";

/** Last code. */
export const MCP4725_CODE_MAX = 4095;
const CODE_MID = 2048;

// A fast write (section 6.1.1) is two bytes: command 00, power-down bits 00 (normal mode), D11:D8;
// then D7:D0. It leaves the EEPROM alone.

// Read command, figure 6-3. Byte 1: EEPROM written (not busy), power-on reset, power-down bits;
// bytes 2 and 3: DAC register, left-aligned; bytes 4 and 5: EEPROM.
const REPLY_BYTES = 5;
const READY = 0x80;
const POWER_DOWN = 0x06;

/** The DAC at `address` (0x60 to 0x67). While its EEPROM is being written it ignores writes, and
 *  in power-down its output floats: a read then says "not ok". */
export function createMcp4725(i2c: I2c, address: number): Dac & Part {
  const state: { done: ReadDone | null } = { done: null };
  const bytes = new Uint8Array(2);
  const onCode = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) done(0, -1);
    else {
      const state = (reply[0] & (READY | POWER_DOWN)) === READY ? 1 : -1;
      done((reply[1] << 4) | (reply[2] >> 4), state);
    }
  };
  const write = (code: number): boolean => {
    bytes[0] = code >> 8;
    bytes[1] = code & 255;
    return i2c.write(address, bytes);
  };
  return {
    state,
    onCode,
    codeMax: MCP4725_CODE_MAX,
    codeMid: CODE_MID,
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
