// Two runs of one specimen that differ in the last digits of their timers must tell the same: the
// same events in the same order, and the same evidence for them.
import { expect } from "vitest";
import type { EventMessage } from "../../firmware/telemetry.ts";
import { EVENT_PROOF, EVENT_PULSE, EVENT_SHORT, EVENT_STEP } from "../../firmware/telemetry.ts";
import { EVENT_TREND, EVENT_VERDICT, METHOD_BOUND } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeEvidence } from "../../firmware/telemetry.ts";

/** The events among these lines. */
export function eventsOf(lines: readonly string[]): EventMessage[] {
  return lines.map(decodeEvent).filter((event) => event !== null);
}

// A board's timers run with whole ticks (1 µs, or 30.5 µs), the simulated board's at any time: a
// reading taken a tick later draws another noise. A half cycle that its charge ends may so end
// some milliseconds later; one with experiments, or whose begin took a frame more, by up to one of
// their frames, which are 50 ms apart. A short, which takes
// tens of frames to be believed, may be so some seconds earlier or later. Its evidence, a
// resistance at that moment, then differs by the fluctuation of the cell's contact (standard
// deviation 0.1), and so does a proof's contrast, a share of the cell's resistance; all that is
// counted up or averaged over the run differs by far less.
const STEP_MS = 50;
const SHORT_MS = 10_000;
const RESISTANCE = 0.1;
const CONTRAST = 100_000;
const RELATIVE = 0.005;
const PER_MILLE = 20;

/** Fields that are measured or counted up; all other fields must be equal. */
const measured: Record<number, number[]> = {
  [EVENT_SHORT]: [2, 3, 4],
  [EVENT_PROOF]: [2, 3],
  [EVENT_TREND]: [1],
  [EVENT_PULSE]: [1, 2],
  [EVENT_VERDICT]: [1, 9, 10, 11, 12, 13],
};

function toleranceOf(event: EventMessage, value: number): number {
  if (event.code === EVENT_PROOF && event.values[0] !== METHOD_BOUND) return CONTRAST;
  const fluctuates = event.code === EVENT_SHORT || event.code === EVENT_PROOF;
  return Math.max(PER_MILLE, (fluctuates ? RESISTANCE : RELATIVE) * Math.abs(value));
}

function expectSame(event: EventMessage, other: EventMessage): void {
  const label = `${event.code} at ${other.timeMs} ms`;
  const fields = measured[event.code] ?? [];
  const exact = ({ values }: EventMessage): number[] =>
    values.filter((_, i) => !fields.includes(i));
  expect(exact(event), label).toEqual(exact(other));
  const toleranceMs = event.code === EVENT_STEP ? STEP_MS * event.values[1] : SHORT_MS;
  expect(Math.abs(event.timeMs - other.timeMs), label).toBeLessThanOrEqual(toleranceMs);
  for (const i of fields) {
    const difference = Math.abs(event.values[i] - other.values[i]);
    expect(difference, `${label}, ${i}`).toBeLessThanOrEqual(toleranceOf(event, other.values[i]));
  }
}

/** Which event each evidence line belongs to, and how many points of which kind it holds. */
export function evidenceOf(lines: readonly string[]): [number, boolean, number][] {
  return lines
    .map(decodeEvidence)
    .filter((evidence) => evidence !== null)
    .map(({ event, burst, points }) => [event, burst, points.length]);
}

/** Fails unless both have told the same. */
export function expectSameStory(lines: readonly string[], others: readonly string[]): void {
  const [events, expected] = [eventsOf(lines), eventsOf(others)];
  expect(events.map(({ code }) => code)).toEqual(expected.map(({ code }) => code));
  events.forEach((event, i) => expectSame(event, expected[i]));
  expect(evidenceOf(lines)).toEqual(evidenceOf(others));
}
