// The acquisition sequencer over a Firmata board: frames on their time, bursts in place of them.
import { FORCE_AT, FRAME_AT, TEMPERATURE_AT, assemble } from "../frame.ts";
import type { RawFrame, Scan, StatusBits } from "../port.ts";
import { walkBurst } from "./scan-burst.ts";
import { walkFrame } from "./scan-frame.ts";
import type { ScanParts, Walk, Work } from "./scan-state.ts";
import { createWork } from "./scan-state.ts";

const STALLED: StatusBits["stalled"] = 4096;
/** A frame in which everything is read again, through a converter that waits for company, takes
 *  less; one that is longer was held up: a reply was lost, or the computer was asleep. */
const FRAME_MAX_MS = 500;

/** The frame, to be handed over. */
function finish(work: Work): RawFrame {
  const { frame, readings, parts } = work;
  const { times } = readings;
  const now = parts.clock.now();
  assemble(readings);
  frame.sequence++;
  if (now - times[FRAME_AT] > FRAME_MAX_MS) frame.status |= STALLED;
  frame.forceAge = times[FORCE_AT] < 0 ? -1 : now - times[FORCE_AT];
  frame.temperatureAge = times[TEMPERATURE_AT] < 0 ? -1 : now - times[TEMPERATURE_AT];
  return frame;
}

/** A burst, if one is wanted, and the frame. */
function* walk(work: Work): Walk {
  if (work.count > 0) yield* walkBurst(work);
  yield* walkFrame(work);
}

/** Lets the walk go on until it has to wait. */
function goOn(work: Work): void {
  while (work.walk !== null) {
    const { done, value } = work.walk.next();
    if (done === true) {
      work.walk = null;
      work.onFrame(finish(work));
      return;
    }
    if (value > 0) {
      work.parts.clock.after(value, () => goOn(work));
      return;
    }
    work.missing = -value;
    if (work.replies.length < work.missing) return;
    work.missing = 0;
  }
}

/** A scan of these parts; touches no hardware until it is started. */
export function createScan(parts: ScanParts): Scan {
  const work = createWork(parts);
  const begin = (): void => {
    work.walk = walk(work);
    goOn(work);
  };
  work.onReply = (value, state) => {
    work.replies.push({ value, state });
    if (work.missing === 0 || work.replies.length < work.missing) return;
    work.missing = 0;
    goOn(work);
  };
  return {
    samples: parts.samples,
    start: (onFrame) => {
      work.onFrame = onFrame;
      parts.clock.after(0, begin);
    },
    request: (settings) => {
      work.settings = settings;
      const due = work.readings.times[FRAME_AT] + settings.periodMs;
      parts.clock.after(Math.max(0, due - parts.clock.now()), begin);
    },
    burst: (count, periodUs, done) => {
      work.count = Math.min(count, parts.samples.length);
      work.periodMs = periodUs / 1000;
      work.done = done;
    },
  };
}
