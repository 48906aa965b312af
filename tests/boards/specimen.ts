// A bare-sodium cell under a CCD protocol that comes to its verdict soon, as every board gets it.
import { createSimulated } from "../../boards/simulated.ts";
import type { CellInput } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_PROOF } from "../../firmware/protocol.ts";
import { createWorld } from "../../sim/world.ts";
import type { World } from "../../sim/world.ts";
import type { DeviceBoard } from "./boards.ts";
import { ccdProgram, cellOf, memoryOf } from "./rig.ts";

/** A cell and what the board's memory says about it and its protocol. */
export interface Specimen {
  cell: CellInput;
  seed: number;
  memory: Uint8Array;
}

/** A staircase; densities in mA/cm², charge of a half cycle in mAh/cm². */
export interface Staircase {
  start: number;
  step: number;
  charge: number;
  /** Of the pellet, cm; a filament is through a thin one sooner. */
  thickness: number;
  /** What findings lead to, see `Step.actions`; 0 = nothing but a hard short's stop. */
  actions?: number;
}

const RESTS_S = [5, 2];
const MAX = 3;

/** Bare sodium with its staircase, all rests shortened to seconds, active proofs allowed (a board
 *  without them takes no notice). `seed` also draws
 *  the errors of the chips. */
export function specimen(staircase: Staircase, seed: number): Specimen {
  const standard = cellOf("bareNa");
  const electrolyte = { ...standard.electrolyte, thicknessCm: staircase.thickness };
  const cell = { ...standard, electrolyte };
  const ampere = 1e-3 * cell.areaCm2;
  const changes: Partial<Step> = {
    current: staircase.start * ampere,
    increment: staircase.step * ampere,
    charge: staircase.charge * 3.6 * cell.areaCm2,
    rest: RESTS_S[1],
    flags: FLAG_PROOF,
    actions: staircase.actions ?? 0,
  };
  const [rest, climb] = ccdProgram(cell, MAX, changes);
  const steps = [{ ...rest, duration: RESTS_S[0], budget: RESTS_S[0] + 60 }, climb];
  return { cell, seed, memory: memoryOf(cell, steps) };
}

/** The world that a board of its own is put into; the same as `simulate`'s. */
export function worldOf(of: Specimen, board: DeviceBoard): World {
  return createWorld({ cell: of.cell, seed: of.seed, fram: of.memory, chips: board.chips });
}

/** When "start" is sent, ms after power-on: the slow sensors have answered by then. */
export const START_MS = 1500;

const VERDICT = '["e",8,';
const SLICE_MS = 10_000;

/** Something with virtual time that talks: a simulated channel, or a bundle on its machine. */
export interface Runnable {
  readonly lines: readonly string[];
  send(line: string): void;
  now(): number;
  runUntil(timeMs: number): void | Promise<void>;
}

/** Starts the program and lets time go on until the verdict, or throws after `deadlineMs`.
 *  `onSlice` is called every 10 s of virtual time. */
export async function runToVerdict(
  channel: Runnable,
  deadlineMs: number,
  onSlice: () => void | Promise<void> = () => undefined,
): Promise<void> {
  await channel.runUntil(START_MS);
  channel.send("start");
  let seen = 0;
  while (!channel.lines.slice(seen).some((line) => line.startsWith(VERDICT))) {
    seen = channel.lines.length;
    if (channel.now() >= deadlineMs) throw new Error(`no verdict after ${deadlineMs} ms`);
    await channel.runUntil(channel.now() + SLICE_MS);
    await onSlice();
  }
}

/** The TypeScript core on the simulated board, which carries what `board` carries, with frames as
 *  far apart as there. */
export function simulate(of: Specimen, board: DeviceBoard): Runnable {
  const channel = createSimulated({ ...of, ...board.simulated, framePeriodMs: 200 });
  const lines: string[] = [];
  channel.onLine((text) => lines.push(text));
  return { lines, send: channel.send, now: channel.now, runUntil: (ms) => channel.runUntil(ms) };
}
