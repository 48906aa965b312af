// A host that dies in a run, and the next one: the journal in its file brings the run back, and the
// same table as on a board decides what becomes of it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FileMemory } from "../../../boards/firmata-channel.ts";
import { crc32, createFileMemory, MEMORY_AREAS } from "../../../boards/firmata-channel.ts";
import { decodeAnswer, VERB_STATUS } from "../../../firmware/console.ts";
import type { Step } from "../../../firmware/protocol.ts";
import { createStep, STEP_CURRENT, STEP_REST } from "../../../firmware/protocol.ts";
import { BE_HELD, FOUND_SAME, GO_ON, SETTLE, SETTLE_S } from "../../../firmware/resume.ts";
import { HELD, IDLE, RUNNING } from "../../../firmware/schedule.ts";
import type { EventMessage } from "../../../firmware/telemetry.ts";
import { END_FINISHED, EVENT_GAP, EVENT_STEP } from "../../../firmware/telemetry.ts";
import { EVENT_VERDICT } from "../../../firmware/telemetry.ts";
import { observe } from "../../../sim/advance.ts";
import { cellOf, memoryOf } from "../../boards/rig.ts";
import { eventsOf } from "../../boards/same-events.ts";
import type { Specimen } from "../../boards/specimen.ts";
import { specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig, cutOff, followUp, killHost } from "./rig.ts";
import type { Sketch } from "./sketch.ts";

const GONE_MS = 2000;
/** Until the slow sensors have answered. */
const WARM_UP_MS = 3000;
/** Until any of the program's steps has begun. */
const BEGUN_MS = 120_000;
const AMPERE = 1e-4;
const SECONDS = 40;
/** What an outage may cost the account: a checkpoint's distance and two frames, C. */
const LOST_C = (1 + 2 * 0.2) * AMPERE;

function current(amperes: number): Step {
  const step = { ...createStep(), kind: STEP_CURRENT, current: amperes };
  return { ...step, duration: SECONDS, budget: 400, voltageMin: -4, voltageMax: 4 };
}

/** A rest, there, back, and a rest: 0 to 10, 10 to 50, 50 to 90 and 90 to 100 s. */
function thereAndBack(): Specimen {
  const cell = cellOf("hNa");
  const rest = { ...createStep(), kind: STEP_REST, duration: 10, budget: 60 };
  return { cell, seed: 1, memory: memoryOf(cell, [rest, current(AMPERE), current(-AMPERE), rest]) };
}

/** A staircase in the middle of whose first level, of two minutes, it happens. */
const STAIRCASE = specimen({ start: 0.3, step: 0.1, charge: 0.01, thickness: 0.162 }, 1);
const LEVEL_A = 0.3e-3 * STAIRCASE.cell.areaCm2;

let folder = "";
const open: FileMemory[] = [];

/** The file as a program finds it that has just been started. */
function openFile(): FileMemory {
  const memory = createFileMemory(join(folder, "memory"), MEMORY_AREAS, crc32);
  open.push(memory);
  return memory;
}

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cyclet-resume-"))));
afterEach(() => {
  for (const memory of open.splice(0)) memory.close();
  rmSync(folder, { recursive: true });
});

/** A run whose host dies so long after it has begun `step`, s; the board is as that left it until
 *  5 s later. */
async function broken(sketch: Sketch, of: Specimen, step: number, seconds: number): Promise<Rig> {
  writeFileSync(join(folder, "memory"), of.memory);
  const rig = await createRig({ sketch, specimen: of, memory: openFile() });
  const { lab } = rig;
  lab.run(lab.now() + WARM_UP_MS);
  rig.channel.send("start");
  const endMs = lab.now() + BEGUN_MS;
  while (!stepsOf(rig).includes(step) && lab.now() < endMs) lab.run(lab.now() + 500);
  lab.run(lab.now() + seconds * 1000);
  await die(rig);
  return rig;
}

async function die(rig: Rig): Promise<void> {
  cutOff(rig, GONE_MS);
  killHost(rig);
  await rig.lab.settle(5000);
}

/** The next program on the same file. */
function next(rig: Rig, sketch: Sketch, of: Specimen): Promise<Rig> {
  return followUp(rig, { sketch, specimen: of, memory: openFile() });
}

function currentOf(rig: Rig): number {
  observe(rig.lab.world);
  return rig.lab.world.cell.currentA;
}

/** The phase that the channel states. */
function phaseOf(rig: Rig): number | undefined {
  rig.channel.send("status");
  rig.lab.run(rig.lab.now() + 500);
  const answers = rig.lines.map(decodeAnswer).filter((each) => each?.verb === VERB_STATUS);
  return answers.at(-1)?.values[0];
}

