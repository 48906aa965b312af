// Steps as jumps and loops name them: by number from 1, or by id.
import type { ProtocolStep } from "./form.ts";
import type { Goto } from "./until.ts";

/** Ends that a jump may lead to, in place of a step's index. */
export const PLACE_END = -1;
export const PLACE_STOP = -2;

/** Words of `goto`, which no step may have as its id. */
export const RESERVED_IDS = ["end", "stop"];

/** What the steps of a method may be called. */
export interface Places {
  count: number;
  /** Index (from 0) of each id, of the first step that has it. */
  ids: ReadonlyMap<string, number>;
}

/** The places of a method. */
export function placesOf(method: readonly ProtocolStep[]): Places {
  const ids = new Map<string, number>();
  method.forEach(({ id }, index) => {
    if (id !== undefined && !ids.has(id)) ids.set(id, index);
  });
  return { count: method.length, ids };
}

/** Index (from 0) of the step that `place` names; null = there is none. */
export function stepIndex(places: Places, place: number | string): number | null {
  if (typeof place === "number") return place <= places.count ? place - 1 : null;
  return places.ids.get(place) ?? null;
}

/** Index (from 0) of the step that a jump leads to, PLACE_END or PLACE_STOP; null = there is no
 *  such step. */
export function jumpTarget(places: Places, to: Goto): number | null {
  if (to === "end") return PLACE_END;
  return to === "stop" ? PLACE_STOP : stepIndex(places, to);
}

/** JSON path of the step at `index` (counted from 0). */
export function stepPath(index: number): string {
  return `$.method[${index}]`;
}
