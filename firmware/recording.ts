// When a frame belongs into the record, where a program has a rule of its own: so far apart in
// time, or (and) after such a change of voltage or current.
import type { Command } from "../hal/port.ts";
import type { Calming } from "./calm.ts";
import { UNTIL } from "./calm.ts";
import type { StepRecord } from "./protocol.ts";
import { FLAGS, FLAG_RECORD_ALL, RECORD_CURRENT, RECORD_TIME } from "./protocol.ts";
import { RECORD_VOLTAGE, TERMS } from "./protocol.ts";
import { AMPS, VOLTS, VOLTS_AT } from "./sample.ts";
import { RUNNING } from "./schedule.ts";
import { RECORDED_AMPS, RECORDED_AT, RECORDED_VOLTS, TIMING } from "./terms-state.ts";

/** A frame that comes so much early counts, s. */
const EARLY_S = 0.01;

function hasRule(step: StepRecord): boolean {
  const values = step.values;
  return values[RECORD_TIME] + values[RECORD_VOLTAGE] + values[RECORD_CURRENT] > 0;
}

/** Whether what the rule asks for has come since the last record. */
function isDue(channel: Calming, rule: StepRecord, n: Float64Array): boolean {
  const sample = channel.sample;
  const values = rule.values;
  const period = values[RECORD_TIME];
  const volts = values[RECORD_VOLTAGE];
  const amperes = values[RECORD_CURRENT];
  const late = sample[VOLTS_AT] - n[RECORDED_AT] >= period - EARLY_S;
  const moved =
    (volts > 0 && Math.abs(sample[VOLTS] - n[RECORDED_VOLTS]) >= volts) ||
    (amperes > 0 && Math.abs(sample[AMPS] - n[RECORDED_AMPS]) >= amperes);
  if (volts === 0 && amperes === 0) return late;
  if (period === 0) return moved;
  return rule.bytes[FLAGS] & FLAG_RECORD_ALL ? late && moved : late || moved;
}

/** As `Terms.pace`. */
export function pace(channel: Calming, command: Command): void {
  const run = channel.run;
  const state = run.terms;
  if (state === undefined || run.schedule.phase !== RUNNING) return;
  const n = state.numbers;
  const sample = channel.sample;
  const own = hasRule(run.current);
  const rule = own ? run.current : state.whole;
  const ruled = own || hasRule(rule);
  const least = channel.capabilities.framePeriodMinMs;
  const told = run.events.used > 0;
  if (ruled && !told && sample[VOLTS_AT] >= run.fastUntil) {
    command.record = isDue(channel, rule, n) ? 1 : 0;
  }
  if (command.record === 1) {
    n[RECORDED_AT] = channel.recordedAt = sample[VOLTS_AT];
    n[RECORDED_VOLTS] = sample[VOLTS];
    n[RECORDED_AMPS] = sample[AMPS];
  }
  const every = rule.values[RECORD_TIME] * 1000;
  if (every > 0 && every < command.periodMs) command.periodMs = Math.max(every, least);
  // What holds must hold in another frame, and that comes in time.
  const due = n[TIMING] * 1000;
  if (due < command.periodMs) command.periodMs = Math.max(due, least);
  const judged = run.current.values[TERMS] > 0 || state.whole.values[TERMS] > 0;
  if (judged || ruled) channel.calm[UNTIL] = 0;
}
