// HX711, 24-bit bridge converter on two wires (AVIA Semiconductor, "HX711, 24-Bit
// Analog-to-Digital Converter for Weigh Scales", English data sheet, Rev. 1). Conversions run
// freely and are worked out when somebody looks.

import { gaussian, tolerance } from "../random.ts";
import type { Stream } from "../random.ts";

/** Inputs by the clocks that select them for the next conversion (Table 3): 25 = channel A at
 *  gain 128, 26 = channel B at 32, 27 = channel A at 64. */
const CLOCKS_FIRST = 25;
const GAINS = [128, 32, 64];
const CHANNEL_B = 1;
const BITS = 24;

/** Clock high for longer than this powers the chip down, ms ("Reset and Power-Down"). */
const POWER_DOWN_MS = 0.06;
/** Conversions until valid data after power-up, reset, or a change of input or gain: 400 ms at
 *  10 SPS, 50 ms at 80 SPS (Table 2, output settling time). The data line stays high as long. */
const SETTLING = 4;
/** The internal oscillator's tolerance: not in the data sheet, assumed from modules. */
const RATE_TOLERANCE = 0.1;

const FULL_SCALE_CODE = 0x800000;
/** Regulator with the resistors of Fig. 1, V: 1.25 V x (8.2 + 20) / 8.2. */
const AVDD_V = 4.3;
/** Input noise at gain 128, V rms, 10 and 80 SPS (Table 2); assumed to grow to lower gains. */
const NOISE_SLOW_V = 50e-9;
const NOISE_FAST_V = 90e-9;
// Table 2: offset 0.2 mV and its drift 6 nV/K at gain 128, gain drift 5 ppm/K. The gain error is
// assumed.
const OFFSET_V = 0.2e-3;
const OFFSET_V_PER_K = 6e-9;
const GAIN_PER_K = 5e-6;
const GAIN_ERROR = 5e-3;

/** Lines, conversion timing and drawn errors of one chip. */
export interface Hx711 {
  /** Level of PD_SCK, and when it last rose, ms. */
  clock: number;
  raisedMs: number;
  /** Clocks since the result was put into the shift register, and when the last came, ms. */
  clocks: number;
  clockedMs: number;
  /** 1 = there is a result in the shift register, two's complement. */
  ready: number;
  result: number;
  /** Input being converted and wanted next, index of `GAINS`. */
  input: number;
  wanted: number;
  /** Start of the running series of conversions, ms, and how many were worked out. */
  seriesMs: number;
  conversions: number;
  periodMs: number;
  noiseV: number;
  offsetV: number;
  offsetVPerK: number;
  gainError: number;
  gainPerK: number;
}

/** A chip after power-on at 0 ms; `rateHz` is what pin RATE selects, 10 or 80. */
export function createHx711(stream: Stream, errors: number, noise: number, rateHz: 10 | 80): Hx711 {
  const period = 1000 / (rateHz * (1 + tolerance(stream, RATE_TOLERANCE * Math.min(errors, 1))));
  return {
    clock: 0,
    raisedMs: 0,
    clocks: 0,
    clockedMs: 0,
    ready: 0,
    result: 0,
    input: 0,
    wanted: 0,
    seriesMs: 0,
    conversions: 0,
    periodMs: period,
    noiseV: noise * (rateHz === 10 ? NOISE_SLOW_V : NOISE_FAST_V),
    offsetV: tolerance(stream, OFFSET_V * errors),
    offsetVPerK: tolerance(stream, OFFSET_V_PER_K * errors),
    gainError: tolerance(stream, GAIN_ERROR * errors),
    gainPerK: tolerance(stream, GAIN_PER_K * errors),
  };
}

/** Power-on, brown-out, or the end of power-down: channel A at gain 128, settling anew. */
export function resetHx711(chip: Hx711, nowMs: number): void {
  chip.clocks = 0;
  chip.ready = 0;
  chip.input = 0;
  chip.wanted = 0;
  restart(chip, nowMs);
}

function restart(chip: Hx711, nowMs: number): void {
  chip.seriesMs = nowMs;
  chip.conversions = 0;
  chip.ready = 0;
}

/** True once the clock has been high for too long. */
export function isOffHx711(chip: Hx711, nowMs: number): boolean {
  return chip.clock === 1 && nowMs - chip.raisedMs > POWER_DOWN_MS;
}

/** Brings the conversions up to `nowMs`. `bridge` is the input of channel A over the excitation,
 *  V/V; channel B is shorted. A result that comes in the middle of a read replaces the word. */
export function updateHx711(
  chip: Hx711,
  bridge: number,
  temperatureC: number,
  nowMs: number,
  noise: Stream,
): void {
  if (isOffHx711(chip, nowMs)) return;
  if (chip.wanted !== chip.input && nowMs - chip.clockedMs > POWER_DOWN_MS) {
    chip.input = chip.wanted;
    restart(chip, chip.clockedMs);
  }
  const finished = Math.floor((nowMs - chip.seriesMs) / chip.periodMs);
  if (finished < SETTLING || finished <= chip.conversions) return;
  chip.conversions = finished;
  chip.result = codeOf(chip, bridge, temperatureC - 25, noise);
  chip.ready = 1;
  chip.clocks = 0;
}

/** Full scale is half the analogue supply over the gain ("Analog Inputs"). */
function codeOf(chip: Hx711, bridge: number, warmK: number, noise: Stream): number {
  const gain = GAINS[chip.input];
  let volts = chip.input === CHANNEL_B ? 0 : bridge * AVDD_V;
  volts += chip.offsetV + chip.offsetVPerK * warmK;
  if (chip.noiseV > 0) volts += chip.noiseV * Math.sqrt(128 / gain) * gaussian(noise);
  const x = (volts * gain * (1 + chip.gainError + chip.gainPerK * warmK)) / (AVDD_V / 2);
  const code = Math.round(x * FULL_SCALE_CODE);
  return Math.min(Math.max(code, -FULL_SCALE_CODE), FULL_SCALE_CODE - 1);
}

/** PD_SCK rises: the next bit comes out, or from the 25th clock the next input is selected. */
export function raiseHx711(chip: Hx711, nowMs: number): void {
  if (chip.clock === 1) return;
  chip.clock = 1;
  chip.raisedMs = nowMs;
  chip.clocks++;
  chip.clockedMs = nowMs;
  const extra = chip.clocks - CLOCKS_FIRST;
  if (chip.ready === 1 && extra >= 0 && extra < GAINS.length) chip.wanted = extra;
}

/** PD_SCK falls: after a power-down the chip resets. */
export function lowerHx711(chip: Hx711, nowMs: number): void {
  const off = isOffHx711(chip, nowMs);
  chip.clock = 0;
  if (off) resetHx711(chip, nowMs);
}

/** Level of DOUT: high without a result, low with one; then its bits, most significant first;
 *  high from the 25th clock on (Fig. 2). */
export function dataHx711(chip: Hx711, nowMs: number): boolean {
  if (isOffHx711(chip, nowMs) || chip.ready === 0 || chip.clocks > BITS) return true;
  return chip.clocks > 0 && ((chip.result >> (BITS - chip.clocks)) & 1) !== 0;
}
