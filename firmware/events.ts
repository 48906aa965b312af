// What happened in this tick, for the shell to send: preallocated, in order, bounded. One stream of
// numbers, an event after the other: its code, how many values it has, and these.

/** Values an event carries at most; the verdict needs them all. */
export const EVENT_VALUES = 14;
/** Numbers in front of an event's values: code and count. */
export const EVENT_HEAD = 2;
const CAPACITY = 48;

/** The tick's events. */
export interface Events {
  stream: Float64Array;
  /** Numbers in the stream. */
  used: number;
  /** Where the event opened last begins. */
  last: number;
}

/** No events. */
export function createEvents(): Events {
  return { stream: new Float64Array(CAPACITY), used: 0, last: 0 };
}

/** Opens an event; values are then added to it. Without room for the longest it takes the place of
 *  the one before: a verdict, which comes last, is never lost. */
export function note(events: Events, code: number): void {
  if (events.used > CAPACITY - EVENT_HEAD - EVENT_VALUES) events.used = events.last;
  events.last = events.used;
  events.stream[events.used] = code;
  events.stream[events.used + 1] = 0;
  events.used += EVENT_HEAD;
}

/** Adds a value to the event opened last. */
export function add(events: Events, value: number): void {
  events.stream[events.used++] = value;
  events.stream[events.last + 1]++;
}
