// The event of a short, as every rule tells it.
import { add, note } from "./events.ts";
import type { Run } from "./run.ts";
import { EVENT_SHORT } from "./telemetry.ts";

const MICRO = 1e6;

/** Opens the event of a short; resistances in Ω cm². */
export function tellShort(
  run: Run,
  shortClass: number,
  rule: number,
  value: number,
  threshold: number,
): void {
  note(run.events, EVENT_SHORT);
  add(run.events, shortClass);
  add(run.events, rule);
  add(run.events, value * MICRO);
  add(run.events, threshold * MICRO);
}
