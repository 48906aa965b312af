// What goes over the line with a frame: the frame, its events, their evidence; and the verdict,
// which is the last word.
import { describe, expect, test } from "vitest";
import type { Channel } from "../../firmware/channel.ts";
import { createChannel } from "../../firmware/channel.ts";
import { add, note } from "../../firmware/events.ts";
import { WITNESS } from "../../firmware/evidence.ts";
import { EVENT } from "../../firmware/evidence-state.ts";
import type { Witness } from "../../firmware/evidence-state.ts";
import { IDLE, RUNNING } from "../../firmware/schedule.ts";
import type { Speech } from "../../firmware/speak.ts";
import { createSpeech, speak } from "../../firmware/speak.ts";
import { EVENT_CONTACT, EVENT_COVARIATE, EVENT_FAULT } from "../../firmware/telemetry.ts";
import { EVENT_PROOF, EVENT_PULSE, EVENT_SHORT, EVENT_START } from "../../firmware/telemetry.ts";
import { EVENT_STEP, EVENT_TREND, EVENT_UNDECIDABLE } from "../../firmware/telemetry.ts";
import { EVENT_VERDICT, decodeEvent, decodeEvidence } from "../../firmware/telemetry.ts";
import { decodeFrame } from "../../firmware/telemetry.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, sampleOf } from "./specimen.ts";
import { currentRecord } from "./records.ts";

/** A speaker under a running channel. */
interface Stage {
  channel: Channel;
  speech: Speech;
  witness: Witness | null;
  lines: string[];
  /** Frames so far. */
  count: number;
  /** Numbers in the stream of events that a frame left behind. */
  told: number;
}

/** A board that carries evidence, or not. */
function stage(witness: Witness | null = WITNESS): Stage {
  const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
  channel.run.schedule.phase = RUNNING;
  channel.run.current = currentRecord(1e-3);
  const speech = createSpeech(witness);
  return { channel, speech, witness, lines: [], count: 0, told: 0 };
}

/** One frame with these events; the lines it brings. A burst that is wanted is there at once when
 *  `burst` says so. */
function frame(on: Stage, events: number[] = [], record = 0, burst = true): string[] {
  const { channel, speech } = on;
  const before = on.lines.length;
  channel.sample = sampleOf({ sequence: on.count, timeVoltage: on.count * 0.2, voltage: 0.1 });
  channel.command.record = record;
  for (const code of events) {
    note(channel.run.events, code);
    add(channel.run.events, 100 + on.count);
  }
  const line = { open: () => undefined, write: (text: string) => on.lines.push(text) > 0 };
  speak(speech, channel, line, on.witness);
  // The journal reads them still; the shell is done with them then.
  on.told = channel.run.events.used;
  channel.run.events.used = 0;
  if (burst && on.witness !== null && speech.evidence.burstWanted) {
    WITNESS.keepBurst(speech.evidence, new Float32Array(80), 80, 1, 0, on.count * 0.2, 0.0025);
  }
  on.count++;
  return on.lines.slice(before);
}

const kinds = (lines: string[]): string => lines.map((line) => line[2]).join("");

function codes(lines: string[]): number[] {
  return lines.map(decodeEvent).flatMap((event) => (event === null ? [] : [event.code]));
}

test("a frame comes first, then its events in order, then evidence", () => {
  const on = stage();
  for (let i = 0; i < 40; i++) expect(frame(on)).toEqual([]);
  const lines = frame(on, [EVENT_STEP, EVENT_SHORT, EVENT_COVARIATE], 1);
  expect(kinds(lines)).toBe("deeev");
  expect(codes(lines)).toEqual([EVENT_STEP, EVENT_SHORT, EVENT_COVARIATE]);
  expect(on.told).toBe(9);
  expect(kinds(frame(on, [], 1))).toBe("dv");
});

test("a frame is sent when it is wanted only", () => {
  const on = stage();
  expect(frame(on, [], 0)).toEqual([]);
  const [line] = frame(on, [], 1);
  expect(decodeFrame(line)).toMatchObject({ sequence: 1, timeMs: 200, voltageUv: 1e5 });
});

describe("evidence", () => {
  test.each([EVENT_SHORT, EVENT_PROOF, EVENT_FAULT, EVENT_CONTACT, EVENT_TREND])(
    "belongs to what says something of the cell (%i)",
    (code) => {
      const on = stage();
      frame(on, [code]);
      expect(on.speech.evidence.numbers[EVENT]).toBe(1);
    },
  );

  test.each([EVENT_START, EVENT_STEP, EVENT_UNDECIDABLE, EVENT_PULSE, EVENT_COVARIATE])(
    "does not belong to %i",
    (code) => {
      const on = stage();
      frame(on, [code]);
      expect(on.speech.evidence.burstWanted).toBe(false);
      expect(on.speech.evidence.numbers[EVENT]).toBe(0);
    },
  );

  test("is at most one line a frame while the run goes on", () => {
    const on = stage();
    for (let i = 0; i < 40; i++) frame(on);
    const each = [frame(on, [EVENT_SHORT])];
    for (let i = 0; i < 40; i++) each.push(frame(on));
    expect(Math.max(...each.map((lines) => kinds(lines).replace(/[^v]/g, "").length))).toBe(1);
    const told = each.flat().map(decodeEvidence);
    const points = (burst: boolean): number =>
      told.reduce((sum, m) => sum + (m?.burst === burst ? m.points.length / 3 : 0), 0);
    expect([points(false), points(true)]).toEqual([48, 80]);
  });
});

