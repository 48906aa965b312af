// The log in its memory: what comes round, what is thinned, what is kept, and cuts of the power at
// every operation.
import { describe, expect, test } from "vitest";
import * as log from "../../firmware/log-format.ts";
import { frameOf, tellRun } from "../../host/log-run.ts";
import { keptEvent, keptSample, keptScales } from "../../host/log-kept.ts";
import type { Flash } from "../../sim/flash.ts";
import { createStream } from "../../sim/random.ts";
import type { Supply } from "../../sim/supply.ts";
import { createSupply } from "../../sim/supply.ts";
import { TEAR_MODES } from "../../sim/tear.ts";
import { PowerLost, START_LINE, VERDICT_LINE, bookOf, bootBench } from "./log-bench.ts";
import type { LogBench } from "./log-bench.ts";
import { sampleOf, smallFlash, stepLine } from "./log-bench.ts";

const endless = (): Supply => createSupply(Infinity, 0, createStream(1, "log"));

/** Tells samples `from` to `to`, the events with them, and lets memory have its time. */
function tell(bench: LogBench, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    if (i % 300 === 0) bench.frame(sampleOf(i), stepLine(i));
    else bench.frame(sampleOf(i));
    bench.frame(null);
  }
}

function rest(bench: LogBench, frames = 100): void {
  for (let i = 0; i < frames; i++) bench.frame(null);
}

function wholeRun(flash: Flash, supply: Supply, samples: number): void {
  const bench = bootBench(flash, supply);
  bench.frame(null, START_LINE);
  tell(bench, 0, samples);
  bench.frame(null, VERDICT_LINE);
  rest(bench);
}

/** All samples that the flash holds of a run, by number, each as it was told. */
function samplesIn(flash: Flash, run: number): Set<number> {
  const found = new Set<number>();
  for (const page of bookOf(flash).pages.filter((each) => each.run === run)) {
    page.records.forEach((record, i) => {
      expect(record).toEqual(sampleOf(record[log.TIME] / 1000));
      expect(page.before + i).toBe(record[log.TIME] / 1000);
      found.add(page.before + i);
    });
  }
  return found;
}

/** Numbers of the steps whose events the flash holds of a run. */
function stepsIn(flash: Flash, run: number): number[] {
  const events = bookOf(flash).kept.filter(
    (each) => each.run === run && each.kind === log.KEPT_EVENT,
  );
  return events.map(keptEvent).flatMap(({ code, timeMs }) => (code === 2 ? [timeMs / 300e3] : []));
}

describe("a run that fits", () => {
  test("is there to its last sample, in order, with its events between", () => {
    const flash = smallFlash(64);
    wholeRun(flash, endless(), 1000);
    const book = bookOf(flash);
    const scales = keptScales(book.kept[0], book.kept[1]);
    const expected: unknown[] = [];
    for (let i = 0; i < 1000; i++) {
      expected.push({ frame: frameOf(sampleOf(i), i, scales) });
      if (i % 300 === 0)
        expected.push({ event: { code: 2, timeMs: 1000 * i, values: [0, i / 300, 100] } });
    }
    const told = tellRun(book, 1);
    expect(told.slice(1, -1)).toEqual(expected);
    expect(told[0]).toMatchObject({ event: { code: 1, values: [3, 77] } });
    expect(told.at(-1)).toMatchObject({ event: { code: 8 } });
  });

  test("does not touch the one before", () => {
    const flash = smallFlash(64);
    wholeRun(flash, endless(), 400);
    wholeRun(flash, endless(), 500);
    expect(samplesIn(flash, 1).size).toBe(400);
    expect(samplesIn(flash, 2).size).toBe(500);
    const told = tellRun(bookOf(flash), 1).filter((each) => !("frame" in each));
    expect(told).toMatchObject([1, 2, 2, 8].map((code) => ({ event: { code } })));
  });
});

test("evidence comes back as it was told", () => {
  const flash = smallFlash(64);
  const bench = bootBench(flash, endless());
  const points = Array.from({ length: 24 }, (_, i) => [i * 2500, -4853 + 7 * i, 100e6 - i][i % 3]);
  const line = `["v",3,1,123456,${points.join()}]`;
  bench.frame(null, START_LINE, line);
  rest(bench);
  const told = tellRun(bookOf(flash), 1);
  expect(told.at(-1)).toEqual({ evidence: { event: 3, burst: true, timeMs: 123456, points } });
});

