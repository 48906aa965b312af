// Rules about the order of steps: ids and jumps.
import { InputError } from "../input-error.ts";
import { suggestion } from "../nearest.ts";
import type { ProtocolStep } from "./form.ts";
import type { Goes, Jump } from "./jumps.ts";
import type { Loop } from "./loops.ts";
import type { Places } from "./places.ts";
import { jumpTarget, RESERVED_IDS } from "./places.ts";

/** Ids that a complaint lists. */
const IDS_LISTED = 8;

/** Throws InputError for an id that stands for another step or for a word of `goto`. `path` is
 *  that of the step. */
export function checkId(step: ProtocolStep, at: number, places: Places, path: string): void {
  const { id } = step;
  if (id === undefined) return;
  if (RESERVED_IDS.includes(id) || /^\d+$/.test(id)) {
    const accepted = 'no number, not "end", not "stop"';
    throw new InputError(
      `${path}.id: ${JSON.stringify(id)} means something else; accepted: ${accepted}`,
    );
  }
  const first = places.ids.get(id) ?? at;
  if (first === at) return;
  throw new InputError(
    `${path}.id: ${JSON.stringify(id)} is the id of step ${first + 1}; accepted: one of its own`,
  );
}

/** What a complaint about a place says: the numbers and ids there are. */
function noPlace({ count, ids }: Places, place: number | string): string {
  const words = [...ids.keys()];
  const hint = typeof place === "string" ? suggestion(place, [...words, ...RESERVED_IDS]) : "";
  const listed = words.slice(0, IDS_LISTED).map((id) => JSON.stringify(id));
  const more = words.length > IDS_LISTED ? ["…"] : [];
  const accepted = [`1 to ${count}`, ...listed, ...more, '"end"', '"stop"'];
  return `${JSON.stringify(place)} is no step${hint}; accepted: ${accepted.join(", ")}`;
}

/** A jump with its place; throws InputError where there is no such step. */
export function knownJump({ from, goto, path }: Goes, places: Places): Jump {
  const to = jumpTarget(places, goto);
  if (to === null) throw new InputError(`${path}: ${noPlace(places, goto)}`);
  return { from, to, path };
}

/** Throws InputError for a jump into the middle of a loop, since the number of its runs would
 *  depend on the way there; or backwards where nothing bounds the whole run (`bounded`). */
export function checkJump(jump: Jump, loops: readonly Loop[], bounded: boolean): void {
  const { from, to, path } = jump;
  if (to < 0) return;
  const entered = loops.find(({ first, at }) => {
    const around = from >= first && from <= at;
    return to > first && to <= at && !around;
  });
  if (entered !== undefined) {
    throw new InputError(
      `${path}: step ${to + 1} is in the middle of the loop of step ${entered.at + 1}; ` +
        `accepted: a step outside of it, or its first, ${entered.first + 1}`,
    );
  }
  if (to > from || bounded) return;
  throw new InputError(
    `${path}: step ${to + 1} is not after step ${from + 1}, and nothing bounds the time; ` +
      "accepted: a later step, or budgetS of the protocol",
  );
}
