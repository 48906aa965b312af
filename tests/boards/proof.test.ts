// Active proofs through chip registers: a cell under the whole simulated channel. The statistics
// are those of the corpus; here a few of each kind, the charge, and the oracle's word.
import { VOLTS_AT } from "../../firmware/sample.ts";
import { describe, expect, test } from "vitest";
import { createSimulated } from "../../boards/simulated.ts";
import { isActive, suspect } from "../../firmware/proof-state.ts";
import type { Step } from "../../firmware/protocol.ts";
import { EVENT_PROOF, EVENT_PULSE, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { RESULT_ELECTRONIC, RESULT_INCONCLUSIVE, RESULT_IONIC } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import type { Bench } from "../corpus/proof-bench.ts";
import { begin, examine, isShortedHard, provenStep, quietCell } from "../corpus/proof-bench.ts";
import { CASES, chanceOf } from "../corpus/proof-cases.ts";
import { ccdProgram, cellOf, finish, listen, memoryOf } from "./rig.ts";

const SEEDS = [501, 502, 503];

function outcomes(name: string): number[] {
  const found = CASES.find((each) => each.name === name);
  if (found === undefined) throw new RangeError(`no case ${name}`);
  const benches = SEEDS.map((seed) => found.prepare(seed, chanceOf(name, seed)));
  return benches.filter((bench) => !isShortedHard(bench)).map((bench) => examine(bench));
}

describe("a proof", () => {
  test.each([
    ["aged bare 0.1, G 1.5-7", RESULT_ELECTRONIC],
    ["fresh h-Na 0.5, G 14-100", RESULT_ELECTRONIC],
    ["full cell, G 0.1-0.5", RESULT_ELECTRONIC],
    ["aged bare 0.3, healing 2-3", RESULT_IONIC],
    ["fresh h-Na 0.5, nothing", RESULT_INCONCLUSIVE],
    ["fresh h-Na 0.5, G 1-10", RESULT_INCONCLUSIVE],
    ["aged bare 0.1, +5 K", RESULT_INCONCLUSIVE],
    ["full cell, nothing", RESULT_INCONCLUSIVE],
  ])("of '%s' comes out as %i", (name, outcome) => {
    const found = outcomes(name);
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found)).toEqual(new Set([outcome]));
  });
});

/** Charge that truly passed the terminals so far, C, step by step of the simulated world. */
interface Meter {
  charge: number;
  atS: number;
}

/** Runs until the program is over, with suspicions at `timesS`; the true charge. */
function truth(bench: Bench, timesS: number[]): { charge: number; experiments: number } {
  const { channel, proof, record } = bench;
  const meter: Meter = { charge: 0, atS: 0 };
  let experiments = 0;
  let active = false;
  const asked = [...timesS];
  while (record.verdict === null) {
    const timeS = channel.now() / 1000;
    if (asked.length > 0 && timeS > asked[0]) {
      asked.shift();
      suspect(proof, channel.shell.channel.sample[VOLTS_AT]);
    }
    // The current is a staircase in time; so short steps miss little of a jump.
    channel.runUntil(channel.now() + 1);
    observe(channel.world);
    const { cell } = channel.world;
    meter.charge += cell.currentA * (cell.timeS - meter.atS);
    meter.atS = cell.timeS;
    if (isActive(proof) && !active) experiments++;
    active = isActive(proof);
  }
  return { charge: meter.charge, experiments };
}

describe("a half cycle with three experiments", () => {
  const input = quietCell("hNa", 0.05);
  const seconds = 400;
  const current = 0.5e-3 * input.areaCm2;

  test.each<[string, Partial<Step>]>([
    ["time", { duration: seconds }],
    ["charge", { duration: 0, charge: current * seconds }],
  ])("that ends by %s passes its charge within 0.1 % of a quiet one", (_, changes) => {
    for (const sign of [1, -1]) {
      const step = { ...provenStep(0.5 * sign, input.areaCm2), ...changes };
      const quiet = truth(begin(input, 7, [{ ...step, flags: 0 }]), []);
      const proven = truth(begin(input, 7, [step]), [130, 230]);
      expect(quiet.experiments).toBe(0);
      expect(proven.experiments).toBe(3);
      expect(Math.abs(proven.charge / quiet.charge - 1)).toBeLessThan(1e-3);
    }
  });
});

test("the oracle has nothing to say about experiments", () => {
  const input = cellOf("hNa");
  input.sim.shorts = false;
  const unit = 1e-3 * input.areaCm2;
  const [rest, staircase] = ccdProgram(input, 0.4, { current: 0.2 * unit, flags: 4, rest: 30 });
  const short = { ...rest, duration: 10, budget: 70 };
  const memory = memoryOf(input, [short, staircase]);
  const channel = createSimulated({ cell: input, seed: 3, memory, oracle: true });
  const record = listen(channel);
  channel.send("start");
  channel.runUntil(600e3);
  const { proof } = channel.shell.channel.run;
  for (let i = 0; i < 20; i++) {
    suspect(proof, channel.shell.channel.sample[VOLTS_AT]);
    channel.runUntil(channel.now() + 200e3);
  }
  finish(channel, record);
  const codes = record.events.map(({ code }) => code);
  expect(codes.filter((code) => code === EVENT_PROOF).length).toBeGreaterThan(6);
  expect(codes.filter((code) => code === EVENT_VERDICT)).toHaveLength(1);
  expect(channel.oracle?.violations ?? null).toEqual([]);
});

test("each half cycle tells its pulse resistance once", () => {
  const input = cellOf("hNa");
  input.sim.shorts = false;
  const memory = memoryOf(input, ccdProgram(input, 0.3));
  const channel = createSimulated({ cell: input, seed: 4, memory });
  const record = listen(channel);
  channel.send("start");
  finish(channel, record);
  const pulses = record.events.filter(({ code }) => code === EVENT_PULSE);
  expect(pulses).toHaveLength(6);
  for (const { values } of pulses) {
    expect(values[1] / 1e6).toBeGreaterThan(45);
    expect(values[1] / 1e6).toBeLessThan(48);
    expect(values[2] / 1e3).toBeCloseTo(25, 0);
  }
});
