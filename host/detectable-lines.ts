// How small a sudden fall of the voltage a board can tell from noise, at the currents of a program.
import type { Circuit } from "../hal/port.ts";
import { detectableStep } from "../firmware/detectable.ts";
import type { Step } from "../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT } from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";
import { densityOf } from "./ccd-lines.ts";
import type { Plan } from "./plan.ts";
import { significant, volts } from "./quantity.ts";
import { levelCount, levelCurrent } from "./staircase.ts";

/** A frame is the mean of two readings; the rules reckon with this. */
const FRAME_NOISE = 0.7;

/** Boltzmann's constant, eV/K. */
const BOLTZMANN = 8.617333262e-5;
const KELVIN = 273.15;
const ROOM_K = 298.15;
/** Below this share of the converter's scale the channel takes the next higher gain. */
const GAIN_UP = 0.4;

/** Areal resistance L/σ of the pellet alone, Ω cm², at the cell's temperature (Arrhenius, from the
 *  conductivity at 25 °C). */
export function pelletOhmCm2(cell: Cell): number {
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = cell.electrolyte;
  const inverse = 1 / (cell.temperatureC + KELVIN) - 1 / ROOM_K;
  return (thicknessCm / conductivitySPerCm) * Math.exp((activationEnergyEv / BOLTZMANN) * inverse);
}

/** Noise of a frame's voltage (one standard deviation), V, at the gain that suits `voltageV`. */
export function voltageNoise(circuit: Circuit, voltageV: number): number {
  const scales = circuit.voltsPerCount;
  const fits = scales.findIndex((scale) => voltageV >= GAIN_UP * scale * circuit.countsMax);
  return scales[fits < 0 ? scales.length - 1 : fits] * circuit.noiseCounts * FRAME_NOISE;
}

function currentsOf(step: Step): number[] {
  if (step.kind === STEP_CURRENT) return [Math.abs(step.current)];
  if (step.kind !== STEP_CCD) return [];
  return Array.from({ length: levelCount(step) }, (_, index) => levelCurrent(step, index));
}

/** The smallest, a middle and the largest current of a program, A. */
function typical(steps: readonly Step[]): number[] {
  const all = [...new Set(steps.flatMap(currentsOf))].sort((a, b) => a - b);
  const chosen = [0, Math.floor((all.length - 1) / 2), all.length - 1];
  return all.filter((_, index) => chosen.includes(index));
}

function currentLine(current: number, plan: Plan, circuit: Circuit): string {
  const { cell } = plan;
  const voltage = (current / cell.areaCm2) * pelletOhmCm2(cell);
  const noise = voltageNoise(circuit, voltage);
  const step = detectableStep(voltage, noise);
  const size = step === Infinity ? "undecidable" : `${significant(step * 100, 2)} %`;
  return `${densityOf(current, cell)} mA/cm², ${volts(voltage)}: ${size}`;
}

/** The smallest sudden fall that counts as a soft short, for the voltage that the pellet alone
 *  shows: an interface adds to it, and makes smaller falls detectable. */
export function detectableLines(plan: Plan, circuit: Circuit): string[] {
  const lines = typical(plan.steps).map((current) => currentLine(current, plan, circuit));
  if (lines.length === 0) return [];
  const at = `at ${plan.cell.temperatureC} °C`;
  const head = `detectable  sudden falls from the voltage of the pellet alone ${at}:`;
  return [head, ...lines.map((line) => `            ${line}`)];
}
