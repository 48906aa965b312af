// Protocols for a real board: what it can do, which cell it knows, what it is given.
import { isDeepStrictEqual } from "node:util";
import { MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../boards/simulated.ts";
import { createConfig } from "../firmware/config.ts";
import type { CellConfig, Config } from "../firmware/config.ts";
import { getCell, setCell } from "../firmware/config.ts";
import type { Capabilities } from "../hal/port.ts";
import type { Cell } from "./cell-file.ts";
import { readCell } from "./cell-file.ts";
import { checkCell } from "./board-check.ts";
import { InputError } from "./input-error.ts";
import type { LeftBehind } from "./link/firmata.ts";
import type { Wire } from "./link/wire.ts";
import type { Plan } from "./plan.ts";
import { createPlan } from "./plan.ts";
import { configOf, describe, shortHash } from "./program.ts";
import { fetchConfig, upload } from "./upload.ts";

/** The default channel on a microcontroller: its circuit is that of the simulated board. */
export const DEFAULT_CHANNEL: Capabilities = {
  ...SIMULATED,
  name: "default channel",
  framePeriodMinMs: 50,
  framePeriodMs: 200,
};

/** What a board has been given. */
export interface Given {
  plan: Plan;
  config: Config;
}

/** The cell that a board knows; its name it does not. */
export function cellOf(known: CellConfig): Cell {
  const { areaCm2, thicknessCm, conductivitySPerCm, activationEnergyEv } = known;
  return {
    name: "cell",
    areaCm2,
    electrolyte: { thicknessCm, conductivitySPerCm, activationEnergyEv },
    clampForceN: known.clampForceN,
    temperatureC: known.temperatureC,
    voltageWindowV: [known.voltageMinV, known.voltageMaxV],
    uncertainty: {
      thickness: known.thicknessUncertainty,
      conductivity: known.conductivityUncertainty,
      area: known.areaUncertainty,
    },
    sim: null,
  };
}

/** The protocol `argument` of a run that was broken off, for the cell it began with. Throws
 *  InputError for another protocol or another cell. */
export function takeUp(
  left: LeftBehind,
  target: string,
  argument: string,
  cellFile: string | undefined,
): Given {
  const known = getCell(left.config);
  const cell = cellFile === undefined ? cellOf(known) : readCell(cellFile);
  if (!isDeepStrictEqual(describe(cell), known)) {
    throw new InputError(`--cell ${cellFile}: ${target}: the run began with another cell`);
  }
  const plan = createPlan(argument, cell, left.board, MEMORY_AREAS);
  if (shortHash(plan.hash) !== left.hash) {
    throw new InputError(
      `${argument}: ${target}: the run that was broken off is of another protocol; ` +
        `accepted: that protocol, or cyclet stop --on ${target}`,
    );
  }
  return { plan, config: left.config };
}

/** Loads the protocol `argument` for the cell of `cellFile`, else the one the board knows. Throws
 *  InputError for what cannot be run or is refused, an Error of one line when the board fails. */
export async function load(
  wire: Wire,
  target: string,
  argument: string,
  cellFile: string | undefined,
): Promise<Given> {
  const cell = cellFile === undefined ? null : readCell(cellFile);
  const config = createConfig(NOMINAL_CODE_MID);
  const isKnown = await fetchConfig(wire, target, MEMORY_AREAS.config, config);
  if (cell === null && !isKnown) {
    throw new InputError(`${target}: the board knows no cell yet; accepted: --cell FILE`);
  }
  const present = cell ?? cellOf(getCell(config));
  const board = wire.hosted?.board ?? DEFAULT_CHANNEL;
  checkCell(board, present, cellFile ?? target);
  const plan = createPlan(argument, present, board, MEMORY_AREAS);
  // The calibration stays as it is.
  const wanted = config.slice();
  setCell(wanted, getCell(configOf(present, NOMINAL_CODE_MID)));
  await upload(wire, target, plan, wanted);
  return { plan, config: wanted };
}
