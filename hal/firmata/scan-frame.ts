// A frame over a slow line. The line is kept full: a question goes out before the last one is
// answered. A conversion is over by the time that the next two questions have arrived, or the next
// one at the converter's highest rate. That what is fetched is this conversion and no earlier one
// has to be shown, since a write that was lost leaves no other trace: a reading that equals the
// chip's last one is replaced or taken again with care, and the converter's settings are fetched
// once a frame, of voltage and current in turn.
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

/** The second pair, one of the two with the converter's settings; answers whose. */
function askSecond(work: Work): number {
  const proven = work.frame.sequence & 1;
  for (const slot of [VOLTAGE_2, CURRENT_2]) {
    const chip = converter(work, slot & 1);
    beginSlot(work, slot);
    if (proven === (slot & 1)) chip.poll(work.onReply);
    chip.read(work.onReply);
  }
  return proven;
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
  const recent = now - readings.times[SLOW_AT] < SLOW_MS;
  if (recent && work.settings.doubt !== 1) return 0;
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

/** Replies to both pairs. */
const PAIRS = 7;

/** What the settings say of a quantity that they were not fetched of. */
const UNKNOWN: Reply = { value: 0, state: 0 };

/** Files what both pairs have brought, and mends what is in doubt; `before` is the chip's reading
 *  before them, `proven` the quantity of which the settings were fetched. */
function* filePairs(work: Work, replies: readonly Reply[], before: number, proven: number): Walk {
  const { frame, readings } = work;
  const { counts } = readings;
  const [code, voltage1, range, current1] = replies;
  const [voltage2, current2] = [replies[proven === VOLTAGE ? 5 : 4], replies[6]];
  const settings = replies[proven === VOLTAGE ? 4 : 5];
  if (code.state === 1) frame.code = code.value;
  else frame.status |= CODE_FAILED;
  if (range.state === 1) frame.range = range.value;
  else frame.status |= RANGE_FAILED;
  const values = [before, voltage1.value, current1.value, voltage2.value, current2.value];
  const repeats = (slot: number): boolean => values[slot + 1] === values[slot];
  const stale = (quantity: number): boolean =>
    repeats(quantity + 2) && !(quantity === proven && settings.state === 1);
  const of = (quantity: number): Reply => (quantity === proven ? settings : UNKNOWN);
  const mendVoltage = file(work, VOLTAGE, voltage1, voltage2, of(VOLTAGE)) || stale(VOLTAGE);
  const mendCurrent = file(work, CURRENT, current1, current2, of(CURRENT)) || stale(CURRENT);
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
  const proven = askSecond(work);
  const fetchForce = work.forceReady;
  if (fetchForce) parts.force.read(work.onReply);
  const slow = askSlow(work);
  yield -(PAIRS + (fetchForce ? 1 : 0) + slow);
  const replies = taken(work);
  if (fetchForce) fileForce(work, replies[PAIRS]);
  const before = work.last;
  work.last = replies[PAIRS - 1].value;
  if (slow > 0) fileSlow(work, replies[replies.length - 2], replies[replies.length - 1]);
  yield* filePairs(work, replies, before, proven);
  if (voltageDoubtful(readings, settings)) yield* readAgain(work, VOLTAGE);
  if (currentDoubtful(readings, settings)) yield* readAgain(work, CURRENT);
}
