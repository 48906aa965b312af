// A burst: voltages at a fixed distance in place of a frame, for what happens faster than frames.
// Each reading is held against the guards at once; one outside them puts the relay to rest.
import { FRAME_AT, VOLTAGE } from "./frame.ts";
import type { Sequencer } from "./slots.ts";
import { BURST, TO_BEGIN, TO_READ } from "./slots.ts";
import { POLL_MS, begin, startFrame, wait } from "./walk.ts";

const BURST_MAX_MS = 200;

/** Ends the burst and begins the frame; true = there is something to be read at once. */
export function endBurst(scan: Sequencer): boolean {
  const state = scan.state;
  const done = state.done;
  state.count = 0;
  state.done = null;
  if (done !== null) done(state.taken, state.opened === 1);
  return startFrame(scan);
}

/** Begins the burst; true = it is over, and there is something to be read at once. */
export function startBurst(scan: Sequencer): boolean {
  const state = scan.state;
  state.times[FRAME_AT] = scan.parts.clock.now();
  state.slot = BURST;
  state.quantity = VOLTAGE;
  state.gain = state.wanted.voltageGain;
  state.taken = 0;
  state.opened = 0;
  return begin(scan) ? false : endBurst(scan);
}

/** Files a reply and goes on; true as above. */
export function advanceBurst(scan: Sequencer): boolean {
  const state = scan.state;
  const wanted = state.wanted;
  const counts = state.value;
  const elapsed = scan.parts.clock.now() - state.times[FRAME_AT];
  if (state.reply === -1) return endBurst(scan);
  if (state.polling === 1) {
    if (elapsed > BURST_MAX_MS) return endBurst(scan);
    state.polling = 1 - state.reply;
    if (state.reply === 1) return true;
    wait(scan, POLL_MS, TO_READ);
    return false;
  }
  state.samples[state.taken++] = counts;
  const clipped = Math.abs(counts) >= scan.parts.readers[VOLTAGE].countsMax;
  if (clipped || counts < wanted.guardMin || counts > wanted.guardMax) {
    scan.parts.relay.write(false);
    state.opened = 1;
  }
  const due = Math.max(elapsed, state.taken * state.periodMs);
  if (state.opened === 1 || state.taken >= state.count || due >= BURST_MAX_MS) {
    return endBurst(scan);
  }
  wait(scan, due - elapsed, TO_BEGIN);
  return false;
}
