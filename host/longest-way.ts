// The longest way through a program, loops and jumps followed: what a run takes at most.
import type { Step } from "../firmware/protocol.ts";
import { STEP_END, STEP_JUMP, STEP_LOOP, TO_NEXT } from "../firmware/protocol.ts";
import { QUANTITY_RUN_TIME } from "../firmware/protocol.ts";

/** Where a way leaves a stretch of steps: the index it leads to, or OUT, the end of the run. */
const OUT = -1;
type Ways = Map<number, number>;

function keepLonger(ways: Ways, to: number, weight: number): void {
  ways.set(to, Math.max(ways.get(to) ?? 0, weight));
}

/** Whether a jump has an else: a condition that always holds. */
function neverPasses(step: Step): boolean {
  return step.terms.some((term) => term.quantity === QUANTITY_RUN_TIME && term.threshold <= 0);
}

/** Indices that may follow the step at `at`; those outside of the program are OUT. */
export function followers(steps: readonly Step[], at: number): number[] {
  const step = steps[at];
  if (step.kind === STEP_END) return [OUT];
  const jumps = step.terms
    .filter(({ last, to }) => last && to !== TO_NEXT)
    .map(({ to }) => (to < steps.length ? to : OUT));
  const passes = step.kind !== STEP_JUMP || !neverPasses(step);
  return passes ? [at + 1, ...jumps] : jumps;
}

/** Whether a jump leads back: then no way is the longest. */
export function leadsBack(steps: readonly Step[]): boolean {
  return steps.some((_, at) => followers(steps, at).some((to) => to !== OUT && to <= at));
}

/** What a step weighs, and whether its weight includes that of the step before (it goes on). */
export interface Weight {
  of: (step: Step) => number;
  includes: (step: Step) => boolean;
}

interface Program {
  steps: readonly Step[];
  weight: Weight;
  /** Loop steps by the step they go back to, the innermost first. */
  loops: ReadonlyMap<number, number[]>;
}

/** What leaves a loop: its body run `count` times, or left earlier. */
function roundWays(program: Program, first: number, at: number): Ways {
  const ways: Ways = new Map();
  const { count } = program.steps[at];
  const body = waysThrough(program, first, at);
  const once = body.get(at);
  for (const [to, weight] of body) {
    const rounds = once === undefined ? 0 : (count - 1) * once;
    if (to !== at) keepLonger(ways, to, rounds + weight);
  }
  if (once !== undefined) keepLonger(ways, at + 1, count * once);
  return ways;
}

/** The longest ways out of the steps from `from` up to, not including, `end`. */
function waysThrough(program: Program, from: number, end: number): Ways {
  const { steps, weight, loops } = program;
  const arrived: Ways = new Map([[from, 0]]);
  const left: Ways = new Map();
  let at = from;
  while (at < end) {
    const before = arrived.get(at);
    const around = (loops.get(at) ?? []).filter((each) => each < end).pop();
    const after = around === undefined ? at + 1 : around + 1;
    if (before !== undefined) {
      const ways =
        around === undefined ? stepWays(steps, at, weight) : roundWays(program, at, around);
      for (const [to, weight] of ways) {
        const inside = to >= after && to < end;
        if (to === OUT || to >= after || to < from) {
          keepLonger(inside ? arrived : left, to, before + weight);
        }
      }
    }
    at = after;
  }
  return left;
}

function stepWays(steps: readonly Step[], at: number, weight: Weight): Ways {
  const own = weight.of(steps[at]);
  const included = at + 1 < steps.length && weight.includes(steps[at + 1]);
  return new Map(followers(steps, at).map((to) => [to, included && to === at + 1 ? 0 : own]));
}

/** The most that weights sum up to on any way through a program, jumps that lead back not taken. */
export function longestWay(steps: readonly Step[], weight: Weight): number {
  const loops = new Map<number, number[]>();
  steps.forEach((step, at) => {
    if (step.kind === STEP_LOOP) loops.set(step.to, [...(loops.get(step.to) ?? []), at]);
  });
  return Math.max(0, ...waysThrough({ steps, weight, loops }, 0, steps.length).values());
}
