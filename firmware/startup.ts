// The part of the start-up for which a current has to flow, with the relay at rest: does it go into
// the dummy and nowhere else, and do all ranges see the same dummy? Each question is a pair of
// frames, one at zero code and one with a current, and counts by what changes between them: no
// offset and no voltage of the cell enters.
//
// 1. 2 % of the full scale of a range, the dummy shown: 20 mV, which a relay that is welded to the
//    cell leaves out, unless the cell resists as much as the dummy.
// 2. The same, the cell shown: it does not take the dummy's voltage. (It may drift where a sense
//    lead is off, which is found on closing.)
// 3. Each range, at its full scale or at what gives 1 V: the dummy resists what it should. What
//    set-point and measurement share, a sense resistor that is off, shows nowhere else. What may
//    differ: sense resistor 0.05 %, dummy 0.1 %, two dividers 0.1 %, gains of the converter 0.15 %
//    (ADS1115, SBAS444D section 7.5), resolution 0.5 %: together less than 1 %, of 2 % that are
//    allowed. The current that is set has a reference of its own, which by this is held against
//    the converter's: 2 % of full scale.
//
// At the end the cell is shown again, and that is read back.
//
// The last question is asked again of a range that has just been switched to, since its relays or
// those of the range before may stick: a tenth of its full scale, which is less than what the cell
// is about to get. A range ten times as large that has stayed closed makes eleven times as much of
// it, one ten times as small a tenth more.
import { VOLTAGE_GAIN } from "./config.ts";
import { FAULT_BUS, FAULT_FOLLOW, FAULT_LEAK, FAULT_RANGES, FAULT_READBACK } from "./fault.ts";
import { FAULT_WELD, count } from "./fault.ts";
import type { Drive } from "./galvanostat.ts";
import { codesPerAmpere, rest } from "./galvanostat.ts";
import { ONE_RANGE, ON_DUMMY, PREPARING, PROVEN } from "./loop.ts";
import { APPLIED_AT, CODE, FLOW, LOOP_AMPS, NOISE_VOLTS, RANGE } from "./sample.ts";
import { REGULATE_DONE, SHOWN_VOLTS, STATUS, VOLTS_AT } from "./sample.ts";

/** The first two pairs stand on the range of 1 mA, 2 % of which are 20 mV at 1 kΩ. */
const WELD_RANGE = 2;
const WELD_SHARE = 0.02;
/** The dummy gets no more than this from the ranges, V: the amplifier gives 5. */
const RANGES_VOLTS = 1;
/** How far a voltage may be from what is expected, of the dummy's. */
const WELD_OFF = 0.4;
const CELL_OFF = 0.45;
const RANGES_OFF = 0.02;
/** The same of one range: its current, of full scale; what the voltage may be off, of the dummy's,
 *  and beside it, in noise of a reading. */
const ONE_SHARE = 0.1;
const ONE_OFF = 0.05;
const ONE_NOISE = 4;
/** A reading may be as coarse as this, of the dummy's voltage. */
const COARSE = 0.005;
/** Allowed current at zero code, and distance from its set-point, of full scale. */
const LEAK_SHARE = 0.01;
const FOLLOW_SHARE = 0.02;
/** The range's relays have settled this long after their command, s. */
const SETTLED_S = 0.02;
/** More frames than this do not bring what has not come by then. */
const FRAMES_MAX = 100;

/** Of voltage, current, code or range. */
export const FRAME_FAILED = 15;

// Stages: two a pair, the first of them, at zero code, odd.
const CELL_SHOWN = 3;
const RANGES_FROM = 5;

// What is judged of each frame, and by stage of those at zero code and those with a current.
const ALWAYS = (1 << FAULT_BUS) | (1 << FAULT_READBACK);
const AT_ZERO = ALWAYS | (1 << FAULT_LEAK);
const DRIVEN = ALWAYS | (1 << FAULT_FOLLOW) | (1 << FAULT_WELD) | (1 << FAULT_RANGES);

/** The current of the stage's pair, on the loop's range, A. */
function currentOf(drive: Drive): number {
  const fullScale = drive.capabilities.rangesA[drive.loop.range];
  if (drive.loop.test >= ONE_RANGE) return ONE_SHARE * fullScale;
  if (drive.loop.test < RANGES_FROM) return WELD_SHARE * fullScale;
  return Math.min(fullScale, RANGES_VOLTS / drive.circuit.dummyOhms);
}

/** The current that flows now through a cell that the relay is welded to, A: the one exception to
 *  "no current when none is allowed". */
export function provingCurrent(drive: Drive): number {
  const stage = drive.loop.test;
  return stage > 0 && stage < RANGES_FROM && stage % 2 === 0 ? currentOf(drive) : 0;
}

