// What a channel that lives in this program must not do. When the program dies the board keeps the
// last current flowing; only a circuit beside it ends that (docs/keep-alive.md).
import { UNGUARDED_S } from "../boards/firmata-channel.ts";
import { programTime } from "./duration.ts";
import { VERB_STATUS } from "../firmware/console.ts";
import { InputError } from "./input-error.ts";
import { ask } from "./link/ask.ts";
import type { Wire } from "./link/wire.ts";
import type { Plan } from "./plan.ts";
import { duration } from "./quantity.ts";
import { isRunOn } from "./status-lines.ts";

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
  const longest = programTime(plan.steps);
  if (keepAlive || longest <= UNGUARDED_S) return;
  throw new InputError(
    `--on ${target}: ${plan.protocol.name} takes up to ${duration(longest)}, and without a ` +
      `keep-alive a run may take ${duration(UNGUARDED_S)}; ${MEND}`,
  );
}

/** Throws an InputError for a word that a channel without a program around it cannot follow. */
export function refuseForHosted(target: string, word: string): void {
  if (ALLOWED.includes(word)) return;
  throw new InputError(
    `--on ${target}: ${word}: the channel lives only as long as cyclet run, which starts it and ` +
      `takes Ctrl-C; accepted here: ${ALLOWED.join(", ")}`,
  );
}

/** Rejects with an InputError where the channel's journal brings back a run: the program that had
 *  it has died. */
export async function refuseInterrupted(wire: Wire, target: string): Promise<void> {
  const { values } = await ask(wire, "status", VERB_STATUS);
  if (!isRunOn(values)) return;
  throw new InputError(
    `${target}: the last run was broken off when its program or computer died; what it recorded ` +
      `is in its folder; accepted: cyclet stop --on ${target}, which closes it, then run again`,
  );
}
