// Drives a channel through one run: starts it, lets its time go on, hands what it says to the
// recorder, and stops it when asked to.
import type { Answer } from "../firmware/console.ts";
import * as code from "../firmware/console.ts";
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
import { isWhole } from "./event-values.ts";
import type { Link } from "./link/link.ts";
import { isRunOn } from "./status-lines.ts";

/** Where a session's findings go. */
export interface Recorder {
  frame(frame: FrameMessage): void;
  event(event: EventMessage): void;
  evidence(evidence: EvidenceMessage): void;
  /** A line that is none of these. */
  damaged(): void;
  /** The line was cut: what follows leaves a hole. */
  hole(): void;
  /** Resolves when what was handed over is on its way to disk; throws when it cannot be. */
  drained(): Promise<void>;
}

/** Asked from outside: end the run. */
export interface StopSwitch {
  requested: boolean;
  /** The channel has answered it; until then its run may go on. */
  heard: boolean;
}

/** Why a session ended: with the channel's verdict, without, or before it began. */
export type SessionEnd = "verdict" | "silent" | "wrong-protocol" | "refused";

export interface SessionOptions {
  /** Virtual seconds a real second; Infinity = as fast as it goes. */
  speed: number;
  /** Channel time, ms, after which a channel without a verdict counts as silent. */
  deadlineMs: number;
  /** First 32 bits of the program's hash, as the channel's START event has to report it. */
  hash: number;
  stop: StopSwitch;
  /** The run is on already, and need not be started. */
  isOn?: boolean;
  /** A finding holds the channel: it rests until it is told to go on or to stop. */
  onHold(): void;
  /** The line is cut, and why, or stands again (null). */
  onCut(why: string | null): void;
}

/** Channel time between two looks at the outside, ms. */
const SLICE_MS = 600_000;
const PACED_SLEEP_MS = 40;
/** Channel time a stopped run may take until its verdict, ms. */
const STOP_MS = 60_000;
/** Evidence of the last finding may follow the verdict for so much channel time, ms. */
const EVIDENCE_MS = 5000;
/** A start or a stop that nobody answers is said again after so long, ms, and so often. */
const URGE_MS = 3000;
const STARTS = 5;
/** The verdict of a run that is over comes within so long, ms. */
const LATE_MS = 10_000;

interface Session {
  readonly link: Link;
  readonly recorder: Recorder;
  readonly options: SessionOptions;
  end: SessionEnd | null;
  held: boolean;
  started: boolean;
  starts: number;
  stopping: boolean;
  /** When the channel was last told to start or stop, ms of its time. */
  urgedAt: number;
  deadline: number;
}

function receiveEvent(session: Session, event: EventMessage): void {
  const { recorder, options } = session;
  if (event.code === EVENT_START) session.started = true;
  if (event.code === EVENT_START && event.values[1] !== options.hash) {
    session.end = "wrong-protocol";
  }
  if (event.code === EVENT_VERDICT) session.end = "verdict";
  recorder.event(event);
  if (event.code !== EVENT_HOLD) return;
  session.held = true;
  options.onHold();
}

function receiveAnswer(session: Session, { verb, result, values }: Answer): void {
  if (verb === code.VERB_STOP) session.options.stop.heard = true;
  if (verb === code.VERB_START) {
    // A start that is said twice finds the run on; a fault is told by its event and a verdict.
    const again = result === code.RESULT_RUN_IS_ON && session.starts > 1;
    const taken = result === code.RESULT_DONE || result === code.RESULT_FAULT || again;
    if (taken) session.started = true;
    else if (result !== code.RESULT_BUSY) session.end = "refused";
  }
  // The run has ended while nobody listened; its verdict may still be on its way.
  if (verb !== code.VERB_STATUS || values.length === 0 || !session.started) return;
  if (isRunOn(values)) return;
  session.held = false;
  session.deadline = Math.min(session.deadline, session.link.now() + LATE_MS);
}

