// Drives a channel through one run: starts it, lets its time go on, hands what it says to the
// recorder, and stops it when asked to.
import { decodeAnswer } from "../firmware/console.ts";
import {
  decodeEvent,
  decodeEvidence,
  decodeFrame,
  EVENT_HOLD,
  EVENT_START,
  EVENT_VERDICT,
} from "../firmware/telemetry.ts";
import type { EventMessage, EvidenceMessage, FrameMessage } from "../firmware/telemetry.ts";
import type { Link } from "./link/link.ts";

/** Where a session's findings go. */
export interface Recorder {
  frame(frame: FrameMessage): void;
  event(event: EventMessage): void;
  evidence(evidence: EvidenceMessage): void;
  /** A line that is none of these. */
  damaged(): void;
  /** Resolves when what was handed over is on its way to disk; throws when it cannot be. */
  drained(): Promise<void>;
}

/** Asked from outside: end the run. */
export interface StopSwitch {
  requested: boolean;
}

/** Why a session ended: with the channel's verdict, without, or before it began. */
export type SessionEnd = "verdict" | "silent" | "wrong-protocol";

export interface SessionOptions {
  /** Virtual seconds a real second; Infinity = as fast as it goes. */
  speed: number;
  /** Channel time, ms, after which a channel without a verdict counts as silent. */
  deadlineMs: number;
  /** First 32 bits of the program's hash, as the channel's START event has to report it. */
  hash: number;
  stop: StopSwitch;
  /** A finding holds the channel: it rests until it is told to go on or to stop. */
  onHold(): void;
}

/** Channel time between two looks at the outside, ms. */
const SLICE_MS = 600_000;
const PACED_SLEEP_MS = 40;
/** Channel time a stopped run may take until its verdict, ms. */
const STOP_MS = 60_000;
/** Evidence of the last finding may follow the verdict for so much channel time, ms. */
const EVIDENCE_MS = 5000;

interface Progress {
  end: SessionEnd | null;
  held: boolean;
}

function receiveEvent(
  event: EventMessage,
  recorder: Recorder,
  progress: Progress,
  options: SessionOptions,
): void {
  const { code, values } = event;
  if (code === EVENT_START && values[1] !== options.hash) progress.end = "wrong-protocol";
  if (code === EVENT_VERDICT) progress.end = "verdict";
  recorder.event(event);
  if (code !== EVENT_HOLD) return;
  progress.held = true;
  options.onHold();
}

function receive(
  line: string,
  recorder: Recorder,
  progress: Progress,
  options: SessionOptions,
): void {
  const going = progress.end === null;
  const frame = decodeFrame(line);
  if (frame !== null) {
    if (going) recorder.frame(frame);
    return;
  }
  const event = decodeEvent(line);
  if (event !== null) {
    if (going) receiveEvent(event, recorder, progress, options);
    return;
  }
  if (decodeAnswer(line) !== null) return;
  const evidence = decodeEvidence(line);
  if (evidence !== null && progress.end !== "wrong-protocol") recorder.evidence(evidence);
  else if (going) recorder.damaged();
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => (ms > 0 ? setTimeout(done, ms) : setImmediate(done)));
}

// The next stretch of channel time: at full speed a fixed slice, else what the wall clock allows.
function nextTime(link: Link, options: SessionOptions, origin: number, begun: number): number {
  if (options.speed === Infinity) return link.now() + SLICE_MS;
  const due = origin + (performance.now() - begun) * options.speed;
  return Math.min(due, link.now() + SLICE_MS);
}

/** Runs a channel's program to its end; resolves with why it ended, and throws what the recorder
 *  throws (the channel is still running then: see `halt`). */
export async function drive(
  link: Link,
  recorder: Recorder,
  options: SessionOptions,
): Promise<SessionEnd> {
  const progress: Progress = { end: null, held: false };
  link.onLine((line) => receive(line, recorder, progress, options));
  const origin = link.now();
  const begun = performance.now();
  let deadline = origin + options.deadlineMs;
  let stopped = false;
  link.send("start");
  while (progress.end === null) {
    if (options.stop.requested && !stopped) {
      stopped = true;
      link.send("stop");
      deadline = Math.min(deadline, link.now() + STOP_MS);
    }
    const until = stopped ? link.now() + STOP_MS : nextTime(link, options, origin, begun);
    link.runUntil(Math.min(until, deadline));
    await recorder.drained();
    await sleep(options.speed === Infinity || stopped ? 0 : PACED_SLEEP_MS);
    // How long a hold takes, nobody knows beforehand.
    if (progress.held && !stopped) deadline = Infinity;
    if (progress.end === null && link.now() >= deadline) progress.end = "silent";
  }
  if (progress.end === "verdict") link.runUntil(link.now() + EVIDENCE_MS);
  return progress.end;
}

/** Stops a channel whose findings nobody can record any more. */
export function halt(link: Link): void {
  link.send("stop");
  link.runUntil(link.now() + STOP_MS);
}
