// Bursts in place of a frame: through the scan, as the firmware would ask for them.
import { describe, expect, test } from "vitest";
import type { Port, ScanRig, Script } from "./scan-rig.ts";
import { BURST_MAX, createScanRig, runFrames, settingsOf } from "./scan-rig.ts";
import { TIMINGS } from "./scripted-bus.ts";

const BURST_MAX_MS = 200;
const CONVERSION_MS = 2.35;
/** Starts of voltage conversions in a frame. */
const IN_FRAME = 2;

interface Outcome {
  taken: number[];
  samples: number[];
  /** Starts of the burst's conversions, and when the frame after it starts. */
  starts: number[];
  frameAt: number;
  frames: number;
}

/** A frame, a burst in place of the next one at 1000 ms, and the frame that follows it. */
function runBurst(
  rig: ScanRig,
  count: number,
  periodUs: number,
  settings = settingsOf({ periodMs: 1000 }),
): Outcome {
  const taken: number[] = [];
  const frames = runFrames(
    rig,
    2,
    () => settings,
    () => rig.scan.burst(count, periodUs, (n) => void taken.push(n)),
  );
  const voltage = rig.begun.filter(({ port }) => port === "voltage").map(({ at }) => at);
  const starts = voltage.slice(IN_FRAME, voltage.length - IN_FRAME);
  const samples = [...rig.scan.samples.slice(0, taken[0])];
  const frameAt = voltage[voltage.length - IN_FRAME];
  return { taken, samples, starts, frameAt, frames: frames.length };
}

/** Voltage counts from the burst's first on; the first frame has taken two. */
function fromBurst(counts: (n: number) => number): Partial<Script> {
  return { counts: (port, n) => (port === "voltage" && n >= IN_FRAME ? counts(n - IN_FRAME) : 0) };
}

