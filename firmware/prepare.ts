// How the next frame is to be taken: gains that fit, guards for what must not pass unconfirmed, and
// when. Also whether this frame belongs into the record.
import type { Capabilities, Circuit, Command, RawFrame } from "../hal/port.ts";
import type { Config } from "./config.ts";
import { AREA_CM2, VOLTAGE_GAIN, VOLTAGE_OFFSET } from "./config.ts";
import type { Loop } from "./loop.ts";
import { LADDER_MS, LIVE } from "./loop.ts";
import type { Limits } from "./limits.ts";
import { nextGain } from "./measure.ts";
import { VOLTAGE_MAX, VOLTAGE_MIN } from "./protocol.ts";
import type { Run } from "./run.ts";
import { isResting } from "./run.ts";
import type { Sample } from "./sample.ts";
import { VOLTS_AT } from "./sample.ts";
import { ARMING, HELD, IDLE, LOADING, remaining } from "./schedule.ts";
import { guardVoltage } from "./shorts-state.ts";

/** Data are recorded about this often, and with every event, s. */
const RECORD_S = 1;
/** Less than that by so much does as well; off the grid of frames 50 ms apart, whose last digit
 *  differs between interpreters. */
const NEARLY_S = 0.12;
/** Guards change with gains, set-point and step; and with the temperature, so slowly that every so
 *  many frames will do. */
const LASTING = 16;
/** A current beyond the set-point by more than this, of full scale, is read again: misread once, it
 *  would be charge that never flowed. */
const ASTRAY_SHARE = 0.05;
/** Distance of frames while a finding is followed up, ms. */
const FAST_MS = 100;

/** What of a channel the next frame depends on. */
export interface Outlook {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly config: Config;
  readonly limits: Limits;
  readonly loop: Loop;
  readonly run: Run;
  readonly sample: Sample;
  recordedAt: number;
}

function setGuards(command: Command, outlook: Outlook): void {
  const limits = outlook.limits;
  const step = outlook.run.current;
  const live = outlook.loop.rung === LIVE;
  const low = live ? Math.max(limits.voltageMin, step.values[VOLTAGE_MIN]) : limits.voltageMin;
  const high = live ? Math.min(limits.voltageMax, step.values[VOLTAGE_MAX]) : limits.voltageMax;
  const area = outlook.config[AREA_CM2];
  const short = live ? guardVoltage(outlook.run.shorts, outlook.loop.setpoint, area) : 0;
  const calibration = outlook.config;
  const volts = outlook.circuit.voltsPerCount[command.voltageGain] * calibration[VOLTAGE_GAIN];
  const sense = outlook.circuit.senseVoltsPerCount[command.currentGain];
  const astray = ASTRAY_SHARE * outlook.capabilities.rangesA[command.range];
  const most = Math.abs(outlook.loop.setpoint) + astray;
  const largest = live && most < limits.currentHard ? most : limits.currentHard;
  command.guardMin = (low - calibration[VOLTAGE_OFFSET]) / volts;
  command.guardMax = (high - calibration[VOLTAGE_OFFSET]) / volts;
  command.guardShort = short / volts;
  command.guardCurrent = (largest * outlook.circuit.senseOhms[command.range]) / sense;
}

function clearGuards(command: Command): void {
  command.guardMin = -Infinity;
  command.guardMax = Infinity;
  command.guardShort = 0;
  command.guardCurrent = Infinity;
}

/** Distance to the next frame: shorter on the way to the cell, and such that a frame falls on the
 *  expected end of a step. */
function period(outlook: Outlook): number {
  const capabilities = outlook.capabilities;
  const run = outlook.run;
  const phase = run.schedule.phase;
  const usual = capabilities.framePeriodMs;
  if (outlook.loop.test !== 0) return Math.min(usual, LADDER_MS);
  if (phase === IDLE || phase === HELD) return usual;
  const resting = isResting(run);
  if (phase <= LOADING || (outlook.loop.rung !== LIVE && !resting)) {
    return Math.min(usual, LADDER_MS);
  }
  const totals = run.totals;
  if (totals.fresh) totals.left = remaining(run.current, resting, totals, outlook.sample);
  const leftMs = totals.left * 1000;
  const least = capabilities.framePeriodMinMs;
  const fast = outlook.sample[VOLTS_AT] < run.fastUntil && usual > FAST_MS;
  const wanted = fast ? FAST_MS : usual;
  const soon = leftMs < wanted ? leftMs : wanted;
  return soon > least ? soon : least;
}

/** Completes `command` after relay, code and range are settled. */
export function prepare(command: Command, raw: RawFrame, outlook: Outlook): void {
  const run = outlook.run;
  const schedule = run.schedule;
  const frames = outlook.loop.frames;
  const now = outlook.sample[VOLTS_AT];
  const voltageGain = command.voltageGain;
  const currentGain = command.currentGain;
  command.voltageGain = nextGain(outlook.circuit, raw.voltage, raw.voltageGain);
  command.currentGain = nextGain(outlook.circuit, raw.current, raw.currentGain);
  const same =
    command.voltageGain === voltageGain &&
    command.currentGain === currentGain &&
    outlook.loop.tracking === 0;
  if (schedule.phase <= ARMING || outlook.loop.test !== 0) clearGuards(command);
  else if (!same || run.totals.fresh || frames < LASTING || frames % LASTING === 0)
    setGuards(command, outlook);
  command.periodMs = period(outlook);
  command.burst = 0;
  const underWay = schedule.phase >= LOADING;
  const told = run.events.used > 0 && schedule.phase !== ARMING;
  const due = now < run.fastUntil || now - outlook.recordedAt >= RECORD_S - NEARLY_S;
  command.record = told || (due && underWay) ? 1 : 0;
  if (command.record === 1) outlook.recordedAt = now;
  const wanted = underWay && run.loadedIndex !== schedule.nextIndex;
  command.stepWanted = wanted ? schedule.nextIndex : -1;
}
