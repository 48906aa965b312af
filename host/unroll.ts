// The order in which a program's steps run, loops resolved.
import type { Step } from "../firmware/protocol.ts";
import { STEP_END, STEP_JUMP, STEP_LOOP, TO_END, TO_NEXT, TO_STOP } from "../firmware/protocol.ts";

/** Places of a jump that need not be known to tell the order. */
const ANYWHERE = [TO_NEXT, TO_STOP, TO_END];

/** Whether a program's order depends on what its steps find. */
export function branches(steps: readonly Step[]): boolean {
  return steps.some(
    ({ kind, terms }) =>
      kind === STEP_JUMP || terms.some(({ last, to }) => last && !ANYWHERE.includes(to)),
  );
}

/** Indices of the steps in the order they run, loops themselves left out; null when there are
 *  more than `most`, or when the order depends on the cell. A loop that stands inside another
 *  starts anew each time. */
export function executed(steps: readonly Step[], most: number): number[] | null {
  if (branches(steps)) return null;
  const order: number[] = [];
  const left = new Map<number, number>();
  let at = 0;
  // A loop around nothing but loops runs no step, so turns are bounded too.
  for (let turn = 0; turn < 100 * (most + steps.length); turn++) {
    const step = steps[at];
    if (step === undefined || step.kind === STEP_END) return order;
    if (step.kind !== STEP_LOOP) {
      if (order.length === most) return null;
      order.push(at++);
      continue;
    }
    const rest = (left.get(at) ?? step.count) - 1;
    if (rest > 0) left.set(at, rest);
    else left.delete(at);
    at = rest > 0 ? step.to : at + 1;
  }
  return null;
}
