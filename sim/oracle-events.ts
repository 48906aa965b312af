// The oracle's memory of what happened last, and the report of what it found.

import type { Oracle } from "./oracle-state.ts";

/** Kinds of event, with the two numbers that go with each. */
export const TRANSACTION = 0; // address, 1 = acknowledged
export const CODE_MOVED = 1; // new code, current before in nA
export const RELAY_COMMANDED = 2; // 1 = to the cell
export const CONTACT_MOVED = 3; // new position of the output contact, current in nA
export const RANGES_SWITCHED = 4; // coils, a bit each; current before in nA
export const TOLD = 5; // 1 = a current may flow, reasons so far
export const FAULT_BEGINS = 6; // index in the plan
export const FAULT_ENDS = 7;

const NAMES = [
  "transaction",
  "DAC code",
  "relay commanded",
  "output contact",
  "range coils",
  "told",
  "fault begins",
  "fault ends",
];
const VIOLATIONS_MAX = 32;
const MS_PER_S = 1000;

/** Appends an event; the oldest is overwritten. */
export function note(oracle: Oracle, timeMs: number, kind: number, a: number, b: number): void {
  const ring = oracle.events;
  const slot = ring.count % ring.timeMs.length;
  ring.count++;
  ring.timeMs[slot] = timeMs;
  ring.kind[slot] = kind;
  ring.a[slot] = a;
  ring.b[slot] = b;
}

/** Records a violation; of each rule the first. */
export function violate(oracle: Oracle, timeMs: number, rule: string, value: number): void {
  if (oracle.violations.length >= VIOLATIONS_MAX) return;
  if (oracle.violations.some((each) => each.rule === rule)) return;
  oracle.violations.push({ timeS: timeMs / MS_PER_S, rule, value, seed: oracle.seed });
}

/** The last events as text, oldest first. */
export function lastEvents(oracle: Oracle): string[] {
  const ring = oracle.events;
  const size = ring.timeMs.length;
  const lines: string[] = [];
  for (let i = Math.max(0, ring.count - size); i < ring.count; i++) {
    const at = i % size;
    const seconds = (ring.timeMs[at] / MS_PER_S).toFixed(6);
    lines.push(`${seconds} s ${NAMES[ring.kind[at]]} ${ring.a[at]} ${ring.b[at]}`);
  }
  return lines;
}

/** Throws an Error naming every violation with time, value and seed, and the last events. */
export function assertClean(oracle: Oracle | null): void {
  if (oracle === null) throw new Error("oracle: nobody has watched");
  if (oracle.violations.length === 0) return;
  const found = oracle.violations.map(
    (each) => `${each.timeS.toFixed(6)} s ${each.rule}: ${each.value} (seed ${each.seed})`,
  );
  const text = ["oracle: rules broken", ...found, "last events:", ...lastEvents(oracle)];
  throw new Error(text.join("\n"));
}
