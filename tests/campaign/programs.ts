// The programs that campaigns break: short, and of every kind of step and of every way on.
import { HELD, RUNNING } from "../../firmware/schedule.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_LOOP, STEP_REST } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import { EVENT_HOLD } from "../../firmware/telemetry.ts";
import type { Bench, Operator } from "./fork.ts";

const WINDOW = { voltageMin: -4, voltageMax: 4 };

export function rest(seconds: number): Step {
  return { ...createStep(), kind: STEP_REST, duration: seconds, budget: 2 * seconds + 10 };
}

/** Constant current for a time. */
export function current(amperes: number, seconds: number): Step {
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes, ...WINDOW };
  return { ...step, duration: seconds, budget: 2 * seconds + 10 };
}

/** Constant current until so much charge has passed, C. */
function capacity(amperes: number, charge: number): Step {
  const seconds = Math.abs(charge / amperes);
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes, ...WINDOW };
  return { ...step, charge, budget: 2 * seconds + 10 };
}

export function loop(to: number, count: number): Step {
  return { ...createStep(), kind: STEP_LOOP, to, count };
}

/** Levels of `seconds` a half cycle, one cycle each, with a rest between half cycles. */
function staircase(first: number, last: number, levels: number, seconds: number): Step {
  const step = { ...createStep(), kind: STEP_CCD, count: 1, current: first, ...WINDOW };
  const increment = (last - first) / (levels - 1);
  return { ...step, increment, currentMax: last, duration: seconds, rest: 1.5, budget: 1000 };
}

export interface Program {
  name: string;
  steps: Step[];
  /** The largest current, A. */
  largestA: number;
  operate: Operator;
}

/** The board's own time, s since boot. */
function boardTime({ channel }: Bench): number {
  return (channel.now() - channel.world.clock.bootMs) / 1000;
}

/** Resumes what is held for the operator, after some seconds. */
export const resumeHeld: Operator = (bench) => {
  const { run } = bench.channel.shell.channel;
  if (run.schedule.phase !== HELD || run.resumeAt < Infinity) return;
  if (boardTime(bench) - run.heldAt > 2) bench.channel.send("resume");
};

/** Holds the step `index` once, some seconds into it; resumes it. */
function holdOnce(index: number): Operator {
  return (bench) => {
    resumeHeld(bench);
    const { run } = bench.channel.shell.channel;
    if (run.schedule.phase !== RUNNING || run.schedule.index !== index) return;
    if (boardTime(bench) - run.totals.stepStartedAt < 3) return;
    if (!bench.record.events.some(({ code }) => code === EVENT_HOLD)) bench.channel.send("hold");
  };
}

/** Five programs of half a minute to a minute each. */
export const PROGRAMS: readonly Program[] = [
  {
    name: "rest and constant current",
    steps: [
      rest(2),
      ...[5e-5, -5e-5, 3e-4, -3e-4, 8e-4, -8e-4, 1e-3, -1e-3].flatMap((amperes) => [
        current(amperes, 4),
        rest(1.5),
      ]),
      rest(1.5),
    ],
    largestA: 1e-3,
    operate: resumeHeld,
  },
  {
    name: "staircase",
    steps: [rest(1.5), staircase(1e-4, 9e-4, 5, 3), rest(1.5)],
    largestA: 9e-4,
    operate: resumeHeld,
  },
  {
    name: "loops",
    steps: [
      rest(1.5),
      current(5e-5, 2),
      current(-5e-5, 2),
      loop(1, 4),
      current(3e-4, 2),
      loop(1, 2),
      rest(1.5),
    ],
    largestA: 3e-4,
    operate: resumeHeld,
  },
  {
    name: "constant capacity",
    steps: [rest(1.5), capacity(4e-4, 2.4e-3), capacity(-4e-4, 2.4e-3), loop(1, 7), rest(1.5)],
    largestA: 4e-4,
    operate: resumeHeld,
  },
  {
    name: "held and resumed",
    steps: [rest(1.5), current(2e-4, 6), current(-2e-4, 6), ...cycleSteps(), rest(1.5)],
    largestA: 2e-4,
    operate: holdOnce(1),
  },
];

function cycleSteps(): Step[] {
  return [current(1e-4, 2), current(-1e-4, 2), loop(3, 7)];
}

/** One that takes little time, for cuts in pairs: a rest, a charge, a staircase of one level. */
export const PAIRED: Program = {
  name: "a short one of each",
  steps: [rest(1.5), current(2e-4, 3), staircase(1e-4, 2e-4, 2, 3), rest(1.5)],
  largestA: 2e-4,
  operate: resumeHeld,
};
