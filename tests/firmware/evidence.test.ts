// The frames and readings around an event: none lost, none doubled, in lines of bounded length.
import { describe, expect, test } from "vitest";
import type { Evidence } from "../../firmware/evidence-state.ts";
import { BURST_READINGS, EVIDENCE_VALUES, createEvidence } from "../../firmware/evidence-state.ts";
import { WITNESS } from "../../firmware/evidence.ts";
import type { EvidenceMessage } from "../../firmware/telemetry.ts";
import { decodeEvidence } from "../../firmware/telemetry.ts";
import { sampleOf } from "./specimen.ts";

const { cutShort, forget, isTelling, keepBurst, mark, nextLine, remember } = WITNESS;
const PERIOD = 0.2;
/** Frames before an event, from it on, and points of a line. */
const [BEFORE, AFTER, POINTS] = [32, 16, 8];

interface Point {
  ms: number;
  volts: number;
  amps: number;
}

function pointsOf(message: EvidenceMessage): Point[] {
  return Array.from({ length: message.points.length / 3 }, (_, i) => {
    const [us, volts, amps] = message.points.slice(3 * i, 3 * i + 3);
    return { ms: message.timeMs + us / 1000, volts: volts / 1e6, amps: amps / 1e12 };
  });
}

/** Frame number `i`: its voltage says which one it is. */
function keep(evidence: Evidence, from: number, count: number): void {
  for (let i = from; i < from + count; i++) {
    remember(evidence, sampleOf({ timeVoltage: i * PERIOD, voltage: i / 1000, current: -i / 1e6 }));
  }
}

/** All lines that are ready. */
function drain(evidence: Evidence, startedAt = 0): EvidenceMessage[] {
  const scratch = new Float64Array(EVIDENCE_VALUES);
  const messages: EvidenceMessage[] = [];
  for (let text = nextLine(evidence, startedAt, scratch); text !== "";) {
    const message = decodeEvidence(text);
    if (message === null) throw new Error(`unreadable: ${text}`);
    messages.push(message);
    text = nextLine(evidence, startedAt, scratch);
    if (messages.length > 1000) throw new Error("endless");
  }
  return messages;
}

/** Numbers of the frames that these lines tell. */
function framesOf(messages: EvidenceMessage[]): number[] {
  const points = messages.filter(({ burst }) => !burst).flatMap(pointsOf);
  return points.map(({ volts }) => Math.round(volts * 1000));
}

function sequence(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

describe("frames", () => {
  test("before and after an event are told once each, in order", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 200);
    expect(drain(evidence)).toEqual([]);
    mark(evidence);
    const messages: EvidenceMessage[] = [];
    for (let i = 200; i < 260; i++) {
      keep(evidence, i, 1);
      messages.push(...drain(evidence));
    }
    // The frame of the event itself was the last one kept before.
    expect(framesOf(messages)).toEqual(sequence(200 - BEFORE, 200 + AFTER));
    expect(messages.every(({ event }) => event === 1)).toBe(true);
    expect(messages.every(({ points }) => points.length <= 3 * POINTS)).toBe(true);
  });

  test("carry their own time, voltage and current", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 100);
    mark(evidence);
    keep(evidence, 100, AFTER);
    const points = drain(evidence, 5).flatMap(pointsOf);
    expect(points).toHaveLength(BEFORE + AFTER);
    points.forEach(({ ms, volts, amps }, i) => {
      const number = 100 - BEFORE + i;
      expect(ms).toBeCloseTo((number * PERIOD - 5) * 1000, 0);
      expect(volts).toBeCloseTo(number / 1000, 6);
      expect(amps).toBeCloseTo(-number / 1e6, 9);
    });
  });

  test("are as many as there were, when the event comes early", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 5);
    mark(evidence);
    keep(evidence, 5, 40);
    expect(framesOf(drain(evidence))).toEqual(sequence(0, 5 + AFTER));
  });

  test("wait until a line is full, but for the last", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 36);
    mark(evidence);
    const told = drain(evidence);
    expect(told.map(({ points }) => points.length / 3)).toEqual([8, 8, 8, 8]);
    keep(evidence, 36, POINTS - 1);
    expect(drain(evidence)).toEqual([]);
    keep(evidence, 36 + POINTS - 1, 1);
    expect(drain(evidence)).toHaveLength(1);
  });

  test("of an event that follows another are told under its number, without a gap", () => {
    for (const distance of [1, 3, 10, 17, 40]) {
      const evidence = createEvidence();
      const messages: EvidenceMessage[] = [];
      keep(evidence, 0, 100);
      mark(evidence);
      for (let i = 100; i < 200; i++) {
        messages.push(...drain(evidence));
        keep(evidence, i, 1);
        if (i === 99 + distance) mark(evidence);
      }
      const second = messages.filter(({ event }) => event === 2);
      const from = 100 + distance - BEFORE;
      expect(framesOf(second)).toEqual(sequence(from, 100 + distance + AFTER));
      const all = new Set(framesOf(messages));
      expect(sequence(100 - BEFORE, 100 + distance + AFTER).every((i) => all.has(i))).toBe(true);
    }
  });

  test("that come out one line a frame are not overtaken by the ring", () => {
    const evidence = createEvidence();
    const scratch = new Float64Array(EVIDENCE_VALUES);
    const messages: EvidenceMessage[] = [];
    keep(evidence, 0, 100);
    mark(evidence);
    keepBurst(evidence, new Float32Array(80), 80, 1, 0, 20, 0.0025);
    for (let i = 100; isTelling(evidence); i++) {
      const message = decodeEvidence(nextLine(evidence, 0, scratch));
      if (message !== null) messages.push(message);
      keep(evidence, i, 1);
      expect(i).toBeLessThan(140);
    }
    expect(framesOf(messages)).toEqual(sequence(100 - BEFORE, 100 + AFTER));
  });
});

