// What happened in this tick, for the shell to send: preallocated, in order, bounded.

/** Values an event carries at most; the verdict needs them all. */
export const EVENT_VALUES = 14;
const CAPACITY = 8;

/** The tick's events: `codes[i]` with `counts[i]` of the values from `i * EVENT_VALUES` on. */
export interface Events {
  count: number;
  codes: Uint8Array;
  counts: Uint8Array;
  values: Float64Array;
}

/** No events. */
export function createEvents(): Events {
  return {
    count: 0,
    codes: new Uint8Array(CAPACITY),
    counts: new Uint8Array(CAPACITY),
    values: new Float64Array(CAPACITY * EVENT_VALUES),
  };
}

/** Opens an event; values are then added to it. A ninth of one tick overwrites the last. */
export function note(events: Events, code: number): void {
  if (events.count < CAPACITY) events.count++;
  events.codes[events.count - 1] = code;
  events.counts[events.count - 1] = 0;
}

/** Adds a value to the event opened last. */
export function add(events: Events, value: number): void {
  const last = events.count - 1;
  events.values[last * EVENT_VALUES + events.counts[last]] = value;
  events.counts[last]++;
}
