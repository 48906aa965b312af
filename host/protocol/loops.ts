// Loops: from the step they go back to, up to their own.
import { InputError } from "../input-error.ts";
import type { ProtocolStep } from "./form.ts";
import type { Places } from "./places.ts";
import { stepIndex } from "./places.ts";

/** As deep as a channel follows loops within each other. */
export const LOOPS_NESTED = 8;

/** A loop step at index `at` with the body from `first`; `depth` loops lie within each other here,
 *  this one the outermost. */
export interface Loop {
  first: number;
  at: number;
  depth: number;
}

function checkCrossing({ first, at }: Loop, inner: readonly Loop[], path: string): void {
  const crossed = inner.find((each) => each.at >= first && each.first < first);
  if (crossed === undefined) return;
  const after = crossed.at + 2 <= at ? `, or ${crossed.at + 2} to ${at}` : "";
  throw new InputError(
    `${path}.to: the loop would cross the one of step ${crossed.at + 1}; accepted: ` +
      `1 to ${crossed.first + 1}${after}`,
  );
}

function loopAt(
  to: number | string,
  at: number,
  before: readonly Loop[],
  places: Places,
  path: string,
): Loop {
  const first = stepIndex(places, to);
  if (first === null || first >= at) {
    const accepted = at === 0 ? "a step before the loop" : `1 to ${at}, or an id among these`;
    const given = JSON.stringify(to);
    throw new InputError(`${path}.to: ${given} is no earlier step; accepted: ${accepted}`);
  }
  const within = before.filter((each) => each.first >= first).map(({ depth }) => depth);
  const loop = { first, at, depth: 1 + Math.max(0, ...within) };
  checkCrossing(loop, before, path);
  if (loop.depth <= LOOPS_NESTED) return loop;
  throw new InputError(
    `${path}.to: more than ${LOOPS_NESTED} loops within each other; accepted: up to ` +
      `${LOOPS_NESTED}`,
  );
}

/** The loops of a method, in order. Throws InputError for one that leads forwards or nowhere,
 *  crosses another, or lies around too many; `pathOf` names file and step. */
export function loopsOf(
  method: readonly ProtocolStep[],
  places: Places,
  pathOf: (index: number) => string,
): Loop[] {
  const loops: Loop[] = [];
  method.forEach((step, at) => {
    if (step.step !== "loop") return;
    loops.push(loopAt(step.to, at, loops, places, pathOf(at)));
  });
  return loops;
}
