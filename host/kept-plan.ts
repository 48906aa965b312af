// What a board was loaded with, kept on this computer by the program's hash: a log that is fetched
// later names its program only so.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Capabilities } from "../hal/port.ts";
import { currentMax } from "./board-check.ts";
import type { Cell } from "./cell-file.ts";
import { compile, compileWhole } from "./compile.ts";
import type { Plan } from "./plan.ts";
import { programHash, shortHash } from "./program.ts";
import type { Protocol } from "./protocol/form.ts";
import { stateFile } from "./state-folder.ts";
import { reason } from "./system-error.ts";

function pathOf(hash: number): string {
  return stateFile(`plan-${hash.toString(16).padStart(8, "0")}.json`);
}

/** Keeps the plan. Throws the system's error. */
function keepPlan({ protocol, cell, hash }: Plan): void {
  writeFileSync(pathOf(shortHash(hash)), JSON.stringify({ protocol, cell, hash }));
}

/** Keeps the plan; what is to be said where that fails. */
export function keptWords(plan: Plan): string[] {
  try {
    keepPlan(plan);
    return [];
  } catch (error) {
    return [`fetch will ask for the protocol, which cannot be kept here: ${reason(error)}`];
  }
}

/** The plan whose program has this hash (its first 32 bits), on `board`; null = it is not known
 *  here, or is compiled to another program by now. */
export function recallPlan(hash: number, board: Capabilities): Plan | null {
  const path = pathOf(hash);
  if (!existsSync(path)) return null;
  try {
    const { protocol, cell } = JSON.parse(readFileSync(path, "utf8")) as {
      protocol: Protocol;
      cell: Cell;
    };
    const steps = compile(protocol, cell, currentMax(board), path);
    const whole = compileWhole(protocol, cell);
    const plan = {
      protocol,
      cell,
      board,
      steps,
      whole,
      hash: programHash(steps, whole),
      notes: [],
    };
    return shortHash(plan.hash) === hash ? plan : null;
  } catch {
    return null;
  }
}
