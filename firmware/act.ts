// What findings lead to: suspicions that wait for their proof, and the step's actions.
import { FOUND_BOUND, FOUND_ENDLESS, FOUND_HARD, FOUND_LOOSE, FOUND_OPEN } from "./findings.ts";
import { FOUND_RECOVERED, FOUND_SOFT, FOUND_STEP, FOUND_VOID } from "./findings.ts";
import { OUTCOME, PENDING, SETTLED } from "./proof-places.ts";
import { settle, suspect } from "./proof-state.ts";
import type { StepRecord } from "./protocol.ts";
import { ACTIONS, FLAGS, FLAGS_CHARGE } from "./protocol.ts";
import { ACTIONS_CONTACT, ACTIONS_HARD, ACTIONS_SOFT, ACTIONS_VOID } from "./protocol.ts";
import { ACTION_CONTINUE, ACTION_HOLD, ACTION_LOG, ACTION_STOP, FLAG_PROOF } from "./protocol.ts";
import { acquit } from "./relative-state.ts";
import type { Run } from "./run.ts";
import { find } from "./run.ts";
import type { Sample } from "./sample.ts";
import { VOLTS_AT } from "./sample.ts";
import { RESULT_INCONCLUSIVE, RESULT_IONIC, VERDICT_SOFT } from "./telemetry.ts";

/** Frames come and are recorded faster for so long after a finding, s. */
const FAST_S = 600;
/** What the rules that learn from the cell find can be refuted; the bound is physics, and so is a
 *  charge that has no end. */
const REFUTABLE = FOUND_SOFT & ~FOUND_BOUND;
const CERTAIN = FOUND_BOUND | FOUND_ENDLESS;

/** The gravest of the actions that the step asks for after these findings. */
function actionOf(step: StepRecord, found: number): number {
  const actions = step.bytes[ACTIONS];
  let action = ACTION_CONTINUE;
  if (found & FOUND_HARD) {
    return ((actions >> ACTIONS_HARD) & 3) === ACTION_HOLD ? ACTION_HOLD : ACTION_STOP;
  }
  if (found & FOUND_SOFT) action = (actions >> ACTIONS_SOFT) & 3;
  if (found & FOUND_ENDLESS) {
    const less = (step.bytes[FLAGS + 1] >> (FLAGS_CHARGE - 8)) & 3;
    action = Math.max(action, ACTION_STOP - less);
  }
  if (found & FOUND_VOID) action = Math.max(action, (actions >> ACTIONS_VOID) & 3);
  if (found & (FOUND_LOOSE | FOUND_OPEN)) {
    action = Math.max(action, (actions >> ACTIONS_CONTACT) & 3);
  }
  return action;
}

/** A suspicion was refuted: the cell conducts by ions, as it does when healthy. */
function withdraw(run: Run): void {
  acquit(run.shorts.numbers);
  run.ccd.standing = -1;
  if (!run.suspectedFirst) return;
  run.ccd.soft = -1;
  run.ccd.softCharge = -1;
}

/** Takes up the findings of a frame (`first` = the staircase had no soft short before): what an
 *  experiment may refute waits for it. Answers the action, `ACTION_…`. */
export function act(run: Run, found: number, sample: Sample, first: boolean): number {
  const now = sample[VOLTS_AT];
  let certain = found;
  if (found & FOUND_SOFT) suspect(run.proof, now);
  if (found & REFUTABLE && run.current.bytes[FLAGS] & FLAG_PROOF && !(found & CERTAIN)) {
    certain = found & ~REFUTABLE;
    if (run.suspectedAt < 0) {
      run.suspectedAt = now;
      run.suspectedFirst = first;
    }
    run.fastUntil = now + FAST_S;
  } else if (found & FOUND_SOFT) find(run, VERDICT_SOFT, now);
  // What comes back by itself was a short that burnt out: an experiment comes too late for it.
  if (found & FOUND_RECOVERED && run.proof.numbers[PENDING] !== 0)
    settle(run.proof, RESULT_INCONCLUSIVE);
  if (run.suspectedAt >= 0 && run.proof.numbers[SETTLED] !== 0) {
    if (run.proof.numbers[OUTCOME] === RESULT_IONIC) withdraw(run);
    else {
      find(run, VERDICT_SOFT, run.suspectedAt);
      certain |= FOUND_STEP;
    }
    run.suspectedAt = -1;
  }
  const action = actionOf(run.current, certain);
  if (action === ACTION_LOG) run.fastUntil = now + FAST_S;
  return action;
}
