// Terms, jumps, limits that hold in every step and rules of recording, through chip registers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CellInput, SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { createWhole } from "../../firmware/encode.ts";
import { FAULT_TIME_MAX } from "../../firmware/fault.ts";
import * as p from "../../firmware/protocol.ts";
import type { Step, Term, Whole } from "../../firmware/protocol.ts";
import { END_FINISHED, END_LIMIT, EVENT_FAULT, EVENT_STEP } from "../../firmware/telemetry.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import type { Record } from "./rig.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

const CURRENT = 5e-4;
const PERIOD_MS = 200;
const metal = cellOf("hNa");
const full: CellInput = { ...metal, sim: { ...metal.sim, fullCell: true, noise: 0 } };

function term(quantity: number, threshold: number, changes: Partial<Term> = {}): Term {
  const plain = { quantity, below: false, threshold, delay: 0, last: true, to: p.TO_NEXT };
  return { ...plain, ...changes };
}

function current(amperes: number, changes: Partial<Step> = {}): Step {
  const step = { ...p.createStep(), kind: p.STEP_CURRENT, current: amperes, budget: 10_000 };
  return { ...step, ...changes };
}

function rest(duration: number, changes: Partial<Step> = {}): Step {
  const step = { ...p.createStep(), kind: p.STEP_REST, duration, budget: duration + 60 };
  return { ...step, ...changes };
}

const jump = (...terms: Term[]): Step => ({ ...p.createStep(), kind: p.STEP_JUMP, terms });
const loop = (to: number, count: number): Step => {
  return { ...p.createStep(), kind: p.STEP_LOOP, to, count };
};
const whole = (changes: Partial<Whole>): Whole => ({ ...createWhole(), ...changes });

interface Bench {
  channel: SimulatedChannel;
  record: Record;
}

/** A run to its verdict. */
function runOf(steps: Step[], own = createWhole(), cell = metal, plan: FaultPlan = []): Bench {
  const memory = memoryOf(cell, steps, {}, own);
  const pace = { framePeriodMs: PERIOD_MS, capabilities: { framePeriodMs: PERIOD_MS } };
  const channel = createSimulated({ cell, seed: 5, memory, plan, oracle: true, ...pace });
  const record = listen(channel, true);
  channel.send("start");
  while (record.verdict === null && channel.now() < 20_000e3) {
    channel.runUntil(channel.now() + 10e3);
  }
  expect(channel.oracle?.violations).toEqual([]);
  return { channel, record };
}

const endOf = ({ record }: Bench): number | undefined => record.verdict?.values[2];
const indicesOf = ({ record }: Bench): number[] =>
  record.events.filter(({ code }) => code === EVENT_STEP).map(({ values }) => values[0]);
const timesOf = ({ record }: Bench): number[] =>
  record.events.filter(({ code }) => code === EVENT_STEP).map(({ timeMs }) => timeMs / 1000);
const faultsOf = ({ record }: Bench): number[] =>
  record.events.filter(({ code }) => code === EVENT_FAULT).map(({ values }) => values[0]);

test("the charge of a step that goes on with the one before counts once in its cycle", () => {
  const onward = current(CURRENT, { duration: 60, flags: p.FLAG_CONTINUES });
  const cycle = [current(CURRENT, { duration: 30 }), onward, current(-CURRENT, { duration: 60 })];
  const poor = (share: number): Term =>
    term(p.QUANTITY_EFFICIENCY, share, { below: true, to: p.TO_STOP });
  expect(endOf(runOf([...cycle, jump(poor(0.95)), rest(3)]))).toBe(END_FINISHED);
  expect(endOf(runOf([...cycle, jump(poor(1.05)), rest(3)]))).toBe(END_LIMIT);
});

