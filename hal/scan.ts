// The acquisition sequencer: the timer asks for a frame, the frame drives everything else. Frames
// come on time even when a chip is silent. A reply may come inside the call or later: inside, it is
// only noted, so that calls do not nest, for an interpreter's stack is small.
import { advanceBurst, endBurst, startBurst } from "./burst.ts";
import { FRAME_AT } from "./frame.ts";
import type { Converter } from "./port.ts";
import type { ScanParts, Sequencer } from "./slots.ts";
import { AT_ONCE, BURST, DELIVER, LATER, NOTHING, TO_DELIVER } from "./slots.ts";
import { TO_GIVE_UP, TO_READ, TO_START, createWalk, failRest } from "./slots.ts";
import { advance, begin, finish, next, startFrame, wait } from "./walk.ts";

/** A silent chip costs a frame at most about twice this, ms. */
const DEADLINE_MS = 50;
/** A converter that falls silent ends a burst then. */
const BURST_DEADLINE_MS = 250;

/** Waits for a reply that has not come inside the call: until the first or second deadline since
 *  the frame's start, which leaves it at least half a deadline. */
function awaitReply(scan: Sequencer): void {
  const state = scan.state;
  const elapsed = scan.parts.clock.now() - state.times[FRAME_AT];
  let left = BURST_DEADLINE_MS - elapsed;
  if (state.slot !== BURST) {
    left = DEADLINE_MS - (elapsed % DEADLINE_MS);
    if (left < DEADLINE_MS / 2) left += DEADLINE_MS;
  }
  state.awaiting = LATER;
  wait(scan, left, TO_GIVE_UP);
}

/** Reads what is due, and what becomes due by that, until something has to be waited for. Slots
 *  only go up, so this ends. */
function read(scan: Sequencer): void {
  const state = scan.state;
  do {
    state.awaiting = AT_ONCE;
    const reader = scan.parts.readers[state.quantity] as Converter;
    if (state.polling === 1) reader.poll(scan.onRead);
    else reader.read(scan.onRead);
    if (state.awaiting === AT_ONCE) {
      awaitReply(scan);
      return;
    }
  } while (state.slot === BURST ? advanceBurst(scan) : advance(scan));
}

/** Goes on after a reply that has come later than inside the call. */
function goOn(scan: Sequencer): void {
  scan.parts.clock.cancel(scan.state.timer);
  if (scan.state.slot === BURST ? advanceBurst(scan) : advance(scan)) read(scan);
}

/** Gives up a frame in which a read does not answer: what was not reached has failed. A reply that
 *  still comes before the next frame is ignored; in order and once is the port's part. */
function giveUp(scan: Sequencer): boolean {
  const state = scan.state;
  state.awaiting = NOTHING;
  if (state.slot === BURST) return endBurst(scan);
  failRest(state);
  state.slot = DELIVER;
  wait(scan, 0, TO_DELIVER);
  return false;
}

/** Does what the timer was set for; true = there is something to be read at once. */
function turn(scan: Sequencer): boolean {
  const state = scan.state;
  const due = state.due;
  if (due === TO_START) return state.count > 0 ? startBurst(scan) : startFrame(scan);
  if (due === TO_GIVE_UP) return giveUp(scan);
  if (begin(scan)) return false;
  return state.slot === BURST ? endBurst(scan) : next(scan);
}

/** A scan of these parts; touches no hardware until it is started. */
export function createScan(parts: ScanParts): Sequencer {
  const state = createWalk(parts.samples);
  const scan = { parts, state, samples: parts.samples } as Sequencer;
  // The core runs on what is left of the stack: little stands between it and the timer.
  scan.onTimer = () => {
    if (state.due === TO_DELIVER) scan.onFrame(finish(scan));
    else if (state.due === TO_READ || turn(scan)) read(scan);
  };
  // Any reply to a read that was given up is ignored.
  scan.onRead = (value, reply) => {
    const awaiting = state.awaiting;
    if (awaiting === NOTHING) return;
    state.awaiting = NOTHING;
    state.value = value;
    state.reply = reply;
    if (awaiting === LATER) goOn(scan);
  };
  scan.start = (onFrame) => {
    scan.onFrame = onFrame;
    wait(scan, 0, TO_START);
  };
  scan.request = (settings) => {
    state.wanted = settings;
    const delay = state.times[FRAME_AT] + settings.periodMs - parts.clock.now();
    wait(scan, Math.max(0, delay), TO_START);
  };
  scan.burst = (count, periodUs, done) => {
    state.count = Math.min(count, state.samples.length);
    state.periodMs = periodUs / 1000;
    state.done = done;
  };
  return scan;
}
