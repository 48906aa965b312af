// Steps that follow each other on a board that writes each ahead: through chip registers the cell
// sees no rest between them, and what has been cut off lasts no more than a frame.
import { describe, expect, test } from "vitest";
import type { CellInput, SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_CURRENT, STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import { END_FINISHED, EVENT_STEP } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import type { Record } from "./rig.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

const CURRENT = 5e-4;
const PERIOD_MS = 200;
const LOOK_MS = 5;
const MICRO = 1e6;

/** What is at the cell's terminals at a time, ms. */
interface Look {
  at: number;
  amperes: number;
  volts: number;
}

interface Bench {
  channel: SimulatedChannel;
  record: Record;
  looks: Look[];
}

function current(amperes: number, changes: Partial<Step>): Step {
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes, budget: 10_000 };
  return { ...step, ...changes };
}

const back = (to: number, count: number): Step => ({ ...createStep(), kind: STEP_LOOP, to, count });
const rest = (duration: number): Step => {
  return { ...createStep(), kind: STEP_REST, duration, budget: 2 * duration };
};

function benchOf(cell: CellInput, steps: Step[], plan: FaultPlan = []): Bench {
  const memory = memoryOf(cell, steps);
  const pace = { framePeriodMs: PERIOD_MS, capabilities: { framePeriodMs: PERIOD_MS } };
  const channel = createSimulated({ cell, seed: 5, memory, plan, oracle: true, ...pace });
  const record = listen(channel, true);
  channel.send("start");
  return { channel, record, looks: [] };
}

/** Runs to the verdict and looks at the terminals all the time, from `fromMs` on. */
function watch(bench: Bench, fromMs = 0): void {
  const { channel, record, looks } = bench;
  channel.runUntil(fromMs);
  while (record.verdict === null && channel.now() < 3600e3) {
    channel.runUntil(channel.now() + LOOK_MS);
    observe(channel.world);
    const { currentA, voltageV } = channel.world.cell;
    looks.push({ at: channel.now(), amperes: currentA, volts: voltageV });
  }
  expect(record.verdict?.values[2]).toBe(END_FINISHED);
  expect(channel.oracle?.violations).toEqual([]);
}

function indicesOf({ record }: Bench): number[] {
  return record.events.filter(({ code }) => code === EVENT_STEP).map(({ values }) => values[0]);
}

/** The looks from the first full current to the last one. */
function driven({ looks }: Bench, amperes: number): Look[] {
  const full = looks.filter((look) => Math.abs(look.amperes) > 0.9 * amperes);
  return looks.filter(({ at }) => at >= full[0].at && at <= full[full.length - 1].at);
}

/** When the current's sign changes. */
function turnsOf(looks: Look[]): number[] {
  const turned = looks.filter((look, i) => i > 0 && look.amperes * looks[i - 1].amperes < 0);
  return turned.map(({ at }) => at);
}

describe("a step that ends by time or charge", () => {
  test("is followed by the next without a gap, loops passed", () => {
    const limits = { duration: 20 };
    const pair = [current(CURRENT, limits), current(-CURRENT, { charge: 20 * CURRENT })];
    const bench = benchOf(cellOf("hNa"), [...pair, back(0, 3), current(CURRENT, limits)]);
    watch(bench);
    expect(indicesOf(bench)).toEqual([0, 1, 0, 1, 0, 1, 3]);
    const looks = driven(bench, CURRENT);
    expect(looks.filter(({ amperes }) => Math.abs(amperes) < 0.9 * CURRENT)).toEqual([]);
    expect(looks.length * LOOK_MS).toBeGreaterThan(7 * 19_900);
    const turns = turnsOf(looks);
    expect(turns).toHaveLength(6);
    turns.slice(1).forEach((at, i) => {
      expect(Math.abs(at - turns[i] - 20_000)).toBeLessThanOrEqual(60);
    });
    // Recorded without a gap as well.
    const times = bench.record.frames.map(({ timeMs }) => timeMs);
    const steps = times.slice(1).map((time, i) => time - times[i]);
    expect(Math.max(...steps)).toBeLessThanOrEqual(1200);
  });

  test("on its way to a rest opens the relay in that frame", () => {
    const bench = benchOf(cellOf("hNa"), [current(CURRENT, { duration: 10 }), rest(5)]);
    watch(bench);
    const looks = driven(bench, CURRENT);
    const last = looks[looks.length - 1].at;
    // The way to the cell is part of the step.
    expect(last - looks[0].at).toBeGreaterThan(9500);
    expect(last - looks[0].at).toBeLessThanOrEqual(10_000);
    expect(bench.looks.filter(({ at, amperes }) => at > last + 60 && amperes !== 0)).toEqual([]);
  });
});

describe("a step that ends by its voltage", () => {
  const full = cellOf("hNa");
  const cell: CellInput = { ...full, sim: { ...full.sim, fullCell: true, noise: 0 } };
  const amperes = 5.7e-4;
  const pair = [
    current(amperes, { voltageMax: 3.8 }),
    current(-amperes, { voltageMin: 2.5, duration: 1200 }),
  ];

  test("keeps its set-point for the frame of the next one's record, and no longer", () => {
    const bench = benchOf(cell, [...pair, back(0, 2)]);
    watch(bench);
    expect(indicesOf(bench)).toEqual([0, 1, 0, 1]);
    const looks = driven(bench, amperes);
    expect(looks.filter((look) => Math.abs(look.amperes) < 0.9 * amperes)).toEqual([]);
    const turns = turnsOf(looks);
    expect(turns).toHaveLength(3);
    for (const at of turns.filter((_, i) => i % 2 === 0)) {
      const above = looks.filter((look) => look.volts >= 3.8 && look.at < at && look.at > at - 2e3);
      expect(above.length).toBeGreaterThan(0);
      // The frame that sees it, and the one in which the record is written.
      expect(at - above[0].at).toBeLessThanOrEqual(2 * PERIOD_MS);
      const before = looks.filter((look) => look.at < above[0].at).slice(-(PERIOD_MS / LOOK_MS));
      const slope = above[0].volts - before[0].volts;
      expect(Math.max(...above.map(({ volts }) => volts)) - 3.8).toBeLessThan(3 * slope + 1e-3);
    }
  });
});

describe("a processor that resets about a change of steps", () => {
  const steps = [current(CURRENT, { duration: 20 }), current(-CURRENT, { duration: 20 })];
  const { looks } = (() => {
    const bench = benchOf(cellOf("hNa"), steps);
    watch(bench);
    return bench;
  })();
  const [turn] = turnsOf(looks);
  const about = [-450, -250, -190, -120, -60, -20, 5, 30, 90, 150, 260, 1300];

  test.each(about)("by %i ms finds it or has gone by it", (ms) => {
    const plan: FaultPlan = [{ at: { timeS: (turn + ms) / 1000 }, kind: "mcuReset", value: 300 }];
    const bench = benchOf(cellOf("hNa"), steps, plan);
    watch(bench, turn + ms + 61_000);
    const indices = indicesOf(bench);
    expect([...new Set(indices)]).toEqual([0, 1]);
    expect(indices).toEqual([...indices].sort());
    const moved = (bench.record.verdict?.values[9] ?? 0) / MICRO;
    const planned = (2 * 20 * CURRENT) / 0.9747;
    // What flowed after the last checkpoint is repeated: a second's charge, and a frame's.
    expect(Math.abs(moved - planned)).toBeLessThan((1.3 * CURRENT) / 0.9747);
  });
});
