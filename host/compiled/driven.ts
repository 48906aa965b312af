// Steps of rest and of constant current.
import type { Step } from "../../firmware/protocol.ts";
import {
  createStep,
  FLAG_PROOF,
  STEP_CURRENT,
  STEP_LOOP,
  STEP_REST,
  TO_NEXT,
} from "../../firmware/protocol.ts";
import type { AfterOutage, CurrentStep, PulseStep, RestStep } from "../protocol/form.ts";
import type { Watched } from "../protocol/form.ts";
import type { Group } from "../protocol/groups.ts";
import { stepGroups } from "../protocol/jumps.ts";
import type { Vigilance } from "../reactions.ts";
import { stepBudget } from "./budget.ts";
import type { Ground } from "./ground.ts";
import { COULOMBS_PER_MAH, strengthAmperes } from "./ground.ts";
import { groupTerms, limitTerms, takeBuiltIn } from "./terms.ts";
import { guard, prove, record, watch } from "./watch.ts";

/** As often a pulse and the rest after it are recorded, s. */
const PULSE_RECORD_S = 0.1;

/** A full cell's charge stands still for the reference of later proofs, 3 min, and for short ones:
 *  time that is not the step's own, but its budget's, s. */
const PROOFS_S = 300;

function proofTime(step: Step, { cell }: Ground): number {
  const isCharge = step.kind === STEP_CURRENT && step.current > 0;
  const isProven = (step.flags & FLAG_PROOF) !== 0;
  return isCharge && isProven && cell.voltageWindowV[0] >= 0 ? PROOFS_S : 0;
}

/** Rounds what is kept in single precision, and adds the budget. */
export function bound(step: Step, ground: Ground): Step {
  step.duration = Math.fround(step.duration);
  step.charge = Math.fround(step.charge);
  const capacityC = (ground.capacityMah ?? 0) * COULOMBS_PER_MAH;
  step.budget = Math.fround(stepBudget(step, capacityC) + proofTime(step, ground));
  return step;
}

type Driven = Watched & Vigilance & AfterOutage;

/** A rest for `seconds`, with the cut-offs `groups`. */
function rest(
  seconds: number,
  groups: readonly Group[],
  source: Watched & AfterOutage,
  ground: Ground,
): Step {
  const step = createStep();
  step.kind = STEP_REST;
  step.duration = seconds;
  const left = takeBuiltIn(ground, step, groups, "rest");
  step.terms = [...limitTerms(ground, source.limits), ...groupTerms(ground, left, TO_NEXT)];
  guard(step, source, ground);
  record(step, source.record);
  return step;
}

/** A constant current of so many amperes, with the cut-offs `groups`. */
function push(current: number, groups: readonly Group[], source: Driven, ground: Ground): Step {
  const step = createStep();
  step.kind = STEP_CURRENT;
  step.current = current;
  const left = takeBuiltIn(ground, step, groups, "current");
  step.terms = [...limitTerms(ground, source.limits), ...groupTerms(ground, left, TO_NEXT)];
  watch(step, source, ground);
  prove(step, source, ground);
  return step;
}

export function restStep(source: RestStep, ground: Ground, path: string): Step {
  return bound(rest(source.timeS, stepGroups(source, path), source, ground), ground);
}

export function currentStep(source: CurrentStep, ground: Ground, path: string): Step {
  const current = strengthAmperes(ground, source, path);
  return bound(push(current, stepGroups(source, path), source, ground), ground);
}

/** Current, rest, and a loop around both; `at` is the index of the first. */
export function pulseSteps(source: PulseStep, ground: Ground, path: string, at: number): Step[] {
  const on = push(strengthAmperes(ground, source, path), [], source, ground);
  const off = rest(source.restS, [], source, ground);
  on.duration = source.timeS;
  for (const step of [on, off]) record(step, source.record ?? { timeS: PULSE_RECORD_S });
  const loop = createStep();
  loop.kind = STEP_LOOP;
  loop.to = at;
  loop.count = source.count;
  return [bound(on, ground), bound(off, ground), loop];
}
