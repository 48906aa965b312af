// What the board says: recorded frames, events, and the evidence around them. A verdict is the last
// word: it waits until its evidence has been told.
import type { Line } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { EVENT_VALUES } from "./events.ts";
import type { Evidence, Witness } from "./evidence-state.ts";
import { EVIDENCE_VALUES, createEvidence } from "./evidence-state.ts";
import { setpointOf } from "./run.ts";
import { IDLE } from "./schedule.ts";
import type { FrameMessage } from "./telemetry.ts";
import { EVENT_CONTACT, EVENT_FAULT, EVENT_PROOF, EVENT_SHORT, EVENT_START } from "./telemetry.ts";
import { EVENT_TREND, EVENT_VERDICT, encodeEvent, encodeFrame } from "./telemetry.ts";

/** Lines of evidence a frame, and of a run that is over. */
const LINES = 1;
const LINES_AFTER = 8;
/** A verdict waits for so many frames at most. */
const PATIENCE = 12;

/** What is on its way to the line. */
export interface Speech {
  /** The frame to be sent. Its step is that under which the frame was taken. */
  message: FrameMessage;
  evidence: Evidence;
  /** The verdict held back: its line, "" = none, and frames it has waited. */
  verdict: string;
  waited: number;
  values: Float64Array;
}

function createMessage(): FrameMessage {
  return {
    sequence: 0,
    timeMs: 0,
    voltageUv: 0,
    currentPa: 0,
    setpointPa: 0,
    forceMn: 0,
    temperatureMc: 0,
    step: 0,
    stepCount: 0,
    cycleCount: 1,
    direction: 0,
    chargeInUc: 0,
    chargeOutUc: 0,
  };
}

/** Nothing to say; `looking` = there will be evidence. */
export function createSpeech(looking: boolean): Speech {
  return {
    message: createMessage(),
    evidence: createEvidence(looking),
    verdict: "",
    waited: 0,
    values: new Float64Array(Math.max(EVENT_VALUES, EVIDENCE_VALUES)),
  };
}

function sendFrame(speech: Speech, channel: Channel, line: Line): void {
  const sample = channel.sample;
  const totals = channel.run.totals;
  const message = speech.message;
  message.sequence = sample.sequence;
  message.timeMs = (sample.timeVoltage - totals.startedAt) * 1000;
  message.voltageUv = sample.voltage * 1e6;
  message.currentPa = sample.current * 1e12;
  message.forceMn = sample.force * 1e3;
  message.temperatureMc = sample.temperature * 1e3;
  message.chargeInUc = totals.chargeIn * 1e6;
  message.chargeOutUc = totals.chargeOut * 1e6;
  line.write(encodeFrame(message));
}

function isEvidenced(code: number): boolean {
  const short = code === EVENT_SHORT || code === EVENT_PROOF || code === EVENT_FAULT;
  return short || code === EVENT_CONTACT || code === EVENT_TREND;
}

function sendEvents(speech: Speech, channel: Channel, line: Line, witness: Witness | null): void {
  const events = channel.run.events;
  const values = speech.values;
  const timeMs = (channel.sample.timeVoltage - channel.run.totals.startedAt) * 1000;
  for (let i = 0; i < events.count; i++) {
    const count = events.counts[i];
    const code = events.codes[i];
    for (let k = 0; k < count; k++) values[k] = events.values[i * EVENT_VALUES + k];
    if (witness !== null) {
      if (code === EVENT_START) witness.forget(speech.evidence);
      if (isEvidenced(code)) witness.mark(speech.evidence);
    }
    const text = encodeEvent(code, timeMs, values, count);
    if (code !== EVENT_VERDICT) line.write(text);
    else {
      speech.verdict = text;
      speech.waited = 0;
    }
  }
  events.count = 0;
}

function sendEvidence(speech: Speech, channel: Channel, line: Line, witness: Witness): void {
  const evidence = speech.evidence;
  const over = channel.run.schedule.phase === IDLE;
  if (over) witness.cutShort(evidence);
  for (let left = over ? LINES_AFTER : LINES; left > 0; left--) {
    const text = witness.nextLine(evidence, channel.run.totals.startedAt, speech.values);
    if (text === "") return;
    line.write(text);
  }
}

/** The verdict is the last word. */
function sendVerdict(speech: Speech, line: Line, witness: Witness | null): void {
  if (speech.verdict === "") return;
  const telling = witness !== null && witness.isTelling(speech.evidence);
  if (telling && speech.waited++ < PATIENCE) return;
  line.write(speech.verdict);
  speech.verdict = "";
}

/** The step that begins now labels the frames from the next on. */
function relabel(speech: Speech, channel: Channel): void {
  const schedule = channel.run.schedule;
  const wanted = setpointOf(channel.run);
  const message = speech.message;
  message.setpointPa = channel.loop.setpoint * 1e12;
  message.step = schedule.index;
  message.stepCount = schedule.stepCount;
  message.cycleCount = schedule.cycleCount;
  message.direction = wanted > 0 ? 1 : wanted < 0 ? -1 : 0;
}

/** Says what this frame has brought; `witness` is null on a board without evidence. */
export function speak(speech: Speech, channel: Channel, line: Line, witness: Witness | null): void {
  if (witness !== null) witness.remember(speech.evidence, channel.sample);
  if (channel.command.record === 1) sendFrame(speech, channel, line);
  sendEvents(speech, channel, line, witness);
  if (witness !== null) sendEvidence(speech, channel, line, witness);
  sendVerdict(speech, line, witness);
  relabel(speech, channel);
}