/** Begins with this frame. Where the circuit has no way to look at the dummy nothing is proven. */
export function beginProof(drive: Pick<Drive, "circuit" | "loop">): void {
  drive.loop.test = drive.circuit.dummyOhms > 0 ? 1 : PROVEN;
  drive.loop.frames = 0;
}

/** What is wrong in a frame of this stage, as a bit of the fault table; 0 = nothing. */
function judge(drive: Drive, amperes: number): number {
  const sample = drive.sample;
  const previous = drive.previous;
  const stage = drive.loop.test;
  const fullScale = drive.capabilities.rangesA[drive.loop.range];
  if (sample[STATUS] & FRAME_FAILED) return 1 << FAULT_BUS;
  const command = drive.command;
  if (sample[CODE] !== command.code || sample[RANGE] !== command.range) return 1 << FAULT_READBACK;
  const amps = sample[LOOP_AMPS];
  if (stage & 1) return Math.abs(amps) > LEAK_SHARE * fullScale ? 1 << FAULT_LEAK : 0;
  if (Math.abs(amps - amperes) > FOLLOW_SHARE * fullScale) return 1 << FAULT_FOLLOW;
  const isWeld = stage < RANGES_FROM;
  const moved = (sample[SHOWN_VOLTS] - previous[SHOWN_VOLTS]) / drive.config[VOLTAGE_GAIN];
  const passed = isWeld ? amperes : amps - previous[LOOP_AMPS];
  const ohms = drive.circuit.dummyOhms;
  const off = Math.abs(moved - passed * ohms) / (amperes * ohms);
  const coarse = (ONE_NOISE * sample[NOISE_VOLTS]) / (amperes * ohms);
  if (stage === CELL_SHOWN + 1) return off > CELL_OFF ? 0 : 1 << FAULT_WELD;
  if (off <= (isWeld ? WELD_OFF : stage < ONE_RANGE ? RANGES_OFF : ONE_OFF + coarse)) return 0;
  return 1 << (isWeld ? FAULT_WELD : FAULT_RANGES);
}

/** Whether a frame at zero code is one that the next can be held against. */
function isSettled(drive: Drive, amperes: number): boolean {
  const sample = drive.sample;
  const coarse = sample[NOISE_VOLTS] > amperes * drive.circuit.dummyOhms * COARSE;
  const stage = drive.loop.test;
  const isRange = stage >= RANGES_FROM && stage < ONE_RANGE && drive.command.range >= ON_DUMMY;
  return !(isRange && coarse) && sample[VOLTS_AT] - sample[APPLIED_AT] > SETTLED_S;
}

/** One frame of it, in place of the loop: fills relay, code and range of the command. Fault code or
 *  0; after the last one `loop.test` is PROVEN, with the cell shown and zero set on range 0; of one
 *  range 0, with zero set on it, which the ladder has then to see read back. `setpoint` as in
 *  `regulate`. */
export function proveDrive(drive: Drive, setpoint: number): number {
  const loop = drive.loop;
  const command = drive.command;
  let stage = loop.test;
  const isOne = stage >= ONE_RANGE;
  const last = isOne ? ONE_RANGE + 1 : RANGES_FROM + 2 * drive.capabilities.rangesA.length;
  drive.sample[FLOW] += REGULATE_DONE;
  if (isOne) loop.range = loop.proven;
  // The first one was taken before all this.
  if (loop.frames++ > 0) {
    const amperes = currentOf(drive);
    const broken = judge(drive, amperes);
    const fault = count(drive.guard, stage & 1 ? AT_ZERO : DRIVEN, broken);
    if (fault !== 0) return fault;
    if (loop.frames > FRAMES_MAX) return FAULT_RANGES;
    // From a frame with a current back to the zero that it is held against.
    if (broken !== 0) stage -= 1 - (stage & 1);
    else if ((stage & 1) === 0 || isSettled(drive, amperes)) stage++;
  }
  // A range that nobody wants any more need not be proven, and is not.
  if (isOne && setpoint !== setpoint) {
    stage = last + 1;
    loop.proven = -1;
  }
  loop.test = stage <= last ? stage : isOne ? 0 : PROVEN;
  if (!isOne)
    loop.range = stage < RANGES_FROM ? WELD_RANGE : stage < last ? (stage - RANGES_FROM) >> 1 : 0;
  rest(loop, drive.config, command);
  if (loop.test === 0) loop.rung = PREPARING;
  const asks = loop.test > 0 && (isOne || stage < last);
  if (asks && stage !== CELL_SHOWN && stage !== CELL_SHOWN + 1) command.range += ON_DUMMY;
  if (asks && (stage & 1) === 0) {
    const codes = codesPerAmpere(drive.circuit, drive.config, loop.range);
    command.code += Math.floor(currentOf(drive) * codes + 0.5);
  }
  return 0;
}
