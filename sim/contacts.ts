// Relay contacts: they take milliseconds to move and bounce on arrival. Times are those of a
// small signal relay (operate and release 3 ms at most, bounce included).

import { uniform } from "./random.ts";
import type { Stream } from "./random.ts";

/** Positions of a contact: rest, worked, or between the two (touching nothing). */
export const REST = 0;
export const WORKED = 1;
export const BETWEEN = -1;
/** `Contact.weld` of a contact that is free to move. */
export const FREE = -2;

const RELEASE_MS = 1;
const TRAVEL_MS = 1.2;
const BOUNCE_MS = 0.8;
const BOUNCES_MAX = 3;

/** One contact. A make contact (normally open) closes in position WORKED only. */
export interface Contact {
  wanted: number;
  position: number;
  /** What remains of a movement: 0 = none, 1 = about to leave, 2 = about to arrive,
   *  3 and more = bounces, two for each. */
  phase: number;
  /** Time between the remaining bounces, ms. */
  intervalMs: number;
  /** The position that it cannot leave once it is there. */
  weld: number;
}

export function createContact(): Contact {
  return { wanted: REST, position: REST, phase: 0, intervalMs: 0, weld: FREE };
}

/** Drives the coil. Returns the delay until `moveContact`, ms; Infinity = nothing to do. */
export function driveContact(contact: Contact, wanted: number): number {
  if (contact.wanted === wanted) return Infinity;
  contact.wanted = wanted;
  contact.phase = 1;
  return RELEASE_MS;
}

/** The next stage of a movement. Returns the delay to the one after, ms; Infinity = arrived, or
 *  stuck where it is. */
export function moveContact(contact: Contact, stream: Stream): number {
  if (contact.position === contact.weld) {
    contact.phase = 0;
    return Infinity;
  }
  if (contact.phase === 1) {
    contact.position = BETWEEN;
    contact.phase = 2;
    return TRAVEL_MS;
  }
  if (contact.phase === 2) {
    contact.position = contact.wanted;
    const bounces = Math.floor(uniform(stream) * (BOUNCES_MAX + 1));
    contact.phase = bounces === 0 ? 0 : 2 + 2 * bounces;
    contact.intervalMs = (BOUNCE_MS / (2 * BOUNCES_MAX)) * (0.2 + 0.8 * uniform(stream));
    return bounces === 0 ? Infinity : contact.intervalMs;
  }
  contact.position = contact.position === BETWEEN ? contact.wanted : BETWEEN;
  contact.phase -= 1;
  if (contact.phase > 2) return contact.intervalMs;
  contact.phase = 0;
  return Infinity;
}
