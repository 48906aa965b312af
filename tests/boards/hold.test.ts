// A finding that holds the run, through chip registers: the cell is left alone until the line says
// "resume"; and what a finding was decided on arrives before the verdict.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { ACTION_HOLD, ACTIONS_HARD, STEP_CURRENT } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import { HELD, RUNNING } from "../../firmware/schedule.ts";
import { END_FINISHED, END_SHORT, END_STOPPED, EVENT_HOLD } from "../../firmware/telemetry.ts";
import { EVENT_SHORT, EVENT_STEP, EVENT_VERDICT, VERDICT_HARD } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeEvidence } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import { cellOf, finish, listen, memoryOf } from "./rig.ts";

const cell = cellOf("hNa");
const CURRENT = 5e-4;
const MINUTE_MS = 60_000;

/** Ten minutes of constant current. */
function stepOf(changes: Partial<Step> = {}): Step {
  const base = { ...createStep(), kind: STEP_CURRENT, current: CURRENT };
  return { ...base, duration: 600, budget: 660, ...changes };
}

/** A metal bridge of 3 Ω cm², or none. */
function bridge(channel: SimulatedChannel, there: boolean): void {
  const { short } = channel.world.cell;
  short.state = there ? 3 : 0;
  short.conductanceMsCm2 = there ? 300 : 0;
}

/** A started run of `step`, three minutes into it. */
function underWay(step: Step, completion: "inline" | "deferred" = "inline") {
  const memory = memoryOf(cell, [step]);
  const channel = createSimulated({ cell, seed: 5, memory, completion });
  const record = listen(channel, true);
  channel.send("start");
  channel.runUntil(3 * MINUTE_MS);
  observe(channel.world);
  expect(channel.world.cell.currentA / CURRENT).toBeCloseTo(1, 1);
  return { channel, record };
}

describe.each(["inline", "deferred"] as const)(
  "a run that a hard short holds, %s",
  (completion) => {
    function held() {
      const run = underWay(stepOf({ actions: ACTION_HOLD << ACTIONS_HARD }), completion);
      bridge(run.channel, true);
      run.channel.runUntil(4 * MINUTE_MS);
      expect(run.channel.shell.channel.run.schedule.phase).toBe(HELD);
      return run;
    }

    test("leaves the cell alone, for an hour, without a verdict", () => {
      const { channel, record } = held();
      const codes = record.events.map(({ code }) => code);
      expect(codes.slice(-2)).toEqual([EVENT_SHORT, EVENT_HOLD]);
      expect(record.events.at(-1)?.values).toEqual([VERDICT_HARD]);
      for (let minute = 5; minute < 65; minute++) {
        channel.runUntil(minute * MINUTE_MS);
        observe(channel.world);
        expect(channel.world.cell.currentA).toBeCloseTo(0, 15);
      }
      expect(record.events.map(({ code }) => code)).toEqual(codes);
      expect(record.verdict).toBe(null);
    });

    test("goes on at the line resume, and takes the rest of its time", () => {
      const { channel, record } = held();
      channel.runUntil(40 * MINUTE_MS);
      bridge(channel, false);
      channel.send("resume");
      channel.runUntil(41 * MINUTE_MS);
      observe(channel.world);
      expect(channel.shell.channel.run.schedule.phase).toBe(RUNNING);
      expect(channel.world.cell.currentA / CURRENT).toBeCloseTo(1, 1);
      const verdict = finish(channel, record, 1);
      expect(verdict.values[0]).toBe(VERDICT_HARD);
      expect(verdict.values[2]).toBe(END_FINISHED);
      const at = (code: number): number =>
        record.events.find((event) => event.code === code)?.timeMs ?? NaN;
      const startedMs = channel.shell.channel.run.totals.startedAt * 1000;
      const resumed = 40 * MINUTE_MS - startedMs;
      const ran = at(EVENT_HOLD) - at(EVENT_STEP) + verdict.timeMs - resumed;
      expect(ran / 1000).toBeGreaterThan(597);
      expect(ran / 1000).toBeLessThan(603);
      const last = record.frames[record.frames.length - 1];
      expect(last.chargeInUc / 1e6 / (600 * CURRENT)).toBeGreaterThan(0.985);
      expect(last.chargeInUc / 1e6 / (600 * CURRENT)).toBeLessThan(1.001);
    });

    test("holds again while the short is there, and ends at a stop", () => {
      const { channel, record } = held();
      channel.send("resume");
      channel.runUntil(5 * MINUTE_MS);
      expect(record.events.filter(({ code }) => code === EVENT_HOLD)).toHaveLength(2);
      channel.send("stop");
      channel.runUntil(6 * MINUTE_MS);
      expect(record.verdict?.values[2]).toBe(END_STOPPED);
      observe(channel.world);
      expect(channel.world.cell.currentA).toBeCloseTo(0, 15);
    });
  },
);

describe.each(["inline", "deferred"] as const)("evidence of a hard short, %s", (completion) => {
  const { channel, record } = underWay(stepOf(), completion);
  const before = record.lines.length;
  bridge(channel, true);
  channel.runUntil(5 * MINUTE_MS);
  const lines = record.lines.slice(before);
  const told = lines.map(decodeEvidence).filter((each) => each !== null);
  /** Voltages, µV. */
  const volts = (burst: boolean): number[] =>
    told
      .filter((each) => each.burst === burst)
      .flatMap(({ points }) => points.filter((_, i) => i % 3 === 1));

  test("arrives between the short and the verdict, which is the last line", () => {
    const codes = lines.map((line) => decodeEvent(line)?.code ?? 0);
    const [short, verdict] = [codes.indexOf(EVENT_SHORT), codes.indexOf(EVENT_VERDICT)];
    expect(short).toBeGreaterThanOrEqual(0);
    expect(verdict).toBe(lines.length - 1);
    expect(record.verdict?.values[2]).toBe(END_SHORT);
    lines.forEach((line, i) => {
      if (decodeEvidence(line) === null) return;
      expect(i).toBeGreaterThan(short);
      expect(i).toBeLessThan(verdict);
    });
  });

  test("shows the healthy voltage up to the short, and the fall in its frame", () => {
    expect(volts(false)).toHaveLength(32);
    const healthy = volts(false).slice(0, -2);
    const last = volts(false)[31];
    for (const uv of healthy) expect(uv).toBeGreaterThan(5 * last);
    expect(last).toBeGreaterThan(0);
    expect(told.every(({ event }) => event === told[0].event)).toBe(true);
  });

  test("has a burst of readings a few milliseconds apart", () => {
    expect(volts(true).length).toBeGreaterThan(20);
    const [first] = told.filter(({ burst }) => burst);
    expect(first.points[3] - first.points[0]).toBe(2500);
  });

  test("leaves the cell without current", () => {
    observe(channel.world);
    expect(channel.world.cell.currentA).toBeCloseTo(0, 15);
  });
});