describe.each(TIMINGS)("a burst, completions %s", (timing) => {
  test("takes so many voltages at its period, and the frame follows", () => {
    const rig = createScanRig(
      timing,
      fromBurst((n) => 10 * n),
    );
    const { taken, samples, starts, frameAt, frames } = runBurst(rig, 20, 5000);
    expect(taken).toEqual([20]);
    expect(samples).toEqual(Array.from({ length: 20 }, (_, n) => 10 * n));
    starts.forEach((at, n) => expect(at).toBeCloseTo(1000 + 5 * n, 6));
    expect(starts).toHaveLength(20);
    expect(frameAt).toBeCloseTo(1000 + 19 * 5 + CONVERSION_MS, 6);
    expect(frames).toBe(2);
    expect(rig.relay).toEqual([]);
  });

  test("is taken at the frame's gain", () => {
    const rig = createScanRig(timing);
    runBurst(rig, 3, 5000, settingsOf({ periodMs: 1000, voltageGain: 2 }));
    const gains = rig.begun.filter(({ port }) => port === "voltage").map(({ gain }) => gain);
    expect(gains).toEqual([0, 0, 2, 2, 2, 2, 2]);
  });

  test("faster than the converter runs as fast as that goes", () => {
    const rig = createScanRig(timing);
    const { taken, starts } = runBurst(rig, 10, 100);
    expect(taken).toEqual([10]);
    starts.forEach((at, n) => expect(at).toBeCloseTo(1000 + n * CONVERSION_MS, 6));
  });

  test("ends after 200 ms, however many are wanted", () => {
    const rig = createScanRig(timing);
    const { taken, frameAt, frames } = runBurst(rig, 150, 4000);
    expect(taken[0]).toBeGreaterThan(45);
    expect(taken[0]).toBeLessThanOrEqual(51);
    expect(frameAt - 1000).toBeLessThanOrEqual(BURST_MAX_MS + 2 * CONVERSION_MS);
    expect(frames).toBe(2);
  });

  test("is never longer than its buffer", () => {
    const rig = createScanRig(timing);
    const { taken } = runBurst(rig, 100_000, 1);
    expect(taken[0]).toBeLessThanOrEqual(BURST_MAX);
    expect(rig.scan.samples).toHaveLength(BURST_MAX);
  });

  test.each([
    [2001, "above"],
    [-1001, "below"],
  ])("puts the relay to rest at once at %i counts, %s its guards", (broken) => {
    const rig = createScanRig(
      timing,
      fromBurst((n) => (n === 4 ? broken : 2000 * (n % 2))),
    );
    const guards = settingsOf({ periodMs: 1000, guardMax: 2000, guardMin: -1000 });
    const { taken, samples, starts, frameAt, frames } = runBurst(rig, 20, 5000, guards);
    expect(taken).toEqual([5]);
    expect(samples[4]).toBe(broken);
    expect(rig.relay).toEqual([{ at: starts[4] + CONVERSION_MS, toCell: false }]);
    expect(frameAt).toBeCloseTo(starts[4] + CONVERSION_MS, 6);
    expect(frames).toBe(2);
  });

  test("waits for a converter that is not ready yet", () => {
    const rig = createScanRig(timing, { ready: (_, n) => (n % 3 === 0 ? 0 : 1) });
    expect(runBurst(rig, 5, 10_000).taken).toEqual([5]);
  });

  test("ends where the chip fails, in each of its three calls, and the frame follows", () => {
    const third = (port: Port, n: number): boolean => port !== "voltage" || n !== IN_FRAME + 3;
    const troubles: Partial<Script>[] = [
      { takes: third },
      { answers: third },
      { ready: (port, n) => (third(port, n) ? 1 : -1) },
    ];
    for (const trouble of troubles) {
      const { taken, frames } = runBurst(createScanRig(timing, trouble), 10, 5000);
      expect(taken).toEqual([3]);
      expect(frames).toBe(2);
    }
  });

  test("with a converter that is never ready ends after 200 ms", () => {
    const rig = createScanRig(timing, {
      ready: (port, n) => (port === "voltage" && n >= IN_FRAME + 3 ? 0 : 1),
    });
    const { taken, frames, starts } = runBurst(rig, 10, 5000);
    expect(taken).toEqual([3]);
    expect(frames).toBe(2);
    expect(starts.length).toBeGreaterThanOrEqual(4);
    const current = rig.begun.filter(({ port }) => port === "current").map(({ at }) => at);
    // Its first frame slot gives up after the deadline, then the current is read.
    expect(current[2] - 1000).toBeLessThan(BURST_MAX_MS + 60);
  });

  test("of a long period does not wait beyond 200 ms for its next reading", () => {
    const rig = createScanRig(timing);
    const { taken, starts, frameAt, frames } = runBurst(rig, 5, 150_000);
    expect(taken).toEqual([2]);
    expect(starts).toEqual([1000, 1150]);
    expect(frameAt).toBeCloseTo(1150 + CONVERSION_MS, 6);
    expect(frames).toBe(2);
  });

  test.each([32767, -32767, -32768])("at %i, an end of its scale, is outside its guards", (end) => {
    const rig = createScanRig(
      timing,
      fromBurst((n) => (n === 3 ? end : 0)),
    );
    const open = settingsOf({ periodMs: 1000, voltageGain: 3, guardMin: -2e5, guardMax: 2e5 });
    const { taken, starts, frames } = runBurst(rig, 10, 5000, open);
    expect(taken).toEqual([4]);
    expect(rig.relay).toEqual([{ at: starts[3] + CONVERSION_MS, toCell: false }]);
    expect(frames).toBe(2);
  });

  test("of no readings is none", () => {
    const rig = createScanRig(timing);
    const { taken, frames, frameAt } = runBurst(rig, 0, 5000);
    expect([taken, frames, frameAt]).toEqual([[], 2, 1000]);
  });

  test("is asked for once: the frame after the next comes without", () => {
    const rig = createScanRig(timing);
    let asked = 0;
    const frames = runFrames(
      rig,
      4,
      () => settingsOf(),
      (n) => {
        if (n === 0) rig.scan.burst(3, 5000, () => asked++);
      },
    );
    const starts = rig.begun.filter(({ port }) => port === "voltage");
    expect(frames).toHaveLength(4);
    expect(starts).toHaveLength(4 * IN_FRAME + 3);
    expect(asked).toBe(1);
  });
});

// Replies of the burst's n-th reading: poll 2 n, read 2 n + 1; the first frame has had four.
test.each([
  ["poll", 3, 6],
  ["read", 3, 7],
  ["first poll", 0, 0],
])("a burst whose converter falls silent at a %s ends after 250 ms", (_, taken, nth) => {
  const rig = createScanRig("deferred", {
    lost: (port, n) => port === "voltage" && n === 2 * IN_FRAME + nth,
  });
  const outcome = runBurst(rig, 10, 5000);
  expect(outcome.taken).toEqual([taken]);
  expect(outcome.frameAt).toBeCloseTo(1250, 6);
  expect(outcome.frames).toBe(2);
});
