// A fault plan from outside, checked: every complaint says where, what was found and what would be
// accepted.

import { FAULT_KINDS, FAULTS } from "./fault.ts";
import type { FaultEntry, FaultKind, FaultPlan } from "./fault.ts";

const KEYS = ["at", "kind", "target", "durationS", "count", "value"];

/** The plan in `json` (what JSON.parse gives). Throws a RangeError that names the entry. */
export function checkPlan(json: unknown): FaultPlan {
  if (!Array.isArray(json)) refuse("plan", json, "a list of faults");
  return json.map((entry, i) => checkEntry(entry, `plan[${i}]`));
}

function refuse(place: string, found: unknown, accepted: string): never {
  throw new RangeError(`${place}: ${JSON.stringify(found) ?? "nothing"}: expected ${accepted}`);
}

function checkEntry(json: unknown, place: string): FaultEntry {
  if (typeof json !== "object" || json === null) refuse(place, json, "an object");
  const entry = json as Record<string, unknown>;
  for (const key of Object.keys(entry)) {
    if (!KEYS.includes(key)) refuse(`${place}.${key}`, entry[key], `only ${KEYS.join(", ")}`);
  }
  const kind = entry.kind as FaultKind;
  if (!FAULT_KINDS.includes(kind)) refuse(`${place}.kind`, kind, FAULT_KINDS.join(", "));
  checkMoment(entry.at, `${place}.at`);
  checkTarget(kind, entry.target, `${place}.target`);
  checkValue(kind, entry.value, `${place}.value`);
  checkExtent(kind, entry, place);
  return json as FaultEntry;
}

function checkMoment(at: unknown, place: string): void {
  const accepted = '{"transaction": whole number from 1} or {"timeS": seconds from 0}';
  if (typeof at !== "object" || at === null) refuse(place, at, accepted);
  const { transaction, timeS, ...rest } = at as Record<string, unknown>;
  const numbered = Number.isInteger(transaction) && (transaction as number) >= 1;
  const timed = typeof timeS === "number" && timeS >= 0 && timeS < Infinity;
  const one = (transaction === undefined) !== (timeS === undefined);
  if (!one || !(numbered || timed) || Object.keys(rest).length > 0) refuse(place, at, accepted);
}

function checkTarget(kind: FaultKind, target: unknown, place: string): void {
  const { targets, targetNeeded } = FAULTS[kind];
  if (target === undefined && !targetNeeded) return;
  if (typeof target === "string" && targets.includes(target)) return;
  refuse(place, target, targets.length > 0 ? targets.join(", ") : `none for ${kind}`);
}

function checkValue(kind: FaultKind, value: unknown, place: string): void {
  if (value === undefined) return;
  const bounds = FAULTS[kind].value;
  if (bounds === null) refuse(place, value, `none for ${kind}`);
  const [min, max] = bounds;
  if (typeof value === "number" && value >= min && value <= max) return;
  refuse(place, value, `a number from ${min} to ${max}`);
}

function checkExtent(kind: FaultKind, entry: Record<string, unknown>, place: string): void {
  const { durationS, count } = entry;
  const { wire, lasts } = FAULTS[kind];
  if (durationS !== undefined) {
    if (!lasts) refuse(`${place}.durationS`, durationS, `none for ${kind}, which is over at once`);
    const long = typeof durationS === "number" && durationS > 0 && durationS < Infinity;
    if (!long) refuse(`${place}.durationS`, durationS, "seconds above 0");
  }
  if (count === undefined) return;
  if (!wire) refuse(`${place}.count`, count, `none for ${kind}, which is no fault of the bus`);
  const whole = Number.isInteger(count) && (count as number) >= 1;
  if (!whole) refuse(`${place}.count`, count, "a whole number from 1");
}
