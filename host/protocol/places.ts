// Steps as jumps and loops name them: by number from 1, or by id.
import type { ProtocolStep } from "./form.ts";
import type { Goto } from "./until.ts";

/** Ends that a jump may lead to, in place of a step's index. */
export const PLACE_END = -1;
export const PLACE_STOP = -2;

/** Words of `goto`, which no step may have as its id. */
export const RESERVED_IDS = ["end", "stop"];

/** Index (from 0) of the step that `place` names; null = there is none. */
export function stepIndex(method: readonly ProtocolStep[], place: number | string): number | null {
  if (typeof place === "number") return place <= method.length ? place - 1 : null;
  const index = method.findIndex((step) => step.id === place);
  return index < 0 ? null : index;
}

/** Index (from 0) of the step that a jump leads to, PLACE_END or PLACE_STOP; null = there is no
 *  such step. */
export function jumpTarget(method: readonly ProtocolStep[], to: Goto): number | null {
  if (to === "end") return PLACE_END;
  return to === "stop" ? PLACE_STOP : stepIndex(method, to);
}