describe("a run that does not fit", () => {
  const flash = smallFlash();
  const samples = 6000;
  wholeRun(flash, endless(), samples);
  const found = samplesIn(flash, 1);

  test("keeps the newest samples, and thinned ones of before", () => {
    const newest = [...found].filter((i) => found.has(i - 1) && found.has(i + 1));
    expect(found.has(samples - 1)).toBe(true);
    expect(newest.length).toBeGreaterThan(800);
    let first = samples - 1;
    while (found.has(first - 1)) first--;
    expect([...found].filter((i) => i < first).length).toBeGreaterThan(60);
  });

  test("keeps every event and the last sample of every step", () => {
    expect(stepsIn(flash, 1)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const lasts = bookOf(flash).kept.filter((each) => each.kind === log.KEPT_SAMPLE);
    expect(lasts.map((each) => keptSample(each))).toEqual(
      Array.from({ length: 19 }, (_, i) => sampleOf(300 * i + 299)),
    );
  });

  test("says how many records are missing, and where", () => {
    const told = tellRun(bookOf(flash), 1);
    let missing = 0;
    for (const each of told) if ("gap" in each) missing += each.gap.records ?? NaN;
    const frames = told.filter((each) => "frame" in each).length;
    expect(frames).toBeGreaterThan(found.size);
    expect(missing + frames).toBe(samples);
  });

  test("has filled the ring twice over, and wears its sectors evenly", () => {
    const wear = [...flash.wear].slice(0, log.regionStart(log.THINNED, flash.sectors.length));
    expect(Math.min(...wear)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...wear) - Math.min(...wear)).toBeLessThanOrEqual(1);
  });
});

test("events that find no room are counted, and the run's first ones stay", () => {
  const flash = smallFlash();
  const bench = bootBench(flash, endless());
  bench.frame(null, START_LINE);
  for (let i = 0; i < 2000; i++) {
    bench.frame(null, stepLine(300 * i));
    rest(bench, 4);
  }
  const steps = stepsIn(flash, 1);
  expect(steps.length).toBeGreaterThan(60);
  expect(steps).toEqual(steps.map((_, i) => i));
  expect(bench.datalog.state.rings.kept.lost).toBeGreaterThan(1000);
});

/** Runs until the supply fails, answers with how far it has come; boots again and goes on. */
function cutRun(flash: Flash, supply: Supply, samples: number): number {
  let told = 0;
  try {
    const bench = bootBench(flash, supply);
    bench.frame(null, START_LINE);
    for (; told < samples; told++) tell(bench, told, told + 1);
    rest(bench);
  } catch (error) {
    if (!(error instanceof PowerLost)) throw error;
  }
  return told;
}

// With 1800 samples the ring of samples has come round, and has been thinned.
const SAMPLES = 1800;
const PAGE_MOST = 90;

test.each(Array.from({ length: TEAR_MODES }, (_, i) => i))(
  "a cut at any operation, torn as by mode %i, costs no more than the pages in hand",
  (mode) => {
    const whole = endless();
    wholeRun(smallFlash(), whole, SAMPLES);
    expect(whole.done).toBeGreaterThan(90);
    for (let cut = 0; cut < whole.done; cut += cut < 30 ? 1 : 7) {
      const flash = smallFlash();
      const told = cutRun(flash, createSupply(cut, mode, createStream(cut, "cut")), SAMPLES);
      const before = samplesIn(flash, 1);
      const events = stepsIn(flash, 1);
      const bench = bootBench(flash, endless(), 3);
      if (bench.datalog.state.run === 0) {
        // The very first record had not been written.
        expect(told).toBeLessThan(8);
        continue;
      }
      // The run goes on, and is found as one.
      const from = bench.datalog.state.page.before;
      expect(from).toBeLessThanOrEqual(told + 1);
      if (told > 2 * PAGE_MOST) expect(told - from).toBeLessThan(2 * PAGE_MOST);
      tell(bench, from, from + 200);
      bench.frame(null, VERDICT_LINE);
      rest(bench);
      const after = samplesIn(flash, 1);
      for (let i = from; i < from + 200; i++) expect(after.has(i), `cut ${cut}: ${i}`).toBe(true);
      // No last sample of a step that was never measured.
      for (const each of bookOf(flash).kept) {
        if (each.kind !== log.KEPT_SAMPLE) continue;
        const last = keptSample(each);
        expect(last, `cut ${cut}`).toEqual(sampleOf(last[log.TIME] / 1000));
        expect(each.before - 1, `cut ${cut}`).toBe(last[log.TIME] / 1000);
      }
      // What was there still is, but for what the ring of samples came round to.
      const oldest = [...after].sort((a, b) => a - b);
      const kept = [...before].filter((i) => after.has(i)).length;
      expect(before.size - kept, `cut ${cut}`).toBeLessThan(3 * 4 * PAGE_MOST);
      expect(oldest.length).toBeGreaterThan(0);
      const stepsAfter = stepsIn(flash, 1);
      expect(stepsAfter.slice(0, events.length)).toEqual(events);
      const gap = tellRun(bookOf(flash), 1).filter((each) => "gap" in each);
      expect(gap.length).toBeGreaterThan(0);
    }
  },
  60_000,
);
