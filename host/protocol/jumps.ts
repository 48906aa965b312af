// Where a protocol's steps may lead besides to the next one.
import type { ProtocolStep } from "./form.ts";
import type { Group } from "./groups.ts";
import { untilGroups } from "./groups.ts";
import type { Goto } from "./until.ts";

/** A jump as written, from the step at index `from` (from 0). */
export interface Goes {
  from: number;
  goto: Goto;
  path: string;
}

/** A jump whose place is known: an index, or PLACE_…. */
export interface Jump {
  from: number;
  to: number;
  path: string;
}

/** The groups of conditions of a step at `path`; none where it has no `until` and no `when`. */
export function stepGroups(step: ProtocolStep, path: string): Group[] {
  if (step.step === "if") return untilGroups(step.when, `${path}.when`);
  const until = "until" in step ? step.until : undefined;
  return until === undefined ? [] : untilGroups(until, `${path}.until`);
}

/** The jumps of the step at index `from`, which stands at `path`. */
export function jumpsOf(step: ProtocolStep, from: number, path: string): Goes[] {
  const jumps = stepGroups(step, path).flatMap((group) =>
    group.goto === null ? [] : [{ from, goto: group.goto, path: group.path }],
  );
  if (step.step !== "if") return jumps;
  const own: Goes[] = [{ from, goto: step.goto, path: `${path}.goto` }];
  if (step.else !== undefined) own.push({ from, goto: step.else, path: `${path}.else` });
  return [...jumps, ...own];
}
