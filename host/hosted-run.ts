// What a channel that lives in this program must not do. When the program dies the board keeps the
// last current flowing; only a circuit beside it ends that (docs/keep-alive.md).
import { UNGUARDED_S } from "../boards/firmata-channel.ts";
import { programTime } from "./duration.ts";
import { InputError } from "./input-error.ts";
import type { LeftBehind } from "./link/firmata.ts";
import type { Plan } from "./plan.ts";
import { duration } from "./quantity.ts";

const MEND = "accepted: --keep-alive, where the circuit of docs/keep-alive.md is fitted";

/** What may be asked of a hosted channel that is not in a run: its memory and its sensors. */
const ALLOWED = ["load", "selftest", "status", "stop", "clear"];

/** Throws an InputError for a run with nobody beside it and nothing that guards it. */
export function refuseUnattended(target: string, keepAlive: boolean): void {
  if (keepAlive || (process.stdin.isTTY && process.stdout.isTTY)) return;
  throw new InputError(
    `--on ${target}: nobody is at a terminal, and nothing would open the output if this ` +
      `computer failed; ${MEND}`,
  );
}

/** Throws an InputError for a program that is too long to sit beside. What is too much current, the
 *  board's ranges say. */
export function refuseUnguarded(plan: Plan, target: string, keepAlive: boolean): void {
  const longest = programTime(plan.steps, plan.whole);
  if (keepAlive || longest <= UNGUARDED_S) return;
  throw new InputError(
    `--on ${target}: ${plan.protocol.name} takes up to ${duration(longest)}, and without a ` +
      `keep-alive a run may take ${duration(UNGUARDED_S)}; ${MEND}`,
  );
}

/** Throws an InputError for a word that a channel without a program around it cannot follow. */
export function refuseForHosted(target: string, word: string): void {
  if (ALLOWED.includes(word)) return;
  const again = word === "resume" ? " and goes on with --resume" : "";
  throw new InputError(
    `--on ${target}: ${word}: the channel lives only as long as cyclet run, which starts it, ` +
      `takes Ctrl-C${again}; accepted here: ${ALLOWED.join(", ")}`,
  );
}

/** What is to be known of a run that was broken off: the program that had it has died. */
export function brokenWords(left: LeftBehind, target: string): string {
  return (
    `${target}: the last run was broken off ${duration(left.elapsedS)} after its start, when its ` +
    `program or computer died; what it recorded is in its folder; accepted: ` +
    `cyclet run … --on ${target} --resume, which goes on with it, or ` +
    `cyclet stop --on ${target}, which closes it`
  );
}

/** Throws an InputError where a run was broken off. */
export function refuseBroken(left: LeftBehind | null, target: string): void {
  if (left !== null) throw new InputError(brokenWords(left, target));
}

/** Throws an InputError where there is nothing to go on with. */
export function refuseWhole(left: LeftBehind | null, target: string): asserts left is LeftBehind {
  if (left !== null) return;
  throw new InputError(
    `--resume: no run was broken off on ${target}; accepted: cyclet run … without --resume`,
  );
}
