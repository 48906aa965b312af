// The minutes around a short, frame by frame: what the decimated curves cannot show.
import type { FrameMessage } from "../../firmware/telemetry.ts";
import type { SignRecord } from "../event-record.ts";

/** Frames before and after the event; a snapshot holds both. */
const BEFORE = 150;
const AFTER = 60;

/** A stretch of voltage around a short. */
export interface Snapshot {
  /** Test time of the short, s. */
  at: number;
  class: string;
  /** Test time, s, and voltage, V, of each frame. */
  times: number[];
  voltages: number[];
}

export interface CloseUp {
  /** The last frames, in order. */
  readonly times: number[];
  readonly voltages: number[];
  /** The short whose frames are being gathered, and how many are still to come. */
  waiting: { at: number; class: string; frames: number } | null;
  snapshot: Snapshot | null;
}

/** No short yet. */
export function createCloseUp(): CloseUp {
  return { times: [], voltages: [], waiting: null, snapshot: null };
}

/** Takes the snapshot now, with the frames there are; does nothing if no short waits for one. */
export function takeSnapshot(closeUp: CloseUp): void {
  const { waiting, times, voltages } = closeUp;
  if (waiting === null) return;
  closeUp.snapshot = {
    at: waiting.at,
    class: waiting.class,
    times: [...times],
    voltages: [...voltages],
  };
  closeUp.waiting = null;
}

/** Takes in a frame. */
export function followFrame(closeUp: CloseUp, frame: FrameMessage): void {
  closeUp.times.push(frame.timeMs / 1000);
  closeUp.voltages.push(frame.voltageUv / 1e6);
  if (closeUp.times.length > BEFORE + AFTER) {
    closeUp.times.shift();
    closeUp.voltages.shift();
  }
  if (closeUp.waiting !== null && --closeUp.waiting.frames <= 0) takeSnapshot(closeUp);
}

/** Takes in an event: the first short gets the snapshot, but a hard one replaces a soft one. */
export function followSign(closeUp: CloseUp, record: SignRecord): void {
  if (record.event !== "short") return;
  const known = closeUp.waiting ?? closeUp.snapshot;
  if (known !== null && (known.class === "hard" || record.class !== "hard")) return;
  closeUp.waiting = { at: record.t, class: record.class, frames: AFTER };
}
