// Frames that say nothing new. On a board each statement costs time, and most frames of a long
// test repeat the one before: while a step runs on undisturbed, the whole tick judges one frame a
// second, and those between are held against bands around it, in counts. Every condition that the
// supervisor and the hard rule know leaves a band or sets a status bit, and then the whole tick
// judges that very frame.
import type { Command, RawFrame } from "../hal/port.ts";
import { CURRENT_GAIN, CURRENT_OFFSET, PER_RANGE, VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import { AT_REST, LIVE } from "./loop.ts";
import type { Outlook } from "./prepare.ts";
import { PENDING } from "./proof-places.ts";
import { isActive } from "./proof-state.ts";
import { KIND, STEP_LOOP } from "./protocol.ts";
import { isResting } from "./run.ts";
import { AMPS, AMPS_AT, RELAY, SEQUENCE, VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING, remaining } from "./schedule.ts";

/** The whole tick runs at least this often, ms. */
const WHOLE_MS = 1000;
/** After a disturbance, an event or a change of current every frame is judged whole, ms. */
const DISTURBED_MS = 10_000;
/** Older readings of force and temperature are a fault, ms; here both ages together, as in
 *  supervise.ts each. */
const SLOW_AGE_MS = 5000;
/** Bands: share of the reading, and counts beside it. */
const VOLTAGE_SHARE = 0.01;
const VOLTAGE_COUNTS = 4;
const CURRENT_SHARE = 0.002;
const CURRENT_COUNTS = 8;
const FORCE_N = 10;
/** About 0.1 K of a thermistor at the end of its scale, 0.3 K of a digital thermometer. */
const TEMPERATURE_COUNTS = 40;

// Places in `Calm.bands`: lower and upper bounds in counts, ...
const VOLTAGE_BAND = 0;
const CURRENT_BAND = 2;
const FORCE_BAND = 4;
const TEMPERATURE_BAND = 6;
/** ... V and A a count stands for, and A at zero counts. */
const VOLTS_PER_COUNT = 8;
const AMPERES_PER_COUNT = 9;
const OFFSET_AMPERES = 10;
/** Sum of the calm frames' counts since the last whole one, and how many they are. */
const SUM = 11;
const COUNT = 12;
const PLACES = 13;

/** What the next frames are held against. */
export interface Calm {
  /** Before then a frame may say nothing new, ms since boot; 0 = none may. */
  until: number;
  /** After a disturbance: not before then. */
  from: number;
  voltageGain: number;
  currentGain: number;
  bands: Float64Array;
}

/** What of a channel a calm frame touches. */
export interface Calming extends Outlook {
  readonly command: Command;
  readonly calm: Calm;
}

/** Nothing is known: every frame is judged whole. */
export function createCalm(): Calm {
  return { until: 0, from: 0, voltageGain: 0, currentGain: 0, bands: new Float64Array(PLACES) };
}

function disturb(calm: Calm, raw: RawFrame): void {
  calm.until = 0;
  calm.from = raw.timeVoltage + DISTURBED_MS;
  calm.bands[COUNT] = 0;
}

/** At the begin of a whole tick: a frame that comes after calm ones, and is as calm as they, stands
 *  for all of them with their mean voltage, so that no reading is lost to the rules. */
export function gather(calm: Calm, raw: RawFrame): void {
  const b = calm.bands;
  const count = b[COUNT];
  if (count === 0) return;
  const alike = raw.status === 0 && raw.voltageGain === calm.voltageGain;
  const within = raw.voltage >= b[VOLTAGE_BAND] && raw.voltage <= b[VOLTAGE_BAND + 1];
  if (alike && within) raw.voltage = (b[SUM] + raw.voltage) / (count + 1);
  b[COUNT] = 0;
}

/** Whether the frame says nothing new; then its time, its charge (by the trapezoid rule) and its
 *  reading are taken, and that is all. If it does say something although none was expected to, the
 *  next ones are judged whole for a while. Flat, since it is what a board does most of its time. */
export function coast(channel: Calming, raw: RawFrame): boolean {
  const calm = channel.calm;
  const b = calm.bands;
  const command = channel.command;
  const sample = channel.sample;
  const time = raw.timeVoltage / 1000;
  const elapsed = time - sample[VOLTS_AT];
  let held = raw.status === 0 && raw.code === command.code && raw.range === command.range;
  if (raw.voltageGain !== calm.voltageGain || raw.currentGain !== calm.currentGain) held = false;
  if (!(elapsed > 0 && elapsed * 500 <= command.periodMs)) held = false;
  if (!(raw.voltage >= b[VOLTAGE_BAND] && raw.voltage <= b[VOLTAGE_BAND + 1])) held = false;
  if (!(raw.current >= b[CURRENT_BAND] && raw.current <= b[CURRENT_BAND + 1])) held = false;
  if (!(raw.force >= b[FORCE_BAND] && raw.force <= b[FORCE_BAND + 1])) held = false;
  if (!(raw.temperature >= b[TEMPERATURE_BAND] && raw.temperature <= b[TEMPERATURE_BAND + 1]))
    held = false;
  if (raw.sequence === sample[SEQUENCE] || raw.forceAge < 0 || raw.temperatureAge < 0) held = false;
  if (!(raw.forceAge + raw.temperatureAge <= SLOW_AGE_MS)) held = false;
  if (!held) {
    disturb(calm, raw);
    return false;
  }
  const at = raw.timeCurrent / 1000;
  const current = raw.current * b[AMPERES_PER_COUNT] + b[OFFSET_AMPERES];
  const charge = ((sample[AMPS] + current) / 2) * (at - sample[AMPS_AT]);
  const totals = channel.run.totals;
  if (charge > 0) totals.chargeIn += charge;
  else totals.chargeOut -= charge;
  totals.stepCharge += charge;
  sample[SEQUENCE] = raw.sequence;
  sample[VOLTS_AT] = time;
  sample[AMPS_AT] = at;
  sample[AMPS] = current;
  b[SUM] = b[COUNT] > 0 ? b[SUM] + raw.voltage : raw.voltage;
  b[COUNT]++;
  sample[VOLTS] = raw.voltage * b[VOLTS_PER_COUNT] + channel.config[VOLTAGE_OFFSET];
  return true;
}

/** Whether the run goes on undisturbed, with nothing to be followed up or fetched. */
function isSteady(channel: Calming): boolean {
  const run = channel.run;
  const proof = run.proof;
  if (run.schedule.phase !== RUNNING || run.events.used > 0) return false;
  if (channel.loop.rung !== (isResting(run) ? AT_REST : LIVE)) return false;
  if (run.suspectedAt >= 0 || isActive(proof) || proof.numbers[PENDING] !== 0) return false;
  if (channel.sample[VOLTS_AT] < run.fastUntil || channel.command.burst !== 0) return false;
  return run.loadedIndex === run.schedule.nextIndex && run.next.bytes[KIND] !== STEP_LOOP;
}

function band(bands: Float64Array, place: number, counts: number, half: number): void {
  bands[place] = counts - half;
  bands[place + 1] = counts + half;
}

/** After a whole tick: what the frames to come are held against, or that they are judged whole. */
export function settle(channel: Calming, raw: RawFrame): void {
  const calm = channel.calm;
  const bands = calm.bands;
  const run = channel.run;
  const circuit = channel.circuit;
  const config = channel.config;
  const now = raw.timeVoltage;
  calm.until = 0;
  const changed = Math.max(channel.loop.changedAt, run.totals.stepStartedAt) * 1000;
  // Half a frame less, so that frames on a grid of time do not hang on a last digit.
  const half = channel.command.periodMs / 2;
  if (!isSteady(channel) || raw.status !== 0 || now - changed < DISTURBED_MS - half) {
    calm.from = Math.max(calm.from, now + DISTURBED_MS);
    return;
  }
  if (now < calm.from - half || raw.range < 0) return;
  const left = remaining(run.current, isResting(run), run.totals, channel.sample) * 1000;
  // The frame on which a step ends is called for by the whole tick before it.
  calm.until = now + Math.min(WHOLE_MS, left - channel.command.periodMs);
  calm.until -= half;
  calm.voltageGain = channel.command.voltageGain;
  calm.currentGain = channel.command.currentGain;
  if (calm.voltageGain !== raw.voltageGain || calm.currentGain !== raw.currentGain) calm.until = 0;
  const range = raw.range;
  bands[VOLTS_PER_COUNT] = circuit.voltsPerCount[raw.voltageGain] * config[VOLTAGE_GAIN];
  bands[AMPERES_PER_COUNT] =
    (circuit.senseVoltsPerCount[raw.currentGain] / circuit.senseOhms[range]) *
    config[CURRENT_GAIN + PER_RANGE * range];
  bands[OFFSET_AMPERES] = config[CURRENT_OFFSET + PER_RANGE * range];
  // At rest the current is the dummy's, and none of the cell's.
  if (channel.sample[RELAY] !== 1) bands[AMPERES_PER_COUNT] = bands[OFFSET_AMPERES] = 0;
  const voltage = VOLTAGE_COUNTS * circuit.noiseCounts + VOLTAGE_SHARE * Math.abs(raw.voltage);
  band(bands, VOLTAGE_BAND, raw.voltage, voltage);
  const current = CURRENT_COUNTS * circuit.noiseCounts + CURRENT_SHARE * Math.abs(raw.current);
  band(bands, CURRENT_BAND, raw.current, current);
  band(bands, FORCE_BAND, raw.force, FORCE_N / circuit.newtonsPerCount);
  band(bands, TEMPERATURE_BAND, raw.temperature, TEMPERATURE_COUNTS);
}
