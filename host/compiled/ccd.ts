// The staircase.
import type { Step } from "../../firmware/protocol.ts";
import { createStep, FLAG_GEOMETRIC, FLAG_ONE_WAY, STEP_CCD } from "../../firmware/protocol.ts";
import type { CcdStep } from "../protocol/form.ts";
import { ccdBudget } from "./budget.ts";
import type { Ground } from "./ground.ts";
import { COULOMBS_PER_MAH } from "./ground.ts";
import { limitTerms } from "./terms.ts";
import { prove, react, record } from "./watch.ts";

export function ccdStep(source: CcdStep, ground: Ground): Step {
  const step = createStep();
  const { areaCm2, voltageWindowV } = ground.cell;
  const [low, high] = source.voltageWindowV ?? voltageWindowV;
  step.kind = STEP_CCD;
  step.count = source.cyclesPerLevel ?? 1;
  step.current = (source.startMaCm2 * areaCm2) / 1000;
  step.increment = source.factor ?? ((source.stepMaCm2 ?? 0) * areaCm2) / 1000;
  step.currentMax = (source.maxMaCm2 * areaCm2) / 1000;
  step.charge = Math.fround((source.arealChargeMahCm2 ?? 0) * areaCm2 * COULOMBS_PER_MAH);
  step.duration = Math.fround(source.halfCycleS ?? 0);
  step.flags = source.direction === "one-way" ? FLAG_ONE_WAY : 0;
  if (source.factor !== undefined) step.flags |= FLAG_GEOMETRIC;
  step.voltageMin = low;
  step.voltageMax = high;
  step.rest = Math.fround(source.restS ?? 0);
  step.terms = limitTerms(ground, source.limits);
  step.budget = Math.fround(ccdBudget(step));
  react(step, source, ground);
  prove(step, source, ground);
  record(step, source.record);
  return step;
}
