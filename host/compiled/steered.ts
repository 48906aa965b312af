// Steps in which the voltage is held or swept, and impedances.
import type { Step } from "../../firmware/protocol.ts";
import { createStep, FLAG_CONTINUES, STEP_CURRENT } from "../../firmware/protocol.ts";
import { STEP_IMPEDANCE, STEP_SCAN, STEP_VOLTAGE, TO_NEXT } from "../../firmware/protocol.ts";
import { isOnCurrent } from "../protocol/check-until.ts";
import type { CccvStep, ImpedanceStep, ScanStep, VoltageStep } from "../protocol/form.ts";
import { stepGroups } from "../protocol/jumps.ts";
import { sweepBudget } from "./budget.ts";
import { bound } from "./driven.ts";
import type { Ground } from "./ground.ts";
import { largestAmperes, strengthAmperes } from "./ground.ts";
import { frequencyCount } from "./sweep.ts";
import { groupTerms, limitTerms, takeBuiltIn } from "./terms.ts";
import { prove, watch } from "./watch.ts";

type Steered = VoltageStep | ScanStep | CccvStep;

/** Adds cut-offs, limits and what all steps have. */
function complete(step: Step, source: Steered, ground: Ground, path: string): void {
  const left = takeBuiltIn(ground, step, stepGroups(source, path), source.step);
  step.terms = [...limitTerms(ground, source.limits), ...groupTerms(ground, left, TO_NEXT)];
  watch(step, source, ground);
}

export function voltageStep(source: VoltageStep, ground: Ground, path: string): Step {
  const step = createStep();
  step.kind = STEP_VOLTAGE;
  step.voltage = source.voltageV;
  step.currentMax = largestAmperes(ground, source, path);
  complete(step, source, ground, path);
  return bound(step, ground);
}

/** Constant current, then the hold; `at` is the index of the first. What ends the whole leads from
 *  the first beyond the second. */
export function cccvSteps(source: CccvStep, ground: Ground, path: string, at: number): Step[] {
  const push = createStep();
  push.kind = STEP_CURRENT;
  push.current = strengthAmperes(ground, source, path);
  if (push.current > 0) push.voltageMax = source.voltageV;
  else push.voltageMin = source.voltageV;
  const ends = stepGroups(source, path).filter((group) => !isOnCurrent(group));
  push.terms = [...limitTerms(ground, source.limits), ...groupTerms(ground, ends, at + 2)];
  watch(push, source, ground);
  prove(push, source, ground);
  const hold = createStep();
  hold.kind = STEP_VOLTAGE;
  hold.flags = FLAG_CONTINUES;
  hold.voltage = source.voltageV;
  hold.currentMax = Math.abs(push.current);
  complete(hold, source, ground, path);
  return [bound(push, ground), bound(hold, ground)];
}

export function scanStep(source: ScanStep, ground: Ground, path: string): Step {
  const step = createStep();
  step.kind = STEP_SCAN;
  step.voltage = source.fromV;
  step.voltageEnd = source.toV;
  step.rate = source.rateMvPerS / 1000;
  step.currentMax = largestAmperes(ground, source, path);
  complete(step, source, ground, path);
  bound(step, ground);
  step.budget = Math.fround(sweepBudget(step));
  return step;
}

export function impedanceStep(source: ImpedanceStep, ground: Ground): Step {
  const step = createStep();
  const { amplitudeMa, amplitudeDensityMaCm2, fromHz, toHz, pointsPerDecade } = source;
  const { areaCm2 } = ground.cell;
  step.kind = STEP_IMPEDANCE;
  step.current = (amplitudeMa ?? (amplitudeDensityMaCm2 ?? 0) * areaCm2) / 1000;
  step.frequency = fromHz;
  step.frequencyEnd = toHz;
  step.count = frequencyCount(fromHz, toHz, pointsPerDecade);
  step.terms = limitTerms(ground, source.limits);
  watch(step, source, ground);
  step.budget = Math.fround(sweepBudget(step));
  return step;
}