function receive(session: Session, line: string): void {
  const { recorder } = session;
  const going = session.end === null;
  const frame = decodeFrame(line);
  if (frame !== null) {
    if (going) recorder.frame(frame);
    return;
  }
  const event = decodeEvent(line);
  if (event !== null && isWhole(event)) {
    if (going) receiveEvent(session, event);
    return;
  }
  const answer = decodeAnswer(line);
  if (answer !== null) {
    if (going) receiveAnswer(session, answer);
    return;
  }
  const evidence = decodeEvidence(line);
  if (evidence !== null && session.end !== "wrong-protocol") recorder.evidence(evidence);
  else if (going) recorder.damaged();
}

function cut(session: Session, why: string | null): void {
  if (session.end !== null) return;
  session.options.onCut(why);
  if (why !== null) session.recorder.hole();
  else if (session.stopping) session.link.send("stop");
}

function sleep(ms: number): Promise<void> {
  return new Promise((done) => (ms > 0 ? setTimeout(done, ms) : setImmediate(done)));
}

/** Starts, or stops when asked to; says it again while nobody answers. */
function urge(session: Session): void {
  const { link, options } = session;
  const now = link.now();
  if (options.stop.requested && !session.stopping) {
    session.stopping = true;
    session.urgedAt = -Infinity;
    session.deadline = Math.min(session.deadline, now + STOP_MS);
  }
  const settled = session.stopping ? options.stop.heard : session.started;
  if (settled || now - session.urgedAt < URGE_MS) return;
  session.urgedAt = now;
  if (session.stopping) link.send("stop");
  else if (session.starts++ < STARTS) link.send("start");
  else session.end = "silent";
}

// The next stretch of channel time: at full speed a fixed slice, else what the wall clock allows.
function nextTime(session: Session, origin: number, begun: number): number {
  const { link, options, stopping } = session;
  if (stopping) return link.now() + URGE_MS;
  if (options.speed === Infinity) return link.now() + SLICE_MS;
  const due = origin + (performance.now() - begun) * options.speed;
  return Math.min(due, link.now() + SLICE_MS);
}

async function advanceBy(link: Link, ms: number, enough: () => boolean): Promise<void> {
  const until = link.now() + ms;
  while (link.now() < until && !enough() && !link.lost()) await link.advance(until);
}

/** Runs a channel's program to its end; resolves with why it ended, and throws what the recorder
 *  throws (the channel is still running then: see `halt`). */
export async function drive(
  link: Link,
  recorder: Recorder,
  options: SessionOptions,
): Promise<SessionEnd> {
  const origin = link.now();
  const session: Session = {
    ...{ link, recorder, options, end: null, held: false, starts: 0 },
    ...{ started: options.isOn ?? false, stopping: false, urgedAt: -Infinity },
    deadline: origin + options.deadlineMs,
  };
  link.onLine((line) => receive(session, line));
  link.onCut((why) => cut(session, why));
  const begun = performance.now();
  while (session.end === null) {
    urge(session);
    await link.advance(Math.min(nextTime(session, origin, begun), session.deadline));
    await recorder.drained();
    await sleep(options.speed === Infinity || session.stopping ? 0 : PACED_SLEEP_MS);
    // How long a hold takes, nobody knows beforehand.
    if (session.held && !session.stopping) session.deadline = Infinity;
    const over = link.lost() || link.now() >= session.deadline;
    if (over) session.end ??= "silent";
  }
  if (session.end === "verdict") await advanceBy(link, EVIDENCE_MS, () => false);
  return session.end;
}

/** Stops a channel whose findings nobody can record any more; false = it did not answer. */
export async function halt(link: Link): Promise<boolean> {
  let heard = false;
  link.onLine((line) => {
    if (decodeAnswer(line)?.verb === code.VERB_STOP) heard = true;
  });
  link.onCut((why) => {
    if (why === null) link.send("stop");
  });
  link.send("stop");
  await advanceBy(link, STOP_MS, () => heard);
  return heard;
}
