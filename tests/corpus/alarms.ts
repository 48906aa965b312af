// Those who examine a trace, and what they say.
import type { RecordedFrame } from "../../boards/replay.ts";

/** `hard`, `soft`, `intermittent` and `decay` are shorts; the others are none. */
export type Call =
  | "hard"
  | "soft"
  | "intermittent"
  | "decay"
  | "void"
  | "open"
  | "contact"
  | "thermal"
  | "mechanical"
  | "recovered"
  | "undecidable";

/** One thing said. */
export interface Alarm {
  timeS: number;
  call: Call;
  /** Name of the rule, "" = none. */
  rule: string;
}

/** What an examiner made of a trace. */
export interface Finding {
  /** The first so many; all shorts are counted. */
  alarms: Alarm[];
  shorts: number;
  verdict: string;
}

/** Somebody who looks at a trace, frame by frame. */
export interface Examiner {
  take(frame: RecordedFrame): void;
  finish(): Finding;
}

const ALARMS_MAX = 500;

/** Nothing said yet. */
export function createFinding(): Finding {
  return { alarms: [], shorts: 0, verdict: "" };
}

/** Whether an alarm says that the cell is shorted. */
export function isShort({ call }: Alarm): boolean {
  return call === "hard" || call === "soft" || call === "intermittent" || call === "decay";
}

/** A board ends its run at a hard short; a recording goes on, and is told of it with every frame.
 *  Once a second will do, and none of these may be lost. */
const AGAIN_S = 1;

/** Files an alarm. */
export function say(finding: Finding, alarm: Alarm): void {
  const last = finding.alarms.at(-1);
  const again = alarm.call === "hard" && last?.call === "hard";
  if (again && alarm.timeS - last.timeS < AGAIN_S) return;
  if (isShort(alarm)) finding.shorts++;
  if (alarm.call === "hard") {
    finding.alarms.push(alarm);
    return;
  }
  if (finding.alarms.length < ALARMS_MAX) finding.alarms.push(alarm);
}
