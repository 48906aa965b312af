// NAU7802: what its free-running converter has produced by now, worked out on demand.
// Nuvoton data sheet, Rev. 1.7; chapters as in nau7802.ts.

import { gaussian } from "../random.ts";
import type { Stream } from "../random.ts";
import { ADCO, AVDDS, CALMOD, CALS, CAL_ERR, CR, CTRL1, CTRL2, OCAL1, PU_CTRL } from "./nau7802.ts";
import { PUA, PUD, startSeries } from "./nau7802.ts";
import type { Nau7802 } from "./nau7802.ts";

/** GAINS of CTRL1 (11.2), VLDO of CTRL1, V, and CRS of CTRL2 (11.3), conversions a second. */
const GAINS = [1, 4, 2, 8, 16, 32, 64, 128];
const LDO_V = [4.5, 4.2, 3.9, 3.6, 3.3, 3.0, 2.7, 2.4];
const RATES_HZ = [10, 20, 40, 80, 80, 80, 80, 320];

const FULL_SCALE_CODE = 0x800000;
/** Input noise at gain 128 and 10 conversions a second, V rms (7.5.2); grows as sqrt(rate). */
const NOISE_V = 50e-9;
/** Answer of the digital filter to a step, of the first conversions after a restart. */
const SETTLED = [0.35, 0.8, 0.97];

const SYSTEM_OFFSET = 2;

/** Brings the output register and flags up to `nowMs`. `bridge` is the input over the
 *  excitation, V/V; excitation and reference are the chip's own regulator. */
export function updateNau7802(chip: Nau7802, bridge: number, nowMs: number, noise: Stream): void {
  if (nowMs >= chip.calibratedMs) endCalibration(chip, bridge);
  if (chip.seriesMs === Infinity) return;
  const periodMs = 1000 / rateHz(chip);
  const finished = Math.floor((nowMs - chip.seriesMs) / periodMs);
  if (finished <= chip.conversions) return;
  chip.conversions = finished;
  const settled = finished <= SETTLED.length ? SETTLED[finished - 1] : 1;
  store(chip, ADCO, clip(calibrated(chip, rawCode(chip, bridge * settled, noise))));
  chip.registers[PU_CTRL] |= CR;
}

function rateHz(chip: Nau7802): number {
  return RATES_HZ[(chip.registers[CTRL2] >> 4) & 7];
}

/** Code before the calibration registers: full scale is half the reference over the gain
 *  (7.2, full scale input range). Without its regulator the bridge has no excitation. */
function rawCode(chip: Nau7802, bridge: number, noise: Stream | null): number {
  const powered = (chip.registers[PU_CTRL] & AVDDS) !== 0;
  const excitationV = LDO_V[(chip.registers[CTRL1] >> 3) & 7];
  const gain = GAINS[chip.registers[CTRL1] & 7];
  const secondChannel = (chip.registers[CTRL2] & 0x80) !== 0;
  let volts = powered && !secondChannel ? bridge * excitationV : 0;
  if (noise !== null && chip.noise > 0) {
    const spread = NOISE_V * Math.sqrt((rateHz(chip) / 10) * (128 / gain));
    volts += chip.noise * spread * gaussian(noise);
  }
  const amplified = (volts + chip.amplifierOffsetV) * gain + chip.converterOffsetV;
  return clip(Math.round((amplified / (excitationV / 2)) * FULL_SCALE_CODE));
}

/** Output = gain x (raw - offset) (8.6.1). */
function calibrated(chip: Nau7802, raw: number): number {
  const r = chip.registers;
  const magnitude = ((r[OCAL1] & 0x7f) << 16) | (r[OCAL1 + 1] << 8) | r[OCAL1 + 2];
  const offset = (r[OCAL1] & 0x80) !== 0 ? -magnitude : magnitude;
  const g = OCAL1 + 3;
  const gain = r[g] * 2 + r[g + 1] / 128 + r[g + 2] / 32768 + r[g + 3] / FULL_SCALE_CODE;
  return Math.round((raw - offset) * gain);
}

/** Offset calibrations store the code of shorted inputs (CALMOD 0) or of the present input
 *  (CALMOD 2), sign and magnitude. Gain calibration of the system is not modelled: CAL_ERR. */
function endCalibration(chip: Nau7802, bridge: number): void {
  const endMs = chip.calibratedMs;
  const mode = chip.registers[CTRL2] & CALMOD;
  const powered = (chip.registers[PU_CTRL] & (PUD | PUA)) === (PUD | PUA);
  const offsetOnly = mode === 0 || mode === SYSTEM_OFFSET;
  if (powered && offsetOnly) {
    const raw = rawCode(chip, mode === SYSTEM_OFFSET ? bridge : 0, null);
    store(chip, OCAL1, raw < 0 ? 0x800000 | -raw : raw);
  }
  chip.registers[CTRL2] &= ~(CALS | CAL_ERR);
  if (!powered || !offsetOnly) chip.registers[CTRL2] |= CAL_ERR;
  chip.calibratedMs = Infinity;
  startSeries(chip, endMs);
}

function clip(code: number): number {
  return Math.min(Math.max(code, -FULL_SCALE_CODE), FULL_SCALE_CODE - 1);
}

function store(chip: Nau7802, register: number, code: number): void {
  chip.registers[register] = (code >> 16) & 0xff;
  chip.registers[register + 1] = (code >> 8) & 0xff;
  chip.registers[register + 2] = code & 0xff;
}
