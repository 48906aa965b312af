// A run as asked for, validated: everything that can be refused is refused here, before a file is
// made or a relay moves.
import { existsSync } from "node:fs";
import type { Capabilities, MemoryAreas } from "../hal/port.ts";
import type { Step, Whole } from "../firmware/protocol.ts";
import { checkCell, checkProgram, currentMax } from "./board-check.ts";
import type { Cell } from "./cell-file.ts";
import { readCell } from "./cell-file.ts";
import { compile, compileWhole } from "./compile.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import { ANNOUNCED_PRESETS, preset, PRESETS } from "./presets.ts";
import { programHash, programRoom, programSize } from "./program.ts";
import type { Protocol } from "./protocol/form.ts";
import type { ReadProtocol } from "./protocol-source.ts";
import { readProtocol } from "./protocol-source.ts";

/** A protocol on a cell and a board. */
export interface Plan {
  protocol: Protocol;
  cell: Cell;
  board: Capabilities;
  /** Compiled, the last one END. */
  steps: Step[];
  /** What holds in all steps. */
  whole: Whole;
  /** SHA-256 of the compiled steps, and of the whole where it says anything, hexadecimal. */
  hash: string;
  /** What a protocol of another language said and is not kept, a line each. */
  notes: string[];
}

/** What the instrument believes to be in the press: `--cell FILE`, else the target's own cell.
 *  Throws InputError when `board` cannot hold its voltage window. */
export function instrumentCell(
  board: Capabilities,
  file: string | undefined,
  target: string,
  targetCell: Cell,
): Cell {
  const cell = file === undefined ? targetCell : readCell(file);
  checkCell(board, cell, file ?? target.replace(/^sim:/, ""));
  return cell;
}

function resolve(argument: string, cell: Cell, board: Capabilities): ReadProtocol {
  const known = preset(argument, cell, currentMax(board));
  if (known !== null) return { protocol: known, place: argument, isNamed: true, notes: [] };
  if (!existsSync(argument)) {
    const hint = suggestion(argument, [...PRESETS, ...ANNOUNCED_PRESETS]);
    throw new InputError(
      `${argument}: neither a file nor a preset${hint}; accepted: a JSON file, ` +
        PRESETS.join(", "),
    );
  }
  return readProtocol(argument, cell);
}

function checkRoom({ steps, whole, board }: Plan, areas: MemoryAreas, file: string): void {
  const room = programRoom(areas);
  const length = programSize(steps, whole);
  if (length <= room) return;
  throw new InputError(
    `${file}: $.method: ${steps.length - 1} steps of ${length} bytes do not fit into the memory ` +
      `of ${board.name}; accepted: up to ${room} bytes`,
  );
}

/** Reads, compiles and checks; throws InputError. `argument` is a preset's name or a file. */
export function createPlan(
  argument: string,
  cell: Cell,
  board: Capabilities,
  areas: MemoryAreas,
): Plan {
  const { protocol, place, notes } = resolve(argument, cell, board);
  const steps = compile(protocol, cell, currentMax(board), place);
  const whole = compileWhole(protocol, cell);
  const hash = programHash(steps, whole);
  const plan = { protocol, cell, board, steps, whole, hash, notes };
  checkProgram(board, cell, protocol, steps, place, whole);
  checkRoom(plan, areas, place);
  return plan;
}
