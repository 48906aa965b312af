// Without the keep-alive a run has an hour and a milliampere, whatever it spends them on: rests,
// holds and what was before an outage count. A run that is nearly over is taken from a simulated
// board, whose journal is the same.
import { expect, test } from "vitest";
import { UNGUARDED_A, UNGUARDED_S } from "../../../boards/firmata-channel.ts";
import { createSimulated } from "../../../boards/simulated.ts";
import { FAULT_PROTOCOL } from "../../../firmware/fault.ts";
import type { Step } from "../../../firmware/protocol.ts";
import { createStep, FLAG_WAIT, STEP_CURRENT, STEP_REST } from "../../../firmware/protocol.ts";
import { SETTLE_S } from "../../../firmware/resume.ts";
import { HELD, IDLE, RUNNING } from "../../../firmware/schedule.ts";
import type { EventMessage } from "../../../firmware/telemetry.ts";
import { END_STOPPED, EVENT_FAULT } from "../../../firmware/telemetry.ts";
import { EVENT_VERDICT } from "../../../firmware/telemetry.ts";
import { observe } from "../../../sim/advance.ts";
import { cellOf, memoryOf } from "../../boards/rig.ts";
import { eventsOf } from "../../boards/same-events.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig } from "./rig.ts";
import type { Sketch } from "./sketch.ts";

const CELL = cellOf("hNa");
const LONG = { duration: 5000, budget: 6000 };
const REST: Step = { ...createStep(), kind: STEP_REST, ...LONG };
const AMPERE = 1e-4;

function current(amperes: number): Step {
  const window = { voltageMin: -4, voltageMax: 4 };
  return { ...createStep(), kind: STEP_CURRENT, current: amperes, ...LONG, ...window };
}

/** A simulated board's run has begun by then, s since power-on. */
const BEGUN_S = 20;

/** A host that finds a run of `steps` broken off `seconds` after its start, or when it has
 *  begun. */
function after(sketch: Sketch, seconds: number, steps: Step[], keepAlive = false): Promise<Rig> {
  const memory = memoryOf(CELL, steps);
  const channel = createSimulated({ cell: CELL, seed: 1, memory });
  channel.send("start");
  channel.runUntil(BEGUN_S * 1000);
  channel.runUntil((channel.shell.channel.run.totals.startedAt + seconds) * 1000);
  const specimen = { cell: CELL, seed: 1, memory: channel.world.fram.memory.slice() };
  return createRig({ sketch, specimen, keepAlive });
}

function currentOf(rig: Rig): number {
  observe(rig.lab.world);
  return rig.lab.world.cell.currentA;
}

function runFor(rig: Rig, seconds: number): void {
  rig.lab.run(rig.lab.now() + seconds * 1000);
}

function phaseOf(rig: Rig): number {
  return rig.channel.shell.channel.run.schedule.phase;
}

function of(rig: Rig, code: number): EventMessage[] {
  return eventsOf(rig.lines).filter((event) => event.code === code);
}

/** The run was stopped, once, and nothing flows. */
function expectStopped(rig: Rig): void {
  expect(of(rig, EVENT_VERDICT).map(({ values }) => values[2])).toEqual([END_STOPPED]);
  expect(of(rig, EVENT_FAULT)).toEqual([]);
  expect(rig.channel.overstayed()).toBe(true);
  expect(phaseOf(rig)).toBe(IDLE);
  expect(currentOf(rig)).toBeCloseTo(0, 9);
  expect(rig.lab.world.oracle?.violations).toEqual([]);
}

describeOnUno("an hour without the keep-alive is over", (sketch) => {
  test("while a current flows", async () => {
    const rest = { ...REST, duration: UNGUARDED_S - 20 };
    const rig = await after(sketch, UNGUARDED_S - 30, [rest, current(AMPERE)]);
    runFor(rig, 20);
    expect(currentOf(rig)).toBeCloseTo(AMPERE, 6);
    expect(rig.channel.overstayed()).toBe(false);
    runFor(rig, 20);
    expectStopped(rig);
  });

  test("in a rest", async () => {
    const rig = await after(sketch, UNGUARDED_S - 15, [REST]);
    runFor(rig, 7);
    expect(phaseOf(rig)).toBe(RUNNING);
    runFor(rig, 15);
    expectStopped(rig);
  });

  test("while the run is held", async () => {
    const rig = await after(sketch, UNGUARDED_S - 15, [{ ...REST, flags: FLAG_WAIT }]);
    runFor(rig, 7);
    expect(phaseOf(rig)).toBe(HELD);
    runFor(rig, 15);
    expectStopped(rig);
  });

  test("and with it the run goes on", async () => {
    const rig = await after(sketch, UNGUARDED_S - 15, [REST], true);
    runFor(rig, 30);
    expect(phaseOf(rig)).toBe(RUNNING);
    expect(rig.channel.overstayed()).toBe(false);
  });
});

describeOnUno("more current than may flow without the keep-alive", (sketch) => {
  test("does not flow: a run that had it is given up", async () => {
    const rig = await after(sketch, 0, [current(2 * UNGUARDED_A)]);
    let most = 0;
    for (let i = 0; i < (SETTLE_S + 10) * 10; i++) {
      runFor(rig, 0.1);
      most = Math.max(most, Math.abs(currentOf(rig)));
    }
    expect(most).toBeLessThan(1e-9);
    expect(of(rig, EVENT_FAULT).map(({ values }) => values[0])).toEqual([FAULT_PROTOCOL]);
    expect(phaseOf(rig)).toBe(IDLE);
  });
});
