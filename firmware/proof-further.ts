// The proof with methods that shape the current after the interrupt, one after another, until one
// has decided.
import { combine, tell } from "./proof-judge.ts";
import type { Method, Prover, Subject } from "./proof-method.ts";
import { enter } from "./proof-method.ts";
import { KEPT, METHOD, OUTCOME, PHASE_AT, SETPOINT, SUMS, SUSPICIOUS } from "./proof-places.ts";
import { BACK, EXCITED } from "./proof-state.ts";
import { VOLTS_AT } from "./sample.ts";
import { RESULT_INCONCLUSIVE } from "./telemetry.ts";

/** Begins the next method that suits the cell; with a result or without methods left it is over. */
function begin(subject: Subject, methods: readonly Method[]): number {
  const p = subject.run.proof.numbers;
  const open = p[SUSPICIOUS] === 0 || p[OUTCOME] === RESULT_INCONCLUSIVE;
  do p[METHOD]++;
  while (p[METHOD] < methods.length && !methods[p[METHOD]].suits(subject));
  if (!open || p[METHOD] >= methods.length) return enter(subject, BACK);
  for (let i = SUMS; i < KEPT; i++) p[i] = 0;
  return enter(subject, EXCITED);
}

/** One frame of a further method: its current, or on to the next one. */
function excite(subject: Subject, methods: readonly Method[]): number {
  const p = subject.run.proof.numbers;
  const method = methods[p[METHOD]];
  const share = method.shape(subject, subject.sample[VOLTS_AT] - p[PHASE_AT]);
  if (share === share) return p[SETPOINT] * Math.max(0, Math.min(1, share));
  const result = method.judge(subject);
  if (p[SUSPICIOUS] !== 0) {
    tell(subject, method.method, result);
    p[OUTCOME] = combine(p[OUTCOME], result);
  }
  return begin(subject, methods);
}

/** `prover` with these methods after its interrupt, for a board's `start`. */
export function extend(prover: Prover, methods: readonly Method[]): Prover {
  const further = { begin, excite, methods };
  return { experiment: prover.experiment, pace: prover.pace, further };
}