function of(rig: Rig, code: number): EventMessage[] {
  return eventsOf(rig.lines).filter((event) => event.code === code);
}

/** Lets the run go on to its verdict, and says how it ended. */
function endOf(rig: Rig, seconds: number): number | undefined {
  rig.lab.run(rig.lab.now() + seconds * 1000);
  return of(rig, EVENT_VERDICT).at(-1)?.values[2];
}

function stepsOf(rig: Rig): number[] {
  return of(rig, EVENT_STEP).map(({ values }) => values[0]);
}

describeOnUno("a host that died in a run", (sketch) => {
  const program = thereAndBack();

  test.each([
    ["its second current", 2, 20, SETTLE],
    ["a rest", 3, 4, GO_ON],
  ])("of %s: the next one goes on to the end", async (_, step, seconds, decision) => {
    const first = await broken(sketch, program, step, seconds);
    const rig = await next(first, sketch, program);
    const { lab } = rig;
    lab.run(lab.now() + 10_000);
    expect(of(rig, EVENT_GAP).map(({ values }) => values.slice(0, 2))).toEqual([
      [decision, FOUND_SAME],
    ]);
    if (decision === SETTLE) {
      expect(phaseOf(rig)).toBe(HELD);
      expect(currentOf(rig)).toBeCloseTo(0, 9);
      lab.run(lab.now() + SETTLE_S * 1000);
      expect(phaseOf(rig)).toBe(RUNNING);
      expect(currentOf(rig)).toBeCloseTo(-AMPERE, 6);
    }
    expect(endOf(rig, 60)).toBe(END_FINISHED);
    expect([...stepsOf(first), ...stepsOf(rig)]).toEqual([0, 1, 2, 3]);
    const { chargeIn, chargeOut } = rig.channel.shell.channel.run.totals;
    expect(Math.abs(chargeIn - AMPERE * SECONDS)).toBeLessThan(LOST_C);
    expect(Math.abs(chargeOut - AMPERE * SECONDS)).toBeLessThan(LOST_C);
    expect(lab.world.oracle?.violations).toEqual([]);
  });

  test("twice: the one after the next goes on to the end", async () => {
    const first = await next(await broken(sketch, program, 1, 20), sketch, program);
    first.lab.run(first.lab.now() + (SETTLE_S + 15) * 1000);
    expect(currentOf(first)).toBeCloseTo(AMPERE, 6);
    await die(first);
    const second = await next(first, sketch, program);
    expect(endOf(second, SETTLE_S + 2 * SECONDS + 30)).toBe(END_FINISHED);
    const { chargeIn, chargeOut } = second.channel.shell.channel.run.totals;
    expect(Math.abs(chargeIn - AMPERE * SECONDS)).toBeLessThan(2 * LOST_C);
    expect(Math.abs(chargeOut - AMPERE * SECONDS)).toBeLessThan(LOST_C);
    expect(second.lab.world.oracle?.violations).toEqual([]);
  });

  test("in a staircase's dwell: the next one holds it until it is told to go on", async () => {
    const rig = await next(await broken(sketch, STAIRCASE, 1, 50), sketch, STAIRCASE);
    const { lab } = rig;
    lab.run(lab.now() + 90_000);
    expect(of(rig, EVENT_GAP).map(({ values }) => values[0])).toEqual([BE_HELD]);
    expect(phaseOf(rig)).toBe(HELD);
    expect(currentOf(rig)).toBeCloseTo(0, 9);
    rig.channel.send("resume");
    // Until an experiment interrupts it, which compares with one before.
    lab.run(lab.now() + 1500);
    expect(currentOf(rig)).toBeCloseTo(LEVEL_A, 6);
    expect(phaseOf(rig)).toBe(RUNNING);
    expect(lab.world.oracle?.violations).toEqual([]);
  });

  test("in a dwell, and the operator ends it: the one after finds no run", async () => {
    const rig = await next(await broken(sketch, STAIRCASE, 1, 50), sketch, STAIRCASE);
    rig.lab.run(rig.lab.now() + 10_000);
    rig.channel.send("stop");
    rig.lab.run(rig.lab.now() + 3000);
    expect(phaseOf(rig)).toBe(IDLE);
    await die(rig);
    const last = await next(rig, sketch, STAIRCASE);
    last.lab.run(last.lab.now() + 5000);
    expect(phaseOf(last)).toBe(IDLE);
  });
});