describe("a group of terms", () => {
  test("ends its step when all of it holds, any group is enough", () => {
    const both = [
      term(p.QUANTITY_TIME, 5, { last: false }),
      term(p.QUANTITY_CHARGE, 10 * CURRENT),
      term(p.QUANTITY_TIME, 30),
    ];
    const bench = runOf([current(CURRENT, { terms: both }), rest(3)]);
    expect(indicesOf(bench)).toEqual([0, 1]);
    const [from, to] = timesOf(bench);
    expect(to - from).toBeGreaterThan(10);
    expect(to - from).toBeLessThan(11);
    expect(endOf(bench)).toBe(END_FINISHED);
  });

  test("must hold for its delay", () => {
    const terms = [term(p.QUANTITY_TIME, 5, { delay: 4 })];
    const bench = runOf([rest(60, { terms }), rest(3)]);
    const [from, to] = timesOf(bench);
    expect(to - from - 9).toBeGreaterThan(-0.05);
    expect(to - from - 9).toBeLessThan(0.5);
  });

  test("leads to another step, to the end, or to a stop as at a limit", () => {
    const on = (to: number): Step => rest(60, { terms: [term(p.QUANTITY_TIME, 2, { to })] });
    const program = (to: number): Step[] => [on(to), rest(1), rest(1)];
    expect(indicesOf(runOf(program(2)))).toEqual([0, 2]);
    const ended = runOf(program(p.TO_END));
    expect([indicesOf(ended), endOf(ended)]).toEqual([[0], END_FINISHED]);
    const stopped = runOf(program(p.TO_STOP));
    expect([indicesOf(stopped), endOf(stopped), faultsOf(stopped)]).toEqual([[0], END_LIMIT, []]);
  });

  test("cuts off by the voltage within a frame, and the next step follows without a rest", () => {
    const terms = [term(p.QUANTITY_VOLTAGE, 3.8)];
    const steps = [current(5.7e-4, { terms }), current(-5.7e-4, { duration: 5 })];
    const bench = runOf(steps, createWhole(), full);
    expect(indicesOf(bench)).toEqual([0, 1]);
    const at = timesOf(bench)[1] * 1000;
    const near = bench.record.frames.filter(({ timeMs }) => Math.abs(timeMs - at) < 3000);
    expect(near.length).toBeGreaterThan(3);
    const highest = Math.max(...near.map(({ voltageUv }) => voltageUv / 1e6));
    expect(highest).toBeGreaterThan(3.8);
    expect(highest).toBeLessThan(3.83);
    expect(near.every(({ currentPa }) => Math.abs(currentPa) > 5e8)).toBe(true);
  });
});

describe("what holds in every step", () => {
  test("stops the run, after its delay", () => {
    const terms = [term(p.QUANTITY_RUN_CHARGE, 12 * CURRENT, { delay: 3, to: p.TO_STOP })];
    const steps = [current(CURRENT, { duration: 8 }), current(-CURRENT, { duration: 60 })];
    const bench = runOf(steps, whole({ terms }));
    expect(endOf(bench)).toBe(END_LIMIT);
    expect(indicesOf(bench)).toEqual([0, 1]);
    const seconds = (bench.record.verdict?.timeMs ?? 0) / 1000 - timesOf(bench)[0];
    expect(seconds).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(17);
  });

  test("is the time that a run may take, also after a loss of power", () => {
    const steps = [rest(10), jump(term(p.QUANTITY_RUN_TIME, 0, { to: 0 }))];
    for (const plan of [[], [{ at: { timeS: 35 }, kind: "mcuReset", value: 300 }]] as FaultPlan[]) {
      const bench = runOf(steps, whole({ budget: 64 }), metal, plan);
      expect(faultsOf(bench)).toEqual([FAULT_TIME_MAX]);
      expect(endOf(bench)).toBe(END_LIMIT);
      const ms = bench.record.verdict?.timeMs ?? 0;
      expect(ms / 1000).toBeGreaterThan(63);
      expect(ms / 1000).toBeLessThan(80);
      expect(new Set(indicesOf(bench))).toEqual(new Set([0]));
    }
  });
});

