// ADS122C04: from the input pins to a code. The caller integrates the amplifier's input while a
// conversion runs, and calls `finish` at its end. SBAS751B; sections as in ads122c04.ts.

import { gaussian } from "../random.ts";
import type { Stream } from "../random.ts";
import { isContinuous, start, store, TEMPERATURE, TURBO } from "./ads122c04.ts";
import type { Ads122c04 } from "./ads122c04.ts";

/** Inputs by MUX code 0..11: 0..3 = AIN0..AIN3, 4 = AVSS (8.6.1.1). */
const POSITIVE_INPUT = [0, 0, 0, 1, 1, 1, 2, 3, 0, 1, 2, 3];
const NEGATIVE_INPUT = [1, 2, 3, 0, 2, 3, 3, 2, 4, 4, 4, 4];
/** MUX codes against AVSS from here, system monitors from here, a quarter of the supply. */
const MUX_TO_GROUND = 8;
const MUX_MONITORS = 12;
const MUX_SUPPLY = 13;
const BYPASS = 0x01;

/** Switched capacitors give gains up to 4, the amplifier the rest (8.3.2). */
const CAPACITOR_GAIN_MAX = 4;
/** Room the amplifier's outputs need to the rails (8.3.2.1), and what inputs beyond the rails
 *  are still converted without it (8.3.2.2), V. */
const AMPLIFIER_ROOM_V = 0.2;
const BYPASS_BEYOND_V = 0.1;

const FULL_SCALE_CODE = 0x800000;
/** Input noise at 20 SPS by gain, V rms, rounded from the tables of 7.1; it grows with the
 *  square root of the data rate. */
const NOISE_V = [3.5e-6, 1.8e-6, 0.95e-6, 0.5e-6, 0.3e-6, 0.2e-6, 0.14e-6, 0.12e-6];
const RATE = 0xe0;
const RATES_HZ = [20, 45, 90, 175, 330, 600, 1000, 1000];
/** Temperature sensor: 14 bits, left-justified, 0.03125 degC each (8.3.10). */
const SENSOR_C = 0.03125;

/** Input pins of the conversion under way, as above; -1 = a system monitor. */
export function positivePin(chip: Ads122c04): number {
  const mux = chip.active0 >> 4;
  return mux < MUX_MONITORS ? POSITIVE_INPUT[mux] : -1;
}

export function negativePin(chip: Ads122c04): number {
  const mux = chip.active0 >> 4;
  return mux < MUX_MONITORS ? NEGATIVE_INPUT[mux] : -1;
}

function gainOf(chip: Ads122c04): number {
  const gain = 1 << ((chip.active0 >> 1) & 7);
  // Against AVSS, and in the monitors, the amplifier is off and gain ends at 4 (8.3.2.2).
  return chip.active0 >> 4 >= MUX_TO_GROUND ? Math.min(gain, CAPACITOR_GAIN_MAX) : gain;
}

/** What the modulator sees of two pins, referred to the input, V: the amplifier's outputs, or
 *  the pins when it is bypassed, clip near the supplies. */
export function seenAds122c04(
  chip: Ads122c04,
  plusV: number,
  minusV: number,
  avddV: number,
): number {
  const mux = chip.active0 >> 4;
  const gain = gainOf(chip);
  const small = gain <= CAPACITOR_GAIN_MAX;
  if (small && (mux >= MUX_TO_GROUND || (chip.active0 & BYPASS) !== 0)) {
    const highV = avddV + BYPASS_BEYOND_V;
    return clip(plusV, -BYPASS_BEYOND_V, highV) - clip(minusV, -BYPASS_BEYOND_V, highV);
  }
  const amplifier = small ? 1 : gain / CAPACITOR_GAIN_MAX;
  const spreadV = ((amplifier - 1) / 2) * (plusV - minusV);
  const highV = avddV - AMPLIFIER_ROOM_V;
  const upperV = clip(plusV + spreadV, AMPLIFIER_ROOM_V, highV);
  const lowerV = clip(minusV - spreadV, AMPLIFIER_ROOM_V, highV);
  return (upperV - lowerV) / amplifier;
}

/** The input of a system monitor (8.3.9), V: a quarter of the supply; zero from the reference
 *  pins, to which nothing is connected, and from shorted inputs. */
export function monitorAds122c04(chip: Ads122c04, avddV: number): number {
  return chip.active0 >> 4 === MUX_SUPPLY ? avddV / 4 : 0;
}

/** Adds the input `volts`, held since the last call, to the running average. */
export function integrateAds122c04(chip: Ads122c04, volts: number, nowMs: number): void {
  const untilMs = Math.min(nowMs, chip.endMs);
  if (untilMs <= chip.integratedMs) return;
  chip.integral += volts * (untilMs - chip.integratedMs);
  chip.integratedMs = untilMs;
}

/** Ends the conversion: two's complement, clipped at 800000h and 7FFFFFh (8.5.2). In continuous
 *  mode the next one starts at once. */
export function finishAds122c04(
  chip: Ads122c04,
  avddV: number,
  temperatureC: number,
  stream: Stream,
): void {
  const sensor = (chip.active1 & TEMPERATURE) !== 0;
  store(chip, sensor ? sensorCode(temperatureC) : codeOf(chip, avddV, temperatureC, stream));
  const endMs = chip.endMs;
  chip.converting = 0;
  chip.endMs = Infinity;
  if (isContinuous(chip)) start(chip, endMs, false);
}

function sensorCode(temperatureC: number): number {
  return clip(Math.round(temperatureC / SENSOR_C), -8192, 8191) << 10;
}

function codeOf(chip: Ads122c04, avddV: number, temperatureC: number, stream: Stream): number {
  const gain = gainOf(chip);
  const source = (chip.active1 >> 1) & 3;
  // No external reference is connected (source 1): every input is beyond its scale.
  const internalV = chip.referenceV * (1 + chip.referencePerK * (temperatureC - 25));
  const referenceV = source === 0 ? internalV : source === 1 ? 1e-9 : avddV;
  let volts = chip.integral / (chip.endMs - chip.startMs) + chip.offsetV;
  if (chip.noise > 0) {
    const rate = RATES_HZ[chip.active1 >> 5] * ((chip.active1 & TURBO) !== 0 ? 2 : 1);
    const spread = NOISE_V[(chip.active0 >> 1) & 7] * Math.sqrt(rate / 20);
    volts += chip.noise * spread * gaussian(stream);
  }
  const x = (volts * (1 + chip.gainError) * gain) / referenceV;
  const bent = x + chip.inl * Math.sin(Math.PI * clip(x, -1, 1));
  return clip(Math.round(bent * FULL_SCALE_CODE), -FULL_SCALE_CODE, FULL_SCALE_CODE - 1);
}

function clip(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** True at 20 SPS in normal mode, where the filter rejects 50 and 60 Hz (8.3.5). */
export function rejectsMains(chip: Ads122c04): boolean {
  return (chip.active1 & (RATE | TURBO)) === 0;
}
