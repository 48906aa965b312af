// Accumulators that never run backwards. A board that lost its power goes on from its last
// checkpoint: what flowed since is missing in its account, but was told before, and stays counted.
import type { FrameMessage } from "../firmware/telemetry.ts";

const COUNTED = ["chargeInUc", "chargeOutUc", "stepCount", "cycleCount"] as const;

/** A checkpoint is never older, s, give or take a few. */
const OUTAGE_S = 10;

/** What a run's frames have counted so far. */
export interface Continuation {
  /** The last frame and the one before, as the channel told them. */
  last: FrameMessage | null;
  before: FrameMessage | null;
  /** What the channel's account lacks. */
  readonly missing: Record<(typeof COUNTED)[number], number>;
  /** An outage was told since the last frame. */
  isBroken: boolean;
}

/** Nothing yet. */
export function createContinuation(): Continuation {
  const missing = { chargeInUc: 0, chargeOutUc: 0, stepCount: 0, cycleCount: 0 };
  return { last: null, before: null, missing, isBroken: false };
}

/** The channel tells of an outage: its account may begin again earlier. */
export function breakOff(continuation: Continuation): void {
  continuation.isBroken = true;
}

function isBehind(frame: FrameMessage, other: FrameMessage | null): boolean {
  return other !== null && COUNTED.some((name) => frame[name] < other[name]);
}

/** Whether an outage may have cost what `frame` lacks: charge of some seconds, no more. */
function isSlight(frame: FrameMessage, last: FrameMessage): boolean {
  // 1 pA for 1 s is 1e-6 µC.
  const mostUc = Math.abs(last.currentPa) * 1e-6 * OUTAGE_S;
  const most = { chargeInUc: mostUc, chargeOutUc: mostUc, stepCount: 1, cycleCount: 1 };
  return COUNTED.every((name) => last[name] - frame[name] <= most[name]);
}

/** The frame with accumulators that go on where they were. */
export function continued(continuation: Continuation, frame: FrameMessage): FrameMessage {
  const { last, before, missing, isBroken } = continuation;
  const isBack = last !== null && isBehind(frame, last);
  // Far behind the last frame alone, it is that one that was damaged on its way.
  if (isBack && (isBroken || isBehind(frame, before) || isSlight(frame, last))) {
    for (const name of COUNTED) missing[name] += Math.max(0, last[name] - frame[name]);
  }
  Object.assign(continuation, { last: frame, before: last, isBroken: false });
  if (COUNTED.every((name) => missing[name] === 0)) return frame;
  const whole = COUNTED.map((name) => [name, frame[name] + missing[name]]);
  return { ...frame, ...(Object.fromEntries(whole) as Partial<FrameMessage>) };
}
