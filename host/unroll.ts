// The order in which a program's steps run, loops resolved.
import type { Step } from "../firmware/protocol.ts";
import { STEP_END, STEP_LOOP } from "../firmware/protocol.ts";

/** Indices of the steps in the order they run, loops themselves left out; null when there are
 *  more than `most`. A loop that stands inside another starts anew each time. */
export function executed(steps: readonly Step[], most: number): number[] | null {
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
