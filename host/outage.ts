// A loss of power in a run, in words: what the channel found when it was back, and what it does.
import type { EventMessage } from "../firmware/telemetry.ts";
import * as rule from "../firmware/resume.ts";
import type { Names } from "./event-names.ts";
import { named } from "./event-names.ts";
import { micro } from "./quantity.ts";

/** A record of `NAME.events.ndjson`; `t` is that of the last checkpoint, and the run's own time:
 *  nobody knows how long the outage was. */
export interface OutageRecord {
  event: "gap";
  /** The channel lost its power, or was reset, or the program died that it lived in. */
  cause: "reset";
  found: string;
  then: string;
  /** The program's step that was under way, null = none. */
  index: number | null;
  /** Charge that may have flowed since the last checkpoint, and is not in the account. */
  missingC: number;
}

const FOUND: Names = {
  [rule.FOUND_OTHER_PROGRAM]: "other-program",
  [rule.FOUND_BOOT_LOOP]: "boot-loop",
  [rule.FOUND_UNFIT]: "other-cell",
  [rule.FOUND_SAME]: "same-cell",
};
const THEN: Names = {
  [rule.BE_HELD]: "held",
  [rule.GO_ON]: "goes-on",
  [rule.SETTLE]: "rests-first",
  [rule.REENTER]: "goes-on",
  [rule.GIVE_UP]: "ends",
};

const FOUND_WORDS: Readonly<Record<string, string>> = {
  "other-program": "memory holds another protocol",
  "boot-loop": "the third start within ten minutes",
  "other-cell": "the cell is not as the run left it",
  "same-cell": "the same cell",
};
const THEN_WORDS: Readonly<Record<string, string>> = {
  held: "the run is held for you to resume or stop",
  "goes-on": "the run goes on",
  "rests-first": "the run goes on after a minute's rest",
  ends: "the run ends",
};

/** The record of such an event; of several findings the gravest is told. */
export function outageRecord({ values }: EventMessage): OutageRecord {
  const [then, found, index, missingUc] = values;
  let gravest = rule.FOUND_OTHER_PROGRAM;
  while (gravest > rule.FOUND_SAME && (found & gravest) === 0) gravest >>= 1;
  return {
    ...{ event: "gap", cause: "reset", found: named(FOUND, gravest), then: named(THEN, then) },
    ...{ index: index < 0 ? null : index, missingC: micro(missingUc / 1e6) },
  };
}

/** The same as a sentence. */
export function outageWords({ found, then }: OutageRecord): string {
  const what = FOUND_WORDS[found] ?? found;
  return `the run was broken off: ${what}; ${THEN_WORDS[then] ?? then}`;
}
