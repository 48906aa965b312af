// A frame over a slow line. The line is kept full: a question goes out before the last one is
// answered. Each conversion begins, then something else is asked while it lasts, and then it is
// fetched. That it is this conversion and no earlier one has to be shown, since a write that was
// lost leaves no other trace: the second pair by the converter's own settings, which are fetched in
// the waiting time, and any reading that equals the chip's last one is taken again with care.
import { CURRENT, CURRENT_1, CURRENT_2, CURRENT_AGAIN, FORCE_AT } from "../frame.ts";
import { FRAME_AT, MIDDLE_AT, SLOW_AT, TEMPERATURE_AT, VOLTAGE, VOLTAGE_1 } from "../frame.ts";
import { VOLTAGE_2, VOLTAGE_AGAIN, currentDoubtful, voltageDoubtful } from "../frame.ts";
import type { Converter, StatusBits } from "../port.ts";
import type { Reply, Walk, Work } from "./scan-state.ts";

const CODE_FAILED: StatusBits["codeFailed"] = 4;
const RANGE_FAILED: StatusBits["rangeFailed"] = 8;
const FORCE_FAILED: StatusBits["forceFailed"] = 16;
const TEMPERATURE_FAILED: StatusBits["temperatureFailed"] = 32;
const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
const VOLTAGE_REREAD: StatusBits["voltageReread"] = 64;
const VOLTAGE_CLIPPED: StatusBits["voltageClipped"] = 256;

/** A conversion is given up after this, ms, and asked about so often until then. */
const CONVERSION_MAX_MS = 50;
const POLL_MS = 1;
/** The slow sensors are asked about twice a second, ms. */
const SLOW_MS = 475;
const AGAIN = 4;

function converter(work: Work, quantity: number): Converter {
  return quantity === VOLTAGE ? work.parts.voltage : work.parts.current;
}

/** Begins a conversion; answers what it takes, ms. */
function begin(work: Work, quantity: number): number {
  const { parts, readings } = work;
  const gain = readings.gains[quantity];
  return converter(work, quantity).begin(gain, parts.inputs[quantity]);
}

/** Begins the conversion of one of the first four slots, and notes its time. */
function beginSlot(work: Work, slot: number): void {
  const { times } = work.readings;
  const lasts = begin(work, slot & 1);
  times[MIDDLE_AT + slot] = work.parts.link.leavesMs() + lasts / 2;
}

/** What has been answered since the last time. */
function taken(work: Work): Reply[] {
  const { replies } = work;
  work.replies = [];
  return replies;
}

/** The first pair, with the read-backs in its waiting times. */
function askFirst(work: Work): void {
  const { dac, range, voltage, current } = work.parts;
  beginSlot(work, VOLTAGE_1);
  dac.read(work.onReply);
  voltage.read(work.onReply);
  beginSlot(work, CURRENT_1);
  range.read(work.onReply);
  current.read(work.onReply);
}

/** The second pair, with the converter's settings in its waiting times. */
function askSecond(work: Work): void {
  const { voltage, current } = work.parts;
  beginSlot(work, VOLTAGE_2);
  voltage.poll(work.onReply);
  voltage.read(work.onReply);
  beginSlot(work, CURRENT_2);
  current.poll(work.onReply);
  current.read(work.onReply);
}

/** How long to wait until an odd half period of the mains has passed since the first conversion,
 *  ms; what is still to leave needs its time as well. */
function halfPeriod(work: Work, firstMs: number): number {
  const { clock, link, mainsHz } = work.parts;
  const half = 500 / mainsHz;
  let at = firstMs + half;
  while (at < link.leavesMs()) at += 2 * half;
  return Math.max(0, at - clock.now());
}

/** One conversion by itself, asked about until it is over; NaN = a fault. */
function* takeAlone(work: Work, quantity: number): Generator<number, number, undefined> {
  const { clock, link } = work.parts;
  const chip = converter(work, quantity);
  const lasts = begin(work, quantity);
  if (lasts < 0) return NaN;
  const begunMs = link.leavesMs();
  yield begunMs + lasts - clock.now();
  for (;;) {
    chip.poll(work.onReply);
    yield -1;
    const [{ state }] = taken(work);
    if (state === 1) break;
    if (state === -1 || clock.now() - begunMs > CONVERSION_MAX_MS) return NaN;
    yield POLL_MS;
  }
  chip.read(work.onReply);
  yield -1;
  const [{ value, state }] = taken(work);
  work.last = state === 1 ? value : NaN;
  return work.last;
}

/** Takes a quantity anew where its two readings are in doubt, or at the end of the scale: then at
 *  the widest gain, where it is marked. */
function* mend(work: Work, quantity: number): Walk {
  const { counts, gains } = work.readings;
  const { countsMax } = converter(work, quantity);
  const clipped = (value: number): boolean => value >= countsMax || value < -countsMax;
  const widen = clipped(counts[quantity]) || clipped(counts[quantity + 2]);
  if (widen) gains[quantity] = 0;
  let value = yield* takeAlone(work, quantity);
  if (clipped(value) && gains[quantity] !== 0) {
    gains[quantity] = 0;
    value = yield* takeAlone(work, quantity);
  }
  if (clipped(value)) work.frame.status |= VOLTAGE_CLIPPED << quantity;
  if (Number.isNaN(value)) work.frame.status |= VOLTAGE_FAILED << quantity;
  else counts[quantity] = counts[quantity + 2] = value;
}

