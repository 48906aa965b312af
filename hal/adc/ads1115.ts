// ADS1115, 16-bit converter with four inputs (TI SBAS444D). Single-shot conversions at 475 SPS:
// short enough for two of each kind half a mains period apart, at the noise of one count.
import type { Converter, I2c, Part } from "../port.ts";

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

/** Input pairs, field MUX: positive and negative input. */
export const AIN0_AIN3 = 1;
export const AIN1_AIN3 = 2;
export const AIN2_AIN3 = 3;

/** Field PGA by gain index: ±2.048, ±1.024, ±0.512, ±0.256 V. */
const PGA = [2, 3, 4, 5];
/** Volts a count, by gain index (section 8.3.3). */
export const ADS1115_VOLTS_PER_COUNT = [62.5e-6, 31.25e-6, 15.625e-6, 7.8125e-6];

/** Last code of the scale. */
export const ADS1115_COUNTS_MAX = 32767;

type Polled = Parameters<Converter["poll"]>[0];
type Taken = Parameters<Converter["read"]>[0];

interface Conversion {
  gain: number;
  /** The config write: register, high and low byte. */
  bytes: Uint8Array;
  polled: Polled | null;
  taken: Taken | null;
}

/** The chip: one conversion at a time, whichever input asked for it. */
export interface Ads1115 extends Part {
  readonly state: Conversion;
  readonly i2c: I2c;
  readonly address: number;
  readonly onConfig: (bytes: ArrayLike<number> | null) => void;
  readonly onCounts: (bytes: ArrayLike<number> | null) => void;
}

/** Whether the config register, as read, says that the conversion asked for is over. On a queued
 *  bus a lost write shows only here: the chip then still holds another input's settings. */
function answer(written: Uint8Array, read: ArrayLike<number> | null): -1 | 0 | 1 {
  if (read === null || (read[0] | START) !== written[1] || read[1] !== written[2]) return -1;
  return read[0] & START ? 1 : 0;
}

/** A chip at `address` (0x48 to 0x4b); touches no hardware. */
export function createAds1115(i2c: I2c, address: number): Ads1115 {
  const state: Conversion = { gain: 0, bytes: new Uint8Array(3), polled: null, taken: null };
  state.bytes[0] = CONFIG;
  const onConfig = (bytes: ArrayLike<number> | null): void => {
    const done = state.polled as Polled;
    done(answer(state.bytes, bytes));
  };
  const onCounts = (bytes: ArrayLike<number> | null): void => {
    const done = state.taken as Taken;
    if (bytes === null) done(0, state.gain, false);
    else done(((bytes[0] << 24) >> 16) | bytes[1], state.gain, true);
  };
  return { state, tasks: [onConfig, onCounts], i2c, address, onConfig, onCounts };
}

/** One differential input of the chip as a converter; gains 0 to 3, see `PGA`. */
export function ads1115Input(chip: Ads1115, pair: number): Converter {
  return {
    countsMax: ADS1115_COUNTS_MAX,
    begin: (gain) => {
      chip.state.gain = gain;
      const bytes = chip.state.bytes;
      bytes[1] = START | (pair << 4) | (PGA[gain] << 1) | SINGLE_SHOT;
      bytes[2] = RATE_475 | COMPARATOR_OFF;
      return chip.i2c.write(chip.address, bytes) ? CONVERSION_MS : -1;
    },
    poll: (done) => {
      chip.state.polled = done;
      chip.i2c.read(chip.address, CONFIG, 2, chip.onConfig);
    },
    read: (done) => {
      chip.state.taken = done;
      chip.i2c.read(chip.address, CONVERSION, 2, chip.onCounts);
    },
  };
}
