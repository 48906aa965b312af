// From a protocol in mA/cm² to the program a channel runs: steps in A, C, V and s, each with a
// budget after which the channel faults.
import type { Step } from "../firmware/protocol.ts";
import {
  createStep,
  FLAG_GEOMETRIC,
  FLAG_ONE_WAY,
  FLAG_PROOF,
  FLAG_WAIT,
  STEP_CCD,
  STEP_CURRENT,
  STEP_LOOP,
  STEP_REST,
} from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";
import type { AfterOutage, CcdStep, CurrentStep, Protocol } from "./protocol/form.ts";
import type { ProtocolStep } from "./protocol/form.ts";
import { InputError } from "./input-error.ts";
import { placesOf, stepIndex } from "./protocol/places.ts";
import type { Vigilance } from "./reactions.ts";
import { react, USUAL } from "./reactions.ts";
import { halfCycleTime, overStaircase } from "./staircase.ts";

const COULOMBS_PER_MAH = 3.6;
/** Range changes and settling within a step, s. */
const SETTLING_S = 60;
/** A charge cut-off is reached at the set-point's pace, give or take its accuracy. */
const CHARGE_MARGIN = 1.2;
/** Budget of a step that only a voltage ends, s: 100 h. */
const VOLTAGE_ONLY_S = 360_000;

function currentBudget(step: Step): number {
  const charge = step.charge > 0 ? (CHARGE_MARGIN * step.charge) / Math.abs(step.current) : 0;
  if (step.duration > 0 && step.charge > 0) return Math.min(step.duration, charge) + SETTLING_S;
  const longest = Math.max(step.duration, charge);
  return longest > 0 ? longest + SETTLING_S : VOLTAGE_ONLY_S;
}

function compileCurrent(source: CurrentStep, areaCm2: number): Step {
  const step = createStep();
  const { until } = source;
  const mah = until.chargeMah ?? (until.arealChargeMahCm2 ?? 0) * areaCm2;
  step.kind = STEP_CURRENT;
  step.current = (source.currentMa ?? (source.currentDensityMaCm2 ?? 0) * areaCm2) / 1000;
  step.duration = until.timeS ?? 0;
  step.charge = mah * COULOMBS_PER_MAH;
  step.voltageMin = until.voltageBelowV ?? -Infinity;
  step.voltageMax = until.voltageAboveV ?? Infinity;
  step.budget = currentBudget(step);
  return step;
}

function ccdBudget(step: Step): number {
  const margin = step.duration > 0 ? 1 : CHARGE_MARGIN;
  return overStaircase(step, (i) => margin * halfCycleTime(step, i) + step.rest + SETTLING_S);
}

function compileCcd(source: CcdStep, cell: Cell): Step {
  const step = createStep();
  const { areaCm2 } = cell;
  const [low, high] = source.voltageWindowV ?? cell.voltageWindowV;
  step.kind = STEP_CCD;
  step.count = source.cyclesPerLevel ?? 1;
  step.current = (source.startMaCm2 * areaCm2) / 1000;
  step.increment = source.factor ?? ((source.stepMaCm2 ?? 0) * areaCm2) / 1000;
  step.currentMax = (source.maxMaCm2 * areaCm2) / 1000;
  step.charge = (source.arealChargeMahCm2 ?? 0) * areaCm2 * COULOMBS_PER_MAH;
  step.duration = source.halfCycleS ?? 0;
  step.flags = source.direction === "one-way" ? FLAG_ONE_WAY : 0;
  if (source.factor !== undefined) step.flags |= FLAG_GEOMETRIC;
  step.voltageMin = low;
  step.voltageMax = high;
  step.rest = source.restS ?? 0;
  step.budget = ccdBudget(step);
  return step;
}

/** Adds what findings lead to: as the step says, else the protocol, else as usual. */
function watched(step: Step, own: Vigilance, whole: Vigilance): Step {
  react(step, { ...USUAL, ...whole.on, ...own.on });
  if (own.proof ?? whole.proof ?? true) step.flags |= FLAG_PROOF;
  return step;
}

/** Marks a step that waits for the operator after a loss of power. */
function guarded(step: Step, own: AfterOutage, whole: AfterOutage): Step {
  if ((own.afterOutage ?? whole.afterOutage) === "wait") step.flags |= FLAG_WAIT;
  return step;
}

function compileStep(source: ProtocolStep, protocol: Protocol, cell: Cell): Step {
  if (source.step === "current") {
    const step = watched(compileCurrent(source, cell.areaCm2), source, protocol);
    return guarded(step, source, protocol);
  }
  if (source.step === "ccd") return watched(compileCcd(source, cell), source, protocol);
  if (source.step !== "rest" && source.step !== "loop") {
    throw new InputError(`${source.step}: not available yet`);
  }
  const step = createStep();
  if (source.step === "rest") {
    step.kind = STEP_REST;
    step.duration = source.timeS;
    step.budget = source.timeS + SETTLING_S;
    guarded(step, source, protocol);
  } else {
    step.kind = STEP_LOOP;
    step.to = stepIndex(placesOf(protocol.method), source.to) ?? 0;
    step.count = source.count;
  }
  return step;
}

/** The steps of a protocol on a cell, the last one END. A: current density x electrode area;
 *  C: areal charge (mAh/cm²) x 3.6 x area. */
export function compile(protocol: Protocol, cell: Cell): Step[] {
  const steps = protocol.method.map((source) => compileStep(source, protocol, cell));
  return [...steps, createStep()];
}
