// TMP117, digital thermometer, ±0.1 °C (TI SNOSD82D). One-shot conversions: each reading is taken
// when it is asked for, and between them the chip does not warm itself.
import type { Converter, I2c, Part, ReadDone } from "../port.ts";

// Register addresses, section 7.6.
const RESULT = 0x00;
const CONFIGURATION = 0x01;
// High byte of the configuration register: Data_Ready (bit 13), MOD = 11 one-shot (bits 11:10).
// The low byte's AVG = 00 takes a single conversion.
const READY = 0x20;
const ONE_SHOT = 0x0c;
/** A single conversion at its slowest (section 6.5). */
const CONVERSION_MS = 17.5;
/** What the result register holds until the first conversion is over: -256 °C. */
const NOTHING_YET = -32768;

/** Degrees Celsius a count (section 7.6.1). */
export const TMP117_DEGREES_PER_COUNT = 7.8125e-3;

/** The thermometer at `address` (0x48 to 0x4b; an ADS1115 may sit at 0x48); it has one gain. */
export function createTmp117(i2c: I2c, address: number): Converter & Part {
  const state: { done: ReadDone | null } = { done: null };
  const bytes = new Uint8Array(3);
  bytes[0] = CONFIGURATION;
  bytes[1] = ONE_SHOT;
  // Reading the flag clears it, and the result stands: ready is said once.
  const onConfiguration = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    done(0, reply === null ? -1 : reply[0] & READY ? 1 : 0);
  };
  const onResult = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    const counts = reply === null ? NOTHING_YET : ((reply[0] << 24) >> 16) | reply[1];
    if (counts === NOTHING_YET) done(0, -1);
    else done(counts, 1);
  };
  return {
    state,
    onConfiguration,
    onResult,
    countsMax: 32767,
    begin: () => {
      return i2c.write(address, bytes) ? CONVERSION_MS : -1;
    },
    poll: (done) => {
      state.done = done;
      i2c.read(address, CONFIGURATION, 2, onConfiguration);
    },
    read: (done) => {
      state.done = done;
      i2c.read(address, RESULT, 2, onResult);
    },
  };
}
