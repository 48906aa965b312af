// The part of the start-up for which a current has to flow, with the relay at rest: does it go into
// the dummy and nowhere else, and do all ranges agree on what the dummy is? Each question is a pair
// of frames, one at zero code and one with a current, and counts by what changes between them: no
// offset and no voltage of the cell enters.
//
// 1. 2 % of the full scale of a range, the dummy shown: 10 mV at least, which a relay that is welded
//    to the cell leaves out, unless the cell resists as much as the dummy.
// 2. The same, the cell shown: its voltage does not move.
// 3. Each range, at its full scale or at what gives 1 V: the resistance of the dummy as this range
//    sees it is the dummy's. What set-point and measurement share, a sense resistor that is off,
//    shows nowhere else. What may differ: sense resistor 0.05 %, dummy 0.1 %, two dividers 0.1 %,
//    gains of the converter 0.15 % (ADS1115, SBAS444D section 7.5), resolution 0.5 %: together less
//    than 1 %, of 2 % that are allowed. The current that is set has its own reference, which is
//    held against the converter's by this: 2 % of full scale.
import type { Channel } from "./channel.ts";
import { VOLTAGE_GAIN } from "./config.ts";
import { FAULT_BUS, FAULT_FOLLOW, FAULT_LEAK, FAULT_RANGES, FAULT_READBACK } from "./fault.ts";
import { FAULT_WELD, count } from "./fault.ts";
import { codesPerAmpere, rangeFor, rest } from "./galvanostat.ts";
import { ON_DUMMY, PROVEN } from "./loop.ts";
import { CODE, CODE_FAILED, CURRENT_FAILED, FLOW, LOOP_AMPS, NOISE_VOLTS } from "./sample.ts";
import { RANGE, REGULATE_DONE } from "./sample.ts";
import { APPLIED_AT, RANGE_FAILED, STATUS, VOLTAGE_FAILED, VOLTS, VOLTS_AT } from "./sample.ts";

/** Current of the first two pairs, of full scale, and the least voltage at the dummy, V. */
const WELD_SHARE = 0.02;
const WELD_VOLTS = 0.01;
/** The dummy gets no more than this from the ranges, V: the amplifier gives 5. */
const RANGES_VOLTS = 1;
/** How far a voltage may be from what is expected, of the dummy's. */
const WELD_OFF = 0.5;
const RANGES_OFF = 0.02;
/** A reading may be as coarse as this, of what it may be off. */
const COARSE = 0.25;
/** Allowed current at zero code, and distance from its set-point, of full scale. */
const LEAK_SHARE = 0.01;
const FOLLOW_SHARE = 0.02;
/** The range's relays have settled this long after their command, s. */
const SETTLED_S = 0.02;
/** More frames than this do not bring what has not come by then. */
const FRAMES_MAX = 100;

const FRAME_FAILED = VOLTAGE_FAILED | CURRENT_FAILED | CODE_FAILED | RANGE_FAILED;

// What is judged of each frame, and by stage of those at zero code and those with a current.
const ALWAYS = (1 << FAULT_BUS) | (1 << FAULT_READBACK);
const AT_ZERO = ALWAYS | (1 << FAULT_LEAK);
const DRIVEN = ALWAYS | (1 << FAULT_FOLLOW) | (1 << FAULT_WELD) | (1 << FAULT_RANGES);

/** The range of a pair of frames. The first two stand on the one on which 2 % suffice. */
function rangeOf(channel: Channel, pair: number): number {
  const ranges = channel.capabilities.rangesA;
  if (pair >= 2) return pair - 2 < ranges.length ? pair - 2 : 0;
  const least = rangeFor(ranges, WELD_VOLTS / WELD_SHARE / channel.circuit.dummyOhms);
  return least < 0 ? ranges.length - 1 : least;
}

/** The current of a pair's second frame, A. */
function currentOf(channel: Channel, pair: number): number {
  const fullScale = channel.capabilities.rangesA[rangeOf(channel, pair)];
  if (pair < 2) return WELD_SHARE * fullScale;
  return Math.min(fullScale, RANGES_VOLTS / channel.circuit.dummyOhms);
}

/** The current that flows now through a cell that the relay is welded to, A: the one exception to
 *  "no current when none is allowed". */
export function provingCurrent(channel: Channel): number {
  const stage = channel.loop.test;
  return stage === 2 || stage === 4 ? currentOf(channel, 0) : 0;
}