describe("the verdict", () => {
  /** A run that ends with these events, and 30 frames more. */
  function ended(events: number[], burst = true): string[][] {
    const on = stage();
    for (let i = 0; i < 40; i++) frame(on);
    on.channel.run.schedule.phase = IDLE;
    const all = [frame(on, events, 1, burst)];
    for (let i = 0; i < 30; i++) all.push(frame(on, [], 0, burst));
    return all;
  }

  test("without evidence is said at once", () => {
    const [first, ...others] = ended([EVENT_VERDICT]);
    expect(kinds(first)).toBe("de");
    expect(others.flat()).toEqual([]);
  });

  test("is the last word, once, in few frames", () => {
    const frames = ended([EVENT_SHORT, EVENT_VERDICT]);
    const lines = frames.flat();
    expect(codes(lines)).toEqual([EVENT_SHORT, EVENT_VERDICT]);
    expect(lines.map(decodeEvent).at(-1)).toMatchObject({ code: EVENT_VERDICT, values: [140] });
    expect(kinds(lines)).toMatch(/^dev+e$/);
    const last = frames.findIndex((each) => codes(each).includes(EVENT_VERDICT));
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThanOrEqual(4);
    const evidence = lines.map(decodeEvidence).filter((each) => each !== null);
    expect(evidence.filter(({ burst }) => burst).flatMap(({ points }) => points)).toHaveLength(240);
    // 32 frames up to that of the event; none comes after a run that is over.
    expect(evidence.filter(({ burst }) => !burst).flatMap(({ points }) => points)).toHaveLength(96);
  });

  test("waits for a burst that never comes twelve frames, not for ever", () => {
    const frames = ended([EVENT_SHORT, EVENT_VERDICT], false);
    const when = frames.findIndex((each) => codes(each).includes(EVENT_VERDICT));
    expect(when).toBeGreaterThan(8);
    expect(when).toBeLessThanOrEqual(12);
    expect(frames.slice(when + 1).flat()).toEqual([]);
    expect(codes(frames.flat())).toEqual([EVENT_SHORT, EVENT_VERDICT]);
  });

  test("waits for nothing on a board without evidence", () => {
    const on = stage(null);
    for (let i = 0; i < 40; i++) frame(on);
    on.channel.run.schedule.phase = IDLE;
    const lines = frame(on, [EVENT_SHORT, EVENT_VERDICT], 1);
    expect(kinds(lines)).toBe("dee");
    expect(codes(lines)).toEqual([EVENT_SHORT, EVENT_VERDICT]);
    for (let i = 0; i < 30; i++) expect(frame(on)).toEqual([]);
  });

  test("tells when it was reached, not when it is said", () => {
    const lines = ended([EVENT_SHORT, EVENT_VERDICT]).flat();
    expect(decodeEvent(lines.at(-1) ?? "")?.timeMs).toBe(40 * 200);
  });
});

test("frames are labelled with the step under which they were taken", () => {
  const on = stage();
  const { channel } = on;
  channel.loop.setpoint = 1e-3;
  Object.assign(channel.run.schedule, { index: 4, stepCount: 7, cycleCount: 2 });
  const first = decodeFrame(frame(on, [], 1)[0]);
  expect(first).toMatchObject({ step: 0, stepCount: 0, setpointPa: 0, direction: 0 });
  channel.run.current = currentRecord(-2e-3);
  const second = decodeFrame(frame(on, [], 1)[0]);
  expect(second).toMatchObject({ step: 4, stepCount: 7, cycleCount: 2, setpointPa: 1e9 });
  expect(second?.direction).toBe(1);
  expect(decodeFrame(frame(on, [], 1)[0])?.direction).toBe(-1);
});

test("another run counts its evidence from 1", () => {
  const on = stage();
  for (let i = 0; i < 3; i++) frame(on, [EVENT_SHORT]);
  expect(on.speech.evidence.numbers[EVENT]).toBe(3);
  frame(on, [EVENT_START, EVENT_FAULT]);
  expect(on.speech.evidence.numbers[EVENT]).toBe(1);
});

test("a board without a witness has no room for frames", () => {
  expect(createSpeech(null).evidence).toBe(null);
});