describe("a jump", () => {
  test("goes by the last cycle's efficiency, and by the last half cycle's capacity", () => {
    const again = term(p.QUANTITY_EFFICIENCY, 0.7, { to: 0 });
    const much = term(p.QUANTITY_CAPACITY, 15 * CURRENT, { to: p.TO_STOP });
    const cycle = (seconds: number): Step[] => [
      current(CURRENT, { charge: 10 * CURRENT }),
      rest(1),
      current(-CURRENT, { charge: seconds * CURRENT }),
      jump(much, again),
    ];
    const good = runOf(cycle(8), whole({ budget: 60 }));
    expect(indicesOf(good).slice(0, 4)).toEqual([0, 1, 2, 0]);
    expect(faultsOf(good)).toEqual([FAULT_TIME_MAX]);
    const poor = runOf(cycle(6));
    expect([indicesOf(poor), endOf(poor)]).toEqual([[0, 1, 2], END_FINISHED]);
    const large = runOf(cycle(20));
    expect([indicesOf(large), endOf(large)]).toEqual([[0, 1, 2], END_LIMIT]);
  });

  test("out of a loop leaves it, and it begins anew when it is met again", () => {
    const out = rest(1, { terms: [term(p.QUANTITY_RUN_TIME, 6, { to: 3 })], duration: 2 });
    const back = jump(term(p.QUANTITY_RUN_TIME, 20, { to: p.TO_END }), term(0, 0, { to: 0 }));
    const steps = [rest(1), out, loop(0, 3), rest(1), back];
    const bench = runOf(steps, whole({ budget: 100 }));
    expect(endOf(bench)).toBe(END_FINISHED);
    expect(indicesOf(bench).slice(0, 6)).toEqual([0, 1, 0, 1, 3, 0]);
    expect(bench.channel.shell.channel.run.schedule.loopDepth).toBe(0);
  });

  test("remembers half cycles over a loss of power", () => {
    const steps = [
      current(CURRENT, { charge: 10 * CURRENT }),
      current(-CURRENT, { charge: 6 * CURRENT }),
      rest(20),
      jump(term(p.QUANTITY_EFFICIENCY, 0.65, { below: true, to: 5 })),
      rest(1),
      rest(2),
    ];
    const clean = runOf(steps);
    expect(indicesOf(clean)).toEqual([0, 1, 2, 5]);
    const timeS = timesOf(clean)[2] + 5;
    const cut = runOf(steps, createWhole(), metal, [
      { at: { timeS }, kind: "mcuReset", value: 300 },
    ]);
    expect(indicesOf(cut)).toEqual([0, 1, 2, 5]);
  });
});

describe("a rule of recording", () => {
  const spacing = (bench: Bench): number[] => {
    const times = bench.record.frames.map(({ timeMs }) => timeMs);
    const [from] = timesOf(bench);
    const own = times.filter((time) => time > from * 1000 + 2000);
    return own.slice(1).map((time, i) => time - own[i]);
  };

  test("of time: more seldom, and more often", () => {
    const seldom = spacing(runOf([rest(30, { recordTime: 5 })]));
    expect(Math.min(...seldom.slice(0, -1))).toBeGreaterThanOrEqual(4900);
    const often = spacing(runOf([rest(10)], whole({ recordTime: 0.1 })));
    expect(Math.max(...often)).toBeLessThanOrEqual(150);
  });

  test("of a change: as it comes, with all or any", () => {
    const rule = { recordTime: 4, recordVoltage: 0.01 };
    const charge = { charge: 30 * CURRENT, ...rule };
    const any = runOf([current(CURRENT, charge)], createWhole(), full);
    const all = runOf([current(CURRENT, { ...charge, flags: 16 })], createWhole(), full);
    expect(any.record.frames.length).toBeGreaterThan(all.record.frames.length);
    expect(Math.min(...spacing(all).slice(0, -1))).toBeGreaterThanOrEqual(3900);
  });
});

const quantity = fc.nat(10);
const target = fc.oneof(fc.nat(5), fc.constantFrom(p.TO_NEXT, p.TO_STOP, p.TO_END));
const anyTerm = fc.record({
  quantity,
  below: fc.boolean(),
  threshold: fc.oneof(fc.nat(4), fc.double({ min: 0, max: 1, noNaN: true })),
  delay: fc.constantFrom(0, 0, 1),
  last: fc.boolean(),
  to: target,
});
const terms = fc.array(anyTerm, { maxLength: 4 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ duration: fc.integer({ min: 1, max: 5 }), terms }).map((own) => rest(5, own)),
  fc.record({ duration: fc.integer({ min: 1, max: 5 }), terms }).map((own) => {
    return current(CURRENT, { ...own, budget: 70 });
  }),
  terms.map((own) => jump(...own)),
  fc.nat(1).map((to) => loop(to, 2)),
);

test("every program of terms and jumps ends within its budget", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 2, maxLength: 6 }), (steps) => {
      const bench = runOf(steps, whole({ budget: 60 }));
      expect(bench.record.verdict).not.toBeNull();
      // Until sensors are there, the proof is made and the program is found to be none.
      expect((bench.record.verdict?.timeMs ?? 0) / 1000).toBeLessThan(60 + 45);
    }),
    { seed: 1, numRuns: 60 },
  );
});
