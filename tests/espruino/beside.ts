// A run on the real interpreter beside the same run in Node.
import { expect } from "vitest";
import { boot } from "../boards/device.ts";
import type { Machine } from "../boards/machine.ts";
import { evidenceOf } from "../boards/same-events.ts";
import type { Runnable } from "../boards/specimen.ts";
import { bootInterpreter } from "./interpreter.ts";

/** Starts a run and lets it go on; `onSlice` is called every 10 s of virtual time. */
export type Go = (channel: Runnable, onSlice?: () => Promise<void>) => Promise<void>;

/** The same bundle as it is uploaded, in a memory that is filled by so many variables. */
export interface Flash {
  readonly tokens: string;
  readonly ballast: number;
}

/** The same numbers but for the last digits of the interpreter's arithmetic. */
export function expectSameLines(lines: readonly string[], others: readonly string[]): void {
  const differs = (line: string, i: number): boolean => {
    const numbers = JSON.parse(line) as number[];
    const expected = JSON.parse(others[i] ?? "[]") as number[];
    const near = (n: number, k: number): boolean =>
      n === expected[k] || Math.abs(n - expected[k]) <= Math.max(1, 1e-6 * Math.abs(expected[k]));
    return numbers.length !== expected.length || !numbers.every(near);
  };
  const first = lines.findIndex(differs);
  const about = first < 0 ? [] : [lines, others].map((each) => each.slice(first - 1, first + 3));
  expect(about).toEqual([]);
  expect(lines.length).toBe(others.length);
}

/** Runs the text of a bundle side by side with Node's, until `go` is done: the same lines, the
 *  same bus, and memory that does not grow. Answers with the machine behind it. */
export async function expectSame(
  newMachine: () => Machine,
  script: string,
  go: Go,
  flash?: Flash,
): Promise<Machine> {
  const machine = newMachine();
  // The text: tokens hold bytes that a file run from RAM may not, and from Linux's flash the
  // same takes several times as long. Tokens and text are compared in the tests beside.
  const session =
    flash === undefined
      ? bootInterpreter(script, machine, "ram")
      : bootInterpreter(flash.tokens, machine, "flash", flash.ballast);
  const usage: number[] = [];
  const begun = performance.now();
  await go(session, async () => {
    if (session.now() % 100_000 < 10_000) usage.push((await session.memory()).usage);
  });
  const seconds = (performance.now() - begun) / 1000;
  expect(session.exceptions).toEqual([]);
  expect(session.console()).not.toMatch(/Uncaught|Error/);
  await session.close();

  const other = newMachine();
  const device = boot(script, other);
  await go(device);
  expectSameLines(session.lines, device.lines);
  expect(machine.trace.closings).toEqual(other.trace.closings);
  expect(machine.trace.transfers).toBe(other.trace.transfers);
  console.log(
    `${machine.trace.beats} frames in ${seconds.toFixed(0)} s; variables in use every ` +
      `100 s of the run: ${usage.join(" ")}; lines of evidence: ` +
      `${evidenceOf(session.lines).length}; lines that differ: ` +
      `${session.lines.filter((line, i) => line !== device.lines[i]).length}`,
  );
  // Flat: what a tick takes it gives back.
  const settled = usage.slice(1);
  expect(Math.max(...settled) - Math.min(...settled)).toBeLessThanOrEqual(20);
  return machine;
}
