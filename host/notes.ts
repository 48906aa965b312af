// What of a program will not go as its author may think, though nothing forbids it.
import type { Circuit } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import { QUANTITY_CURRENT, STEP_CURRENT, STEP_END, STEP_SCAN } from "../firmware/protocol.ts";
import { stepStarts } from "./compiled/ground.ts";
import { programTime } from "./duration.ts";
import { followers } from "./longest-way.ts";
import type { Plan } from "./plan.ts";
import { amperes, duration, significant, volts } from "./quantity.ts";

/** A scan that moves further between two frames is more a staircase than a ramp, V. */
const SCAN_STEP_V = 0.005;
/** Currents are told apart in so many counts. */
const COUNTS = 10;
/** Notes of a kind, about so many steps at most. */
const STEPS_LISTED = 5;

/** A relay is closed, and its current at the set-point, so long after a rest, s; and the share of
 *  a step's time that this may take before it is told. */
const CLOSED_S = 0.3;
const CLOSING_SHARE = 0.1;

type Finding = (step: Step, plan: Plan, circuit: Circuit) => string | null;

function finestCurrent(circuit: Circuit): number {
  return Math.min(...circuit.senseVoltsPerCount) / Math.max(...circuit.senseOhms);
}

const FINDINGS: readonly Finding[] = [
  (step) => {
    const isShort = step.duration > 0 && step.duration < CLOSED_S / CLOSING_SHARE;
    if (step.kind !== STEP_CURRENT || !isShort) return null;
    const seconds = `${significant(step.duration, 3)} s`;
    return `of its ${seconds} the relay takes some ${CLOSED_S} s to close after a rest`;
  },
  (step, { board }) => {
    const between = (step.rate * board.framePeriodMinMs) / 1000;
    if (step.kind !== STEP_SCAN || between <= SCAN_STEP_V) return null;
    return `the scan moves ${volts(between)} from frame to frame, its data as far apart`;
  },
  (step, { board }) => {
    const period = board.framePeriodMs / 1000;
    if (step.recordTime === 0 || step.recordTime >= period * 0.999) return null;
    return (
      `recorded every ${significant(step.recordTime, 3)} s is asked for, ` +
      `frames come every ${significant(period, 3)} s`
    );
  },
  (step, _, circuit) => {
    const least = Math.min(...circuit.voltsPerCount);
    if (step.recordVoltage === 0 || step.recordVoltage >= least) return null;
    return `a change of ${volts(step.recordVoltage)} is less than can be read, ${volts(least)}`;
  },
  (step, _, circuit) => {
    const least = finestCurrent(circuit);
    if (step.recordCurrent === 0 || step.recordCurrent >= least) return null;
    return `a change of ${amperes(step.recordCurrent)} is less than can be read, ${amperes(least)}`;
  },
  (step, _, circuit) => {
    const least = COUNTS * finestCurrent(circuit);
    const below = step.terms.filter(
      ({ quantity, below }) => quantity === QUANTITY_CURRENT && below,
    );
    const found = below.find(({ threshold }) => threshold < least);
    if (found === undefined) return null;
    return (
      `a current below ${amperes(found.threshold)} is hardly read, in steps of ` +
      amperes(finestCurrent(circuit))
    );
  },
];

/** Compiled steps that no way leads to. */
function unreached(steps: readonly Step[]): Set<number> {
  const reached = new Set<number>();
  const left = [0];
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    if (at < 0 || at >= steps.length || reached.has(at)) continue;
    reached.add(at);
    left.push(...followers(steps, at));
  }
  const missed = steps.flatMap(({ kind }, at) =>
    kind === STEP_END || reached.has(at) ? [] : [at],
  );
  return new Set(missed);
}

function listed(numbers: readonly number[]): string {
  const shown = numbers.slice(0, STEPS_LISTED).join(", ");
  const word = numbers.length === 1 ? "step" : "steps";
  return `${word} ${shown}${numbers.length > STEPS_LISTED ? ", …" : ""}`;
}

/** Numbers, as written, of the steps that a finding is about, by what it says. */
function gathered(plan: Plan, circuit: Circuit): Map<string, number[]> {
  const { method } = plan.protocol;
  const starts = stepStarts(method);
  const missed = unreached(plan.steps);
  const notes = new Map<string, number[]>();
  method.forEach((_, index) => {
    const compiled = plan.steps.slice(starts[index], starts[index + 1]);
    const words = compiled.flatMap((step) =>
      FINDINGS.flatMap((finding) => finding(step, plan, circuit) ?? []),
    );
    if (missed.has(starts[index])) words.push("no way leads there");
    for (const each of new Set(words)) notes.set(each, [...(notes.get(each) ?? []), index + 1]);
  });
  return notes;
}

/** Lines of what `cyclet check` warns of. */
export function noteLines(plan: Plan, circuit: Circuit): string[] {
  const notes = [...gathered(plan, circuit)].map(
    ([words, numbers]) => `${listed(numbers)}: ${words}`,
  );
  const whole = FINDINGS.flatMap(
    (finding) => finding({ ...plan.steps[0], ...plan.whole, kind: STEP_END }, plan, circuit) ?? [],
  ).map((words) => `the protocol's record: ${words}`);
  const { budget } = plan.whole;
  const needed = programTime(plan.steps);
  const short = budget > 0 && needed > budget && needed < Infinity;
  const late = `budgetS, ${duration(budget)}, is less than the longest way, ${duration(needed)}`;
  const all = [...notes, ...whole, ...(short ? [late] : [])];
  return all.map((words) => `note        ${words}`);
}
