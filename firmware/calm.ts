// Frames that say nothing new. On a board each statement costs time, and most frames of a long
// test repeat the one before: while a step runs on undisturbed, the whole tick judges one frame a
// second, and those between are held against bands around it, in counts. Every condition that the
// supervisor and the hard rule know leaves a band or sets a status bit, fresh readings of the slow
// sensors too, and then the whole tick judges that very frame.
import type { Command, RawFrame } from "../hal/port.ts";
import { CURRENT_GAIN, CURRENT_OFFSET, PER_RANGE, VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import type { Guard } from "./fault.ts";
import { AT_REST, LIVE } from "./loop.ts";
import type { Outlook } from "./prepare.ts";
import { PENDING } from "./proof-places.ts";
import { isActive } from "./proof-state.ts";
import { KIND, STEP_LOOP } from "./protocol.ts";
import { isResting } from "./run.ts";
import { AMPS, AMPS_AT, RELAY, SLOW_READ, VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING } from "./schedule.ts";

/** The whole tick runs at least this often, ms. */
const WHOLE_MS = 1000;
/** After a disturbance, an event or a change of current every frame is judged whole, ms. */
const DISTURBED_MS = 10_000;
/** Bands: share of the reading, and counts beside it. */
const VOLTAGE_SHARE = 0.01;
const VOLTAGE_COUNTS = 4;
const CURRENT_SHARE = 0.002;
const CURRENT_COUNTS = 8;
const FORCE_N = 10;
/** About 0.1 K of a thermistor at the end of its scale, 0.3 K of a digital thermometer. */
const TEMPERATURE_COUNTS = 40;

/** What the next frames are held against, and what the calm ones have brought: numbers in the
 *  places below. Times in ms since boot. */
export type Calm = Float64Array;

/** Before then a frame may say nothing new; 0 = none may. */
export const UNTIL = 0;
/** The last calm frame, and how far the next may be from it. */
const AT = 1;
const GAP = 2;
/** Read back from the chips. */
const CODE = 3;
const RANGE = 4;
/** Lower and upper bounds in counts. */
const VOLTAGE_LOW = 5;
const VOLTAGE_HIGH = 6;
const CURRENT_LOW = 7;
const CURRENT_HIGH = 8;
/** Counts of the calm frames since the last whole one, added up, and how many these are. */
const VOLTAGE_SUM = 9;
const CURRENT_SUM = 10;
export const COUNT = 11;
/** Of the slow sensors, as last judged. */
const FORCE = 12;
const TEMPERATURE = 13;
/** V and A a count stands for, and A at zero counts. */
const VOLTS_PER_COUNT = 14;
const AMPERES_PER_COUNT = 15;
const OFFSET_AMPERES = 16;
/** When charge was counted last. */
const COUNTED_AT = 17;
/** After a disturbance: no calm frame before then. */
export const FROM = 18;
/** The frame that is judged whole is within the bands: they may stay. */
const HELD = 19;
const PLACES = 20;

/** What of a channel calm frames touch. */
export interface Calming extends Outlook {
  readonly command: Command;
  readonly guard: Guard;
  readonly calm: Calm;
}

/** Nothing is known: every frame is judged whole. */
export function createCalm(): Calm {
  return new Float64Array(PLACES);
}

/** Whether the frame says nothing new; then its time and its readings are kept, and that is all.
 *  Flat, since it is what a board does most of its time. */
export function coast(c: Calm, raw: RawFrame): boolean {
  const time = raw.timeVoltage;
  if (
    raw.status !== 0 ||
    time >= c[UNTIL] ||
    !(time > c[AT] && time - c[AT] <= c[GAP]) ||
    raw.code !== c[CODE] ||
    raw.range !== c[RANGE] ||
    !(raw.voltage >= c[VOLTAGE_LOW] && raw.voltage <= c[VOLTAGE_HIGH]) ||
    !(raw.current >= c[CURRENT_LOW] && raw.current <= c[CURRENT_HIGH])
  )
    return false;
  c[AT] = time;
  c[VOLTAGE_SUM] += raw.voltage;
  c[CURRENT_SUM] += raw.current;
  c[COUNT]++;
  return true;
}

/** When the last frame was taken, s since boot, if the last whole one was at `at`. */
export function lastAt(c: Calm, at: number): number {
  return c[COUNT] === 0 ? at : c[AT] / 1000;
}

/** Charge of the calm frames that is not counted yet, C. */
export function uncounted(c: Calm): number {
  if (c[COUNT] === 0) return 0;
  const amperes = (c[CURRENT_SUM] / c[COUNT]) * c[AMPERES_PER_COUNT] + c[OFFSET_AMPERES];
  return (amperes * (c[AT] - c[COUNTED_AT])) / 1000;
}

/** Brings the sample and the sums of charge up to the last calm frame. */
export function sync(channel: Calming): void {
  const c = channel.calm;
  const sample = channel.sample;
  const totals = channel.run.totals;
  const count = c[COUNT];
  if (count === 0) return;
  const charge = uncounted(c);
  c[COUNT] = 0;
  if (c[AT] === c[COUNTED_AT]) return;
  if (charge > 0) totals.chargeIn += charge;
  else totals.chargeOut -= charge;
  totals.stepCharge += charge;
  sample[VOLTS] = (c[VOLTAGE_SUM] / count) * c[VOLTS_PER_COUNT] + channel.config[VOLTAGE_OFFSET];
  sample[VOLTS_AT] = c[AT] / 1000;
  sample[AMPS] = (c[CURRENT_SUM] / count) * c[AMPERES_PER_COUNT] + c[OFFSET_AMPERES];
  sample[AMPS_AT] += (c[AT] - c[COUNTED_AT]) / 1000;
  c[COUNTED_AT] = c[AT];
}

/** Puts a calm frame's own readings into the sample, for one who keeps every frame. */
export function show(channel: Calming, raw: RawFrame): void {
  const c = channel.calm;
  const sample = channel.sample;
  sample[VOLTS_AT] = raw.timeVoltage / 1000;
  sample[VOLTS] = raw.voltage * c[VOLTS_PER_COUNT] + channel.config[VOLTAGE_OFFSET];
  sample[AMPS] = raw.current * c[AMPERES_PER_COUNT] + c[OFFSET_AMPERES];
}

/** At the begin of a whole tick. A frame that comes after calm ones, and is as calm as they, stands
 *  for all of them with their mean voltage, so that no reading is lost to the rules. If one that
 *  was expected to be calm is not, those after it are judged whole for a while. */
export function gather(channel: Calming, raw: RawFrame): void {
  const c = channel.calm;
  raw.status &= ~SLOW_READ;
  c[HELD] = 0;
  if (c[UNTIL] !== 0) {
    const at = c[AT];
    const newtons = (raw.force - c[FORCE]) * channel.circuit.newtonsPerCount;
    const warmth = raw.temperature - c[TEMPERATURE];
    const near = Math.abs(newtons) <= FORCE_N && Math.abs(warmth) <= TEMPERATURE_COUNTS;
    c[UNTIL] = Infinity;
    if (coast(c, raw) && near) {
      raw.voltage = c[VOLTAGE_SUM] / c[COUNT];
      c[HELD] = 1;
    } else c[FROM] = raw.timeVoltage + DISTURBED_MS;
    c[UNTIL] = 0;
    c[AT] = at;
  }
  sync(channel);
}

/** Whether the run goes on undisturbed, with nothing to be counted, followed up or fetched. */
function isSteady(channel: Calming): boolean {
  const run = channel.run;
  const proof = run.proof;
  if (run.schedule.phase !== RUNNING || run.events.used > 0) return false;
  if (channel.loop.rung !== (isResting(run) ? AT_REST : LIVE)) return false;
  if (channel.loop.tracking !== 0) return false;
  if (run.suspectedAt >= 0 || isActive(proof) || proof.numbers[PENDING] !== 0) return false;
  if (channel.guard.counting !== 0 || channel.guard.incomplete !== 0) return false;
  if (channel.sample[VOLTS_AT] < run.fastUntil || channel.command.burst !== 0) return false;
  return run.loadedIndex === run.schedule.nextIndex && run.next.bytes[KIND] !== STEP_LOOP;
}

/** Whether the last disturbance or change is long over, `half` a frame's period less. */
function isRested(channel: Calming, raw: RawFrame, half: number): boolean {
  const c = channel.calm;
  const now = raw.timeVoltage;
  const changed = Math.max(channel.loop.changedAt, channel.run.totals.stepStartedAt) * 1000;
  if (now - changed >= DISTURBED_MS - half) return now >= c[FROM] - half && raw.range >= 0;
  c[FROM] = Math.max(c[FROM], now + DISTURBED_MS);
  return false;
}

/** Bands around the frame, and what its counts stand for. */
function centre(channel: Calming, raw: RawFrame): void {
  const c = channel.calm;
  const circuit = channel.circuit;
  const config = channel.config;
  const range = raw.range;
  const sense = circuit.senseVoltsPerCount[raw.currentGain] / circuit.senseOhms[range];
  const voltage = VOLTAGE_COUNTS * circuit.noiseCounts + VOLTAGE_SHARE * Math.abs(raw.voltage);
  const current = CURRENT_COUNTS * circuit.noiseCounts + CURRENT_SHARE * Math.abs(raw.current);
  c[VOLTAGE_LOW] = raw.voltage - voltage;
  c[VOLTAGE_HIGH] = raw.voltage + voltage;
  c[CURRENT_LOW] = raw.current - current;
  c[CURRENT_HIGH] = raw.current + current;
  c[VOLTS_PER_COUNT] = circuit.voltsPerCount[raw.voltageGain] * config[VOLTAGE_GAIN];
  c[AMPERES_PER_COUNT] = sense * config[CURRENT_GAIN + PER_RANGE * range];
  c[OFFSET_AMPERES] = config[CURRENT_OFFSET + PER_RANGE * range];
  // At rest the current is the dummy's, and none of the cell's.
  if (channel.sample[RELAY] !== 1) c[AMPERES_PER_COUNT] = c[OFFSET_AMPERES] = 0;
}

/** Whether the bands need not be moved: the voltage is not near either end of its own. */
function fits(c: Calm, volts: number): boolean {
  const quarter = (c[VOLTAGE_HIGH] - c[VOLTAGE_LOW]) / 4;
  return volts - c[VOLTAGE_LOW] > quarter && c[VOLTAGE_HIGH] - volts > quarter;
}

/** After a whole tick: what the frames to come are held against, or that they are judged whole. */
export function setBands(channel: Calming, raw: RawFrame): void {
  const c = channel.calm;
  const command = channel.command;
  const now = raw.timeVoltage;
  c[UNTIL] = 0;
  // Half a frame less, so that frames on a grid of time do not hang on a last digit.
  const half = command.periodMs / 2;
  if (!isSteady(channel) || raw.status !== 0) {
    c[FROM] = Math.max(c[FROM], now + DISTURBED_MS);
    return;
  }
  if (c[HELD] === 0 && !isRested(channel, raw, half)) return;
  if (command.voltageGain !== raw.voltageGain || command.currentGain !== raw.currentGain) return;
  if (c[HELD] === 0 || !fits(c, raw.voltage)) centre(channel, raw);
  c[AT] = c[COUNTED_AT] = now;
  c[GAP] = 2 * command.periodMs;
  c[CODE] = command.code;
  c[RANGE] = command.range;
  c[FORCE] = raw.force;
  c[TEMPERATURE] = raw.temperature;
  c[VOLTAGE_SUM] = c[CURRENT_SUM] = c[COUNT] = 0;
  // The frame on which a step ends is called for by the whole tick before it.
  const left = channel.run.totals.left * 1000 - command.periodMs;
  c[UNTIL] = now + (left < WHOLE_MS ? left : WHOLE_MS) - half;
}
