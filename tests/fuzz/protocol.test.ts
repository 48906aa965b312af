// Cell and protocol files of every kind: refused in one plain line, or compiled into a program that
// ends within its budget and inside the limits, whatever the cell does.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENVELOPE } from "../../boards/default-channel.ts";
import { BUDGET, CURRENT_MAX, KIND, SET_CURRENT } from "../../firmware/protocol.ts";
import type { Step, Whole } from "../../firmware/protocol.ts";
import { STEP_CCD, STEP_CURRENT, STEP_END, STEP_JUMP, STEP_LOOP } from "../../firmware/protocol.ts";
import { IDLE, LOOPS_MAX } from "../../firmware/schedule.ts";
import { EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { checkCell, checkProgram } from "../../host/board-check.ts";
import type { Cell } from "../../host/cell-file.ts";
import { parseCell } from "../../host/cell-file.ts";
import { compile, compileWhole } from "../../host/compile.ts";
import { programBudget } from "../../host/duration.ts";
import { InputError } from "../../host/input-error.ts";
import { parseJson } from "../../host/json-file.ts";
import { describe as describeCell } from "../../host/program.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import { createBench, frame, start, toldOf } from "../firmware/bench.ts";
import { recordOf } from "../firmware/records.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID } from "../firmware/specimen.ts";
import { shortFile } from "./language-files.ts";
import { cellFile, damaged, languageFile, protocolFile } from "./protocol-files.ts";
import { runs } from "./runs.ts";

/** What a run waits for besides its steps: sensors and steps to be loaded. */
const WAITING_S = 40;
/** Set-points are met within the follower's allowance of full scale. */
const FOLLOW_SHARE = 0.02;

/** Control characters of either half, and those that turn the direction of writing. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

interface Accepted {
  cell: Cell;
  steps: Step[];
  whole: Whole;
}

/** The program of a pair of files, or the line that refuses it; whatever else is thrown passes. */
function taken(cellJson: unknown, protocolJson: unknown): Accepted | string {
  try {
    const cell = parseCell(cellJson, "cell.json");
    checkCell(CAPABILITIES, cell, "cell.json");
    const protocol = parseProtocol(protocolJson, "protocol.json");
    const largest = Math.max(...CAPABILITIES.rangesA);
    const steps = compile(protocol, cell, largest, "protocol.json");
    const whole = compileWhole(protocol, cell);
    checkProgram(CAPABILITIES, cell, protocol, steps, "protocol.json", whole);
    return { cell, steps, whole };
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

function isPlain(line: string): void {
  expect(UNPRINTABLE.test(line), JSON.stringify(line)).toBe(false);
  expect(line.length).toBeLessThan(1000);
  expect(line).toMatch(/^(cell|protocol)\.json: \$/);
}

/** What the firmware asks of a step before it tries it. */
function isAcceptable(step: Step): boolean {
  const { bytes, values } = recordOf(step);
  if ([STEP_END, STEP_LOOP, STEP_JUMP].includes(bytes[KIND])) return true;
  const largest = Math.max(Math.abs(values[SET_CURRENT]), Math.abs(values[CURRENT_MAX]));
  const bounded = values[BUDGET] > 0 && values[BUDGET] < Infinity;
  return bounded && largest <= ENVELOPE.currentMaxA;
}

/** Runs a program on a cell of `ohms` and holds every frame against its limits. */
function carryOut({ cell, steps }: Accepted, ohms: number): void {
  const bench = createBench(steps.slice(0, -1), describeCell(cell));
  bench.ohms = ohms;
  for (let i = 0; i < 3; i++) frame(bench);
  start(bench);
  const largest = Math.max(
    ...steps.filter((s) => s.kind === STEP_CURRENT).map((s) => Math.abs(s.current)),
    ...steps.filter((s) => s.kind === STEP_CCD).map((s) => s.currentMax),
    0,
  );
  const end = bench.timeMs + (programBudget(steps) + WAITING_S) * 1000;
  const { run, limits } = bench.channel;
  let outside = 0;
  while (run.schedule.phase !== IDLE && bench.timeMs < end) {
    const { relay, code, range } = frame(bench);
    const volts = (code - CODE_MID) / CIRCUIT.codesPerSenseVolt;
    const amperes = relay === 1 ? Math.abs(volts / CIRCUIT.senseOhms[range]) : 0;
    const allowance = FOLLOW_SHARE * CAPABILITIES.rangesA[range];
    expect(amperes).toBeLessThanOrEqual(Math.min(largest, limits.currentMax) + allowance);
    const cellV = Math.abs(amperes * ohms);
    outside = cellV > limits.voltageMax && cellV > -limits.voltageMin ? outside + 1 : 0;
    expect(outside).toBeLessThanOrEqual(3);
    if (bench.channel.run.schedule.phase === 4) run.schedule.phase = IDLE;
  }
  expect(run.schedule.phase).toBe(IDLE);
  expect(bench.channel.command.relay).toBe(0);
  expect(toldOf(bench, EVENT_VERDICT).length).toBeLessThanOrEqual(1);
}

describe("files with anything at any place", () => {
  test("are refused in one plain line, or are within what the firmware accepts", () => {
    let refused = 0;
    const check = (cellJson: unknown, protocolJson: unknown): void => {
      const found = taken(cellJson, protocolJson);
      if (typeof found === "string") {
        refused++;
        isPlain(found);
        return;
      }
      for (const step of found.steps) expect(isAcceptable(step)).toBe(true);
      expect(programBudget(found.steps, found.whole)).toBeLessThan(Infinity);
    };
    const amount = runs(1000);
    const both = 2 * (amount.numRuns ?? 0);
    fc.assert(fc.property(damaged(cellFile), protocolFile, check), amount);
    fc.assert(fc.property(cellFile, damaged(protocolFile), check), amount);
    expect(refused).toBeGreaterThan(0.2 * both);
    expect(refused).toBeLessThan(0.97 * both);
    refused = 0;
    fc.assert(fc.property(cellFile, damaged(languageFile), check), amount);
    fc.assert(fc.property(cellFile, languageFile, check), amount);
    expect(refused).toBeGreaterThan(0.2 * both);
    expect(refused).toBeLessThan(0.97 * both);
    refused = 0;
    fc.assert(fc.property(cellFile, damaged(shortFile), check), amount);
    fc.assert(fc.property(cellFile, shortFile, check), amount);
    expect(refused).toBeGreaterThan(0.2 * both);
    expect(refused).toBeLessThan(0.97 * both);
  });

  test("that are hardly JSON are refused in one plain line with a place", () => {
    const text = fc
      .tuple(protocolFile, fc.nat(), fc.string({ unit: "binary", maxLength: 3 }), fc.nat(3))
      .map(([file, where, noise, lost]) => {
        const sound = JSON.stringify(file, null, where % 3);
        const at = where % (sound.length + 1);
        return sound.slice(0, at) + noise + sound.slice(at + lost);
      });
    const check = (json: string): void => {
      try {
        parseJson(json, "protocol.json");
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        const line = (error as InputError).message;
        expect(line).toMatch(/^protocol\.json:\d+:\d+: not JSON: /);
        expect(UNPRINTABLE.test(line), JSON.stringify(line)).toBe(false);
      }
    };
    fc.assert(fc.property(text, check), runs(2000));
  });
});

describe("an accepted program", () => {
  test("ends within its budget, inside its limits, on any cell", () => {
    let ran = 0;
    const ohms = fc.constantFrom(0, 0.5, 20, 50, 400, 1e4, Infinity);
    const check = (cellJson: unknown, protocolJson: unknown, resistance: number): void => {
      const found = taken(cellJson, protocolJson);
      if (typeof found === "string" || loopDepth(found.steps) > LOOPS_MAX) return;
      ran++;
      carryOut(found, resistance);
    };
    const amount = runs(200);
    fc.assert(fc.property(cellFile, protocolFile, ohms, check), amount);
    expect(ran).toBeGreaterThan((amount.numRuns ?? 0) / 4);
  });
});

/** How deep loops lie within each other. */
function loopDepth(steps: readonly Step[]): number {
  const loops = steps.flatMap((step, at) => (step.kind === STEP_LOOP ? [{ at, to: step.to }] : []));
  const around = (inner: { at: number; to: number }): number =>
    loops.filter((outer) => outer.to <= inner.to && outer.at >= inner.at).length;
  return Math.max(0, ...loops.map(around));
}
