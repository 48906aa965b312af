// A tick's events as lists: code, values.
import type { Events } from "../../firmware/events.ts";
import { EVENT_HEAD } from "../../firmware/events.ts";

/** Each event as its code and then its values. */
export function listOf({ stream, used }: Events): number[][] {
  const events: number[][] = [];
  for (let at = 0; at < used; at += EVENT_HEAD + stream[at + 1]) {
    const from = at + EVENT_HEAD;
    events.push([stream[at], ...stream.subarray(from, from + stream[at + 1])]);
  }
  return events;
}