/** Files a quantity's two readings; true = they have to be mended. */
function file(work: Work, quantity: number, first: Reply, second: Reply, settings: Reply): boolean {
  const { counts } = work.readings;
  const { countsMax } = converter(work, quantity);
  const inside = (value: number): boolean => value < countsMax && value >= -countsMax;
  if (first.state !== 1 || second.state !== 1 || settings.state === -1) return true;
  counts[quantity] = first.value;
  counts[quantity + 2] = second.value;
  return !inside(first.value) || !inside(second.value);
}

/** Reads again what is outside its guards: four conversions, one behind the other. */
function* readAgain(work: Work, quantity: number): Walk {
  const { counts } = work.readings;
  const chip = converter(work, quantity);
  const from = quantity === VOLTAGE ? VOLTAGE_AGAIN : CURRENT_AGAIN;
  work.frame.status |= VOLTAGE_REREAD << quantity;
  for (let i = 0; i < AGAIN; i++) {
    begin(work, quantity);
    chip.poll(work.onReply);
    chip.read(work.onReply);
  }
  yield -2 * AGAIN;
  const replies = taken(work);
  for (let i = 0; i < AGAIN; i++) {
    const [settings, reply] = [replies[2 * i], replies[2 * i + 1]];
    const sound = settings.state !== -1 && reply.state === 1;
    const value = sound ? reply.value : yield* takeAlone(work, quantity);
    if (Number.isNaN(value)) work.frame.status |= VOLTAGE_FAILED << quantity;
    else counts[from + i] = work.last = value;
  }
}

/** Asks for the temperature, and whether there is a new force; answers how many replies come. */
function askSlow(work: Work): number {
  const { parts, readings, onReply } = work;
  const now = parts.clock.now();
  if (now - readings.times[SLOW_AT] < SLOW_MS) return 0;
  readings.times[SLOW_AT] = now;
  parts.temperature.begin(0, parts.inputs[2]);
  if (parts.force.begin(0, 0) < 0) work.frame.status |= FORCE_FAILED;
  parts.force.poll(onReply);
  parts.temperature.read(onReply);
  return 2;
}

function fileSlow(work: Work, force: Reply, temperature: Reply): void {
  const { frame, parts, readings } = work;
  work.forceReady = force.state === 1;
  if (force.state === -1) frame.status |= FORCE_FAILED;
  if (temperature.state === -1) frame.status |= TEMPERATURE_FAILED;
  // The very count of the conversion before: perhaps it is that one. The next time will do.
  if (temperature.state !== 1 || temperature.value === work.last) return;
  frame.temperature = temperature.value;
  work.last = temperature.value;
  readings.times[TEMPERATURE_AT] = parts.clock.now();
}

function fileForce(work: Work, reply: Reply): void {
  work.forceReady = false;
  if (reply.state === -1) work.frame.status |= FORCE_FAILED;
  if (reply.state !== 1) return;
  work.frame.force = reply.value;
  work.readings.times[FORCE_AT] = work.parts.clock.now();
}

/** Files what both pairs have brought, and mends what is in doubt; `before` is the chip's reading
 *  before them. */
function* filePairs(work: Work, replies: readonly Reply[], before: number): Walk {
  const { frame, readings } = work;
  const [code, voltage1, range, current1, settings1, voltage2, settings2, current2] = replies;
  if (code.state === 1) frame.code = code.value;
  else frame.status |= CODE_FAILED;
  if (range.state === 1) frame.range = range.value;
  else frame.status |= RANGE_FAILED;
  // Equal to the chip's reading before: perhaps the conversion never began, or was not over. Of the
  // second pair the settings exclude the former, and where they say "over" the latter.
  const values = [before, voltage1.value, current1.value, voltage2.value, current2.value];
  const repeats = (slot: number): boolean => values[slot + 1] === values[slot];
  const stale2 = repeats(VOLTAGE_2) && settings1.state !== 1;
  const stale3 = repeats(CURRENT_2) && settings2.state !== 1;
  const mendVoltage = file(work, VOLTAGE, voltage1, voltage2, settings1) || stale2;
  const mendCurrent = file(work, CURRENT, current1, current2, settings2) || stale3;
  const counts = readings.counts;
  if (repeats(VOLTAGE_1)) counts[VOLTAGE_1] = counts[VOLTAGE_2];
  if (repeats(CURRENT_1)) counts[CURRENT_1] = counts[CURRENT_2];
  if (mendVoltage) yield* mend(work, VOLTAGE);
  if (mendCurrent) yield* mend(work, CURRENT);
}

/** Walks through a frame. */
export function* walkFrame(work: Work): Walk {
  const { parts, readings, frame, settings } = work;
  readings.times[FRAME_AT] = parts.clock.now();
  readings.gains[VOLTAGE] = settings.voltageGain;
  readings.gains[CURRENT] = settings.currentGain;
  frame.status = 0;
  work.replies = [];
  const firstMs = parts.link.leavesMs();
  askFirst(work);
  yield halfPeriod(work, firstMs);
  askSecond(work);
  const fetchForce = work.forceReady;
  if (fetchForce) parts.force.read(work.onReply);
  const slow = askSlow(work);
  yield -(8 + (fetchForce ? 1 : 0) + slow);
  const replies = taken(work);
  if (fetchForce) fileForce(work, replies[8]);
  const before = work.last;
  work.last = replies[7].value;
  if (slow > 0) fileSlow(work, replies[replies.length - 2], replies[replies.length - 1]);
  yield* filePairs(work, replies, before);
  if (voltageDoubtful(readings, settings)) yield* readAgain(work, VOLTAGE);
  if (currentDoubtful(readings, settings)) yield* readAgain(work, CURRENT);
}
