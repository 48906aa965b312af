// Runs in which nothing breaks: no row of the fault table may find anything, at three levels of
// noise, the last far beyond the data sheets' and the first, none at all, in which every reading
// repeats the one before it.
import { describe, expect, test } from "vitest";
import { SAME_SINCE } from "../../firmware/fault.ts";
import { STEP_CURRENT, STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { IDLE } from "../../firmware/schedule.ts";
import { END_FINISHED, EVENT_FAULT } from "../../firmware/telemetry.ts";
import { faultName } from "../../host/fault-name.ts";
import { cellOf } from "../boards/rig.ts";
import { long, openBench } from "./bench.ts";

/** Simulated hours at each level; the seeds are so many runs of equal length. */
const HOURS = long ? 340 : 10;
const RUN_HOURS = long ? 10 : 1;
const NOISE = [0, 1, 3];
const PERIODS_MS = [1000, 500, 200, 100];
const HOUR_S = 3600;
const QUIET_HOURS = long ? 100 : 4;

const rest = (duration: number): Step => {
  return { ...createStep(), kind: STEP_REST, duration, budget: duration + 600 };
};
const current = (amperes: number, duration: number): Step => {
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes };
  return { ...step, duration, budget: duration + 600, voltageMin: -3.9, voltageMax: 3.9 };
};

/** Cycles over all ranges, both ways, with rests: an hour each. */
function hours(count: number): Step[] {
  const times = [5e-6, -5e-6, 4e-5, -4e-5, 3e-4, -3e-4, 1.5e-3, -1.5e-3];
  const cycle = times.flatMap((amperes) => [current(amperes, 400), rest(20)]);
  const loop = { ...createStep(), kind: STEP_LOOP, to: 0, count };
  return [...cycle, rest(200), loop];
}

/** The faults told in a run of `steps`, and how it ended. */
function run(steps: Step[], seed: number, noise: number, framePeriodMs: number, limitS: number) {
  const options = { seed, noise, framePeriodMs, oracle: false };
  const { channel, record } = openBench(steps, options);
  channel.runUntil(10_000);
  while (channel.shell.channel.run.schedule.phase !== IDLE && channel.now() < limitS * 1000) {
    channel.runUntil(channel.now() + 600_000);
  }
  const told = record.events.filter(({ code }) => code === EVENT_FAULT);
  return { faults: told.map(({ values }) => faultName(values[0])), record };
}

describe.each(NOISE)("at %i times the noise of the data sheets", (noise) => {
  test(`${HOURS} h of cycles: no false trip`, () => {
    const faults: string[] = [];
    for (let i = 0; i * RUN_HOURS < HOURS; i++) {
      const period = PERIODS_MS[i % PERIODS_MS.length];
      const limitS = (RUN_HOURS + 1) * HOUR_S;
      const ran = run(hours(RUN_HOURS), 1 + i, noise, period, limitS);
      faults.push(...ran.faults.map((name) => `${name}, seed ${1 + i}, ${period} ms`));
      expect(ran.record.verdict?.values[2], `seed ${1 + i}`).toBe(END_FINISHED);
    }
    console.log(`noise x${noise}: ${HOURS} h without a fault, false trips ${faults.length}`);
    expect(faults).toEqual([]);
  });
});

/** A cell without any noise of its own. */
const still = { ...cellOf("hNa"), sim: { anode: "hNa" as const, noise: 0, shorts: false } };

test.each([
  ["at rest", rest(QUIET_HOURS * HOUR_S), 0],
  ["at a constant current", current(1e-5, QUIET_HOURS * HOUR_S), 60 * QUIET_HOURS],
])(`${QUIET_HOURS} h of the same codes %s: no false trip`, (when, step, askedAtLeast) => {
  const options = { cell: still, noise: 0, errors: 0, oracle: false };
  const { channel, record } = openBench([step], options);
  let asked = 0;
  for (let timeS = 1; timeS < (QUIET_HOURS + 0.1) * HOUR_S; timeS++) {
    channel.runUntil(timeS * 1000 - 500);
    if (channel.shell.channel.guard.past[SAME_SINCE] < 0) asked++;
  }
  console.log(`${QUIET_HOURS} h ${when}: the converter was asked ${asked} times`);
  expect(record.events.filter(({ code }) => code === EVENT_FAULT)).toEqual([]);
  expect(record.verdict?.values[2]).toBe(END_FINISHED);
  expect(asked).toBeGreaterThanOrEqual(askedAtLeast);
  if (askedAtLeast === 0) expect(asked).toBe(0);
});
