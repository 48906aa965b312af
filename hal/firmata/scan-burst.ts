// A burst over a slow line: voltages at a fixed distance in place of a frame. Each reading is held
// against the guards as soon as it is in; one outside them puts the relay to rest.
import { VOLTAGE } from "../frame.ts";
import type { Walk, Work } from "./scan-state.ts";

const BURST_MAX_MS = 200;
/** A reading may come so much late until the burst's times are no longer true: it ends then. */
const LATE = 0.5;

/** Files a reading; false = it is outside the guards, or at the end of the scale. */
function within(work: Work, counts: number): boolean {
  const { guardMin, guardMax } = work.settings;
  const clipped = Math.abs(counts) >= work.parts.voltage.countsMax;
  return !clipped && counts >= guardMin && counts <= guardMax;
}

/** Takes the burst that is wanted, and tells who wanted it. */
export function* walkBurst(work: Work): Walk {
  const { clock, relay, samples, voltage, inputs } = work.parts;
  const startMs = clock.now();
  const end = Math.min(BURST_MAX_MS, work.count * work.periodMs);
  let taken = 0;
  let opened = false;
  while (taken < work.count && !opened) {
    const due = startMs + taken * work.periodMs;
    const late = clock.now() - due;
    if (due - startMs >= end || late > LATE * work.periodMs) break;
    if (late < 0) yield -late;
    work.replies = [];
    voltage.begin(work.settings.voltageGain, inputs[VOLTAGE]);
    voltage.poll(work.onReply);
    voltage.read(work.onReply);
    yield -2;
    const [settings, reply] = work.replies;
    work.replies = [];
    if (settings.state === -1 || reply.state !== 1) break;
    samples[taken++] = reply.value;
    opened = !within(work, reply.value);
    if (opened) relay.write(false);
  }
  const done = work.done;
  work.count = 0;
  work.done = null;
  if (done !== null) done(taken, opened);
}