describe("a burst", () => {
  const counts = Float32Array.from({ length: 200 }, (_, i) => i);

  test("is wanted by an event, until it is there", () => {
    const evidence = createEvidence();
    expect(evidence.burstWanted).toBe(false);
    mark(evidence);
    expect(evidence.burstWanted).toBe(true);
    keepBurst(evidence, counts, BURST_READINGS, 1e-3, 0, 10, 0.0025);
    expect(evidence.burstWanted).toBe(false);
    expect(isTelling(evidence)).toBe(true);
  });

  test("is told once, in volts, each reading at its time", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 1);
    mark(evidence);
    cutShort(evidence);
    drain(evidence);
    keepBurst(evidence, counts, 80, 1e-3, 0.25, 10, 0.0025);
    const messages = drain(evidence, 5);
    expect(messages).toHaveLength(10);
    expect(messages.every(({ burst, event }) => burst && event === 1)).toBe(true);
    const points = messages.flatMap(pointsOf);
    expect(points).toHaveLength(80);
    points.forEach(({ ms, volts }, i) => {
      expect(volts).toBeCloseTo(i * 1e-3 + 0.25, 5);
      // The line's own time is in whole ms.
      expect(Math.abs(ms - (10 - 5 - (80 - i) * 0.0025) * 1000)).toBeLessThanOrEqual(0.51);
    });
    expect(isTelling(evidence)).toBe(false);
    expect(drain(evidence)).toEqual([]);
  });

  test("may end early, or fail", () => {
    for (const taken of [0, 3, 8, 13]) {
      const evidence = createEvidence();
      keep(evidence, 0, 1);
      mark(evidence);
      cutShort(evidence);
      drain(evidence);
      keepBurst(evidence, counts, taken, 1e-3, 0, 10, 0.0025);
      expect(drain(evidence).flatMap(pointsOf)).toHaveLength(taken);
      expect(isTelling(evidence)).toBe(false);
    }
  });

  test("of an experiment's length does not overflow", () => {
    const evidence = createEvidence();
    mark(evidence);
    keepBurst(evidence, counts, 200, 1, 0, 10, 0.001);
    const points = drain(evidence).flatMap(pointsOf);
    expect(points).toHaveLength(BURST_READINGS);
    expect(points.map(({ volts }) => Math.round(volts))).toEqual(sequence(0, BURST_READINGS));
  });
});

describe("a run that is over", () => {
  test("is satisfied with the frames there are", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 100);
    mark(evidence);
    keep(evidence, 100, 3);
    cutShort(evidence);
    keep(evidence, 103, 20);
    expect(framesOf(drain(evidence))).toEqual(sequence(100 - BEFORE, 103));
  });

  test("gives way to another, whose events count from 1, and which tells nothing old", () => {
    const evidence = createEvidence();
    keep(evidence, 0, 100);
    mark(evidence);
    mark(evidence);
    keepBurst(evidence, new Float32Array(80), 80, 1, 0, 20, 0.0025);
    forget(evidence);
    expect(isTelling(evidence)).toBe(false);
    expect(drain(evidence)).toEqual([]);
    mark(evidence);
    keep(evidence, 100, AFTER);
    const messages = drain(evidence);
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.every(({ event }) => event === 1)).toBe(true);
  });
});