/** What the range switch is set to in a stage: the range, and whether the dummy is shown. */
function viewOf(channel: Channel, stage: number): number {
  const pair = (stage - 1) >> 1;
  const isShown = pair !== 1 && pair - 2 < channel.capabilities.rangesA.length;
  return rangeOf(channel, pair) + (isShown ? ON_DUMMY : 0);
}

/** Begins with this frame. Where the circuit has no way to look at the dummy nothing is proven. */
export function beginProof(channel: Pick<Channel, "circuit" | "loop">): void {
  channel.loop.test = channel.circuit.dummyOhms > 0 ? 1 : PROVEN;
  channel.loop.frames = 0;
}

/** What is wrong in a frame of this stage, as a bit of the fault table; 0 = nothing. */
function judge(channel: Channel, stage: number): number {
  const sample = channel.sample;
  const previous = channel.previous;
  const pair = (stage - 1) >> 1;
  const fullScale = channel.capabilities.rangesA[rangeOf(channel, pair)];
  const amperes = stage & 1 ? 0 : currentOf(channel, pair);
  const error = Math.abs(sample[LOOP_AMPS] - amperes);
  if (stage & 1) return error > LEAK_SHARE * fullScale ? 1 << FAULT_LEAK : 0;
  if (error > FOLLOW_SHARE * fullScale) return 1 << FAULT_FOLLOW;
  const ohms = channel.circuit.dummyOhms;
  const moved = (sample[VOLTS] - previous[VOLTS]) / channel.config[VOLTAGE_GAIN];
  const passed = sample[LOOP_AMPS] - previous[LOOP_AMPS];
  const expected = pair === 0 ? amperes : pair === 1 ? 0 : passed;
  const most = amperes * ohms * (pair < 2 ? WELD_OFF : RANGES_OFF);
  if (Math.abs(moved - expected * ohms) <= most) return 0;
  return 1 << (pair < 2 ? FAULT_WELD : FAULT_RANGES);
}

/** The stage after this frame. */
function next(channel: Channel, stage: number, broken: number): number {
  const sample = channel.sample;
  const pair = (stage - 1) >> 1;
  // From a frame with a current back to the zero that it is held against.
  if (broken !== 0) return stage - 1 + (stage & 1);
  if (stage & 1) {
    const view = viewOf(channel, stage);
    const volts = currentOf(channel, pair) * channel.circuit.dummyOhms;
    const coarse = sample[NOISE_VOLTS] > volts * (pair < 2 ? WELD_OFF : RANGES_OFF) * COARSE;
    if (channel.command.range !== view || (view >= ON_DUMMY && coarse)) return stage;
    if (sample[VOLTS_AT] - sample[APPLIED_AT] <= SETTLED_S) return stage;
  }
  return pair - 2 < channel.capabilities.rangesA.length ? stage + 1 : PROVEN;
}

/** One frame of it, in place of the loop: fills relay, code and range of the command. Fault code or
 *  0; after the last one `loop.test` is PROVEN, with the cell shown and zero set on range 0. */
export function prove(channel: Channel): number {
  const loop = channel.loop;
  const sample = channel.sample;
  const command = channel.command;
  const stage = loop.test;
  sample[FLOW] += REGULATE_DONE;
  const held = sample[CODE] === command.code && sample[RANGE] === command.range;
  const failed = (sample[STATUS] & FRAME_FAILED) !== 0;
  let broken = 1 << (failed ? FAULT_BUS : FAULT_READBACK);
  if (held && !failed) broken = judge(channel, stage);
  const fault = count(channel.guard, stage & 1 ? AT_ZERO : DRIVEN, broken);
  if (fault !== 0) return fault;
  if (++loop.frames > FRAMES_MAX) return FAULT_RANGES;
  loop.test = next(channel, stage, broken);
  const pair = (loop.test - 1) >> 1;
  loop.range = loop.test > 0 ? rangeOf(channel, pair) : 0;
  rest(loop, channel.config, command);
  if (loop.test < 0) return 0;
  command.range = viewOf(channel, loop.test);
  if (loop.test & 1) return 0;
  const codes = codesPerAmpere(channel.circuit, channel.config, loop.range);
  command.code += Math.floor(currentOf(channel, pair) * codes + 0.5);
  return 0;
}
