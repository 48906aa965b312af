// What the board says: recorded frames, events, and the evidence around them. A verdict is the last
// word: it waits until its evidence has been told.
import type { Line } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { EVENT_HEAD } from "./events.ts";
import type { Evidence, Witness } from "./evidence-state.ts";
import { setpointOf } from "./run.ts";
import { AMPS, CELSIUS, NEWTONS, SEQUENCE, VOLTS, VOLTS_AT } from "./sample.ts";
import { IDLE } from "./schedule.ts";
import { EVENT_CONTACT, EVENT_FAULT, EVENT_PROOF, EVENT_SHORT, EVENT_START } from "./telemetry.ts";
import { EVENT_TREND, EVENT_VERDICT, encodeEvent, encodeFrame } from "./telemetry.ts";
import { FRAME_CHARGE_IN_UC, FRAME_CHARGE_OUT_UC, FRAME_CURRENT_PA } from "./telemetry.ts";
import { FRAME_CYCLE_COUNT, FRAME_DIRECTION, FRAME_FORCE_MN, FRAME_SEQUENCE } from "./telemetry.ts";
import { FRAME_SETPOINT_PA, FRAME_STEP, FRAME_STEP_COUNT } from "./telemetry.ts";
import { FRAME_TEMPERATURE_MC, FRAME_TIME_MS, FRAME_VALUES } from "./telemetry.ts";
import { FRAME_VOLTAGE_UV } from "./telemetry.ts";

/** Lines of evidence a frame, and of a run that is over. */
const LINES = 1;
const LINES_AFTER = 8;
/** A verdict waits for so many frames at most. */
const PATIENCE = 12;

/** Added to what is rounded down. */
const HALF = 0.5;

/** What is on its way to the line. */
export interface Speech {
  /** The frame to be sent, `FRAME_…`. Its step is that under which the frame was taken. */
  message: Float64Array;
  /** For the witness alone: on a board without there is none. */
  evidence: Evidence;
  /** The verdict held back: its line, "" = none, and frames it has waited. */
  verdict: string;
  waited: number;
}

/** Nothing to say; without a witness there will be no evidence. */
export function createSpeech(witness: Witness | null): Speech {
  const message = new Float64Array(FRAME_VALUES);
  const evidence = (witness === null ? null : witness.create()) as Evidence;
  message[FRAME_CYCLE_COUNT] = 1;
  return {
    message,
    evidence,
    verdict: "",
    waited: 0,
  };
}

function sendFrame(message: Float64Array, channel: Channel, line: Line): void {
  const sample = channel.sample;
  const totals = channel.run.totals;
  message[FRAME_SEQUENCE] = sample[SEQUENCE];
  message[FRAME_TIME_MS] = (sample[VOLTS_AT] - totals.startedAt) * 1000 + HALF;
  message[FRAME_VOLTAGE_UV] = sample[VOLTS] * 1e6 + HALF;
  message[FRAME_CURRENT_PA] = sample[AMPS] * 1e12 + HALF;
  message[FRAME_FORCE_MN] = sample[NEWTONS] * 1e3 + HALF;
  message[FRAME_TEMPERATURE_MC] = sample[CELSIUS] * 1e3 + HALF;
  message[FRAME_CHARGE_IN_UC] = totals.chargeIn * 1e6 + HALF;
  message[FRAME_CHARGE_OUT_UC] = totals.chargeOut * 1e6 + HALF;
  line.write(encodeFrame(message));
}

/** Events that have evidence, bits `1 << EVENT_…`. */
const EVIDENCED =
  (1 << EVENT_SHORT) |
  (1 << EVENT_PROOF) |
  (1 << EVENT_FAULT) |
  (1 << EVENT_CONTACT) |
  (1 << EVENT_TREND);

function sendEvents(speech: Speech, channel: Channel, line: Line, witness: Witness | null): void {
  const events = channel.run.events;
  const stream = events.stream;
  const timeMs = (channel.sample[VOLTS_AT] - channel.run.totals.startedAt) * 1000;
  for (let at = 0; at < events.used; at += EVENT_HEAD + stream[at + 1]) {
    const code = stream[at];
    if (witness !== null) {
      if (code === EVENT_START) witness.forget(speech.evidence);
      if (EVIDENCED & (1 << code)) witness.mark(speech.evidence);
    }
    const text = encodeEvent(stream, at, timeMs);
    if (code !== EVENT_VERDICT) line.write(text);
    else {
      speech.verdict = text;
      speech.waited = 0;
    }
  }
}

function sendEvidence(speech: Speech, channel: Channel, line: Line, witness: Witness): void {
  const evidence = speech.evidence;
  const over = channel.run.schedule.phase === IDLE;
  if (over) witness.cutShort(evidence);
  for (let left = over ? LINES_AFTER : LINES; left > 0; left--) {
    const text = witness.nextLine(evidence, channel.run.totals.startedAt, evidence.values);
    if (text === "") return;
    line.write(text);
  }
}

/** The verdict is the last word. */
function sendVerdict(speech: Speech, line: Line, witness: Witness | null): void {
  const telling = witness !== null && witness.isTelling(speech.evidence);
  if (telling && speech.waited++ < PATIENCE) return;
  line.write(speech.verdict);
  speech.verdict = "";
}

/** The step that begins now labels the frames from the next on. */
function relabel(message: Float64Array, channel: Channel): void {
  const schedule = channel.run.schedule;
  const tracks = channel.loop.tracking !== 0;
  const wanted = tracks ? channel.run.totals.stepCharge : setpointOf(channel.run);
  message[FRAME_SETPOINT_PA] = channel.loop.setpoint * 1e12 + HALF;
  message[FRAME_STEP] = schedule.index;
  message[FRAME_STEP_COUNT] = schedule.stepCount;
  message[FRAME_CYCLE_COUNT] = schedule.cycleCount;
  message[FRAME_DIRECTION] = wanted > 0 ? 1 : wanted < 0 ? -1 : 0;
}

/** Says what this frame has brought; `witness` is null on a board without evidence. */
export function speak(speech: Speech, channel: Channel, line: Line, witness: Witness | null): void {
  if (witness !== null) witness.remember(speech.evidence, channel.sample);
  if (channel.command.record === 1) sendFrame(speech.message, channel, line);
  if (channel.run.events.used > 0) sendEvents(speech, channel, line, witness);
  if (witness !== null) sendEvidence(speech, channel, line, witness);
  if (speech.verdict !== "") sendVerdict(speech, line, witness);
  const message = speech.message;
  const isOther = message[FRAME_STEP_COUNT] !== channel.run.schedule.stepCount;
  const moves = channel.loop.frames === 0 || channel.loop.tracking !== 0;
  if (isOther || moves) relabel(message, channel);
}
