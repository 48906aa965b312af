// ADS1115, 16-bit converter with four inputs (TI SBAS444D). Single-shot conversions at 475 SPS:
// short enough for two of each kind half a mains period apart, at the noise of one count.
import type { Converter, I2c, Part, ReadDone } from "../port.ts";

// Register addresses, section 9.6.1.
const CONVERSION = 0;
const CONFIG = 1;
// Bits of the config register's high and low byte, section 9.6.3.
const START = 0x80;
const SINGLE_SHOT = 0x01;
const RATE_475 = 0xc0;
const COMPARATOR_OFF = 0x03;
/** Wake-up 25 µs and 1/475 s, the data rate 10 % slow (section 7.5). */
const CONVERSION_MS = 2.37;

/** Inputs, field MUX: positive and negative pin. */
export const AIN0_AIN3 = 1;
export const AIN1_AIN3 = 2;
export const AIN2_AIN3 = 3;

/** Field PGA at gain index 0 to 3: ±2.048, ±1.024, ±0.512, ±0.256 V. */
const PGA_WIDEST = 2;
/** Volts a count, by gain index (section 8.3.3). */
export const ADS1115_VOLTS_PER_COUNT = [62.5e-6, 31.25e-6, 15.625e-6, 7.8125e-6];

/** Last code of the scale. */
export const ADS1115_COUNTS_MAX = 32767;

interface State {
  /** The config write: register, high and low byte. */
  bytes: Uint8Array;
  done: ReadDone | null;
}

/** The chip as the converter of all its inputs; gains 0 to 3. */
export interface Ads1115 extends Converter, Part {
  readonly state: State;
  readonly onConfig: (bytes: ArrayLike<number> | null) => void;
  readonly onCounts: (bytes: ArrayLike<number> | null) => void;
}

/** A chip at `address` (0x48 to 0x4b); touches no hardware. */
export function createAds1115(i2c: I2c, address: number): Ads1115 {
  const bytes = new Uint8Array(3);
  const state: State = { bytes, done: null };
  // On a queued bus a lost write shows only here: the chip then still holds another input's
  // settings.
  const onConfig = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null || (reply[0] | START) !== bytes[1] || reply[1] !== bytes[2]) done(0, -1);
    else done(0, reply[0] & START ? 1 : 0);
  };
  const onCounts = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) done(0, -1);
    else done(((reply[0] << 24) >> 16) | reply[1], 1);
  };
  bytes[0] = CONFIG;
  bytes[2] = RATE_475 | COMPARATOR_OFF;
  return {
    state,
    onConfig,
    onCounts,
    countsMax: ADS1115_COUNTS_MAX,
    begin: (gain, input) => {
      bytes[1] = START | (input << 4) | ((PGA_WIDEST + gain) << 1) | SINGLE_SHOT;
      return i2c.write(address, bytes) ? CONVERSION_MS : -1;
    },
    poll: (done) => {
      state.done = done;
      i2c.read(address, CONFIG, 2, onConfig);
    },
    read: (done) => {
      state.done = done;
      i2c.read(address, CONVERSION, 2, onCounts);
    },
  };
}
