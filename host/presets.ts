// Protocols that need no file.
import type { Cell } from "./cell-file.ts";
import { FULL_CELL_PRESETS, fullCellPreset } from "./full-cell.ts";
import type { Protocol } from "./protocol/form.ts";
import { InputError } from "./input-error.ts";

/** Names that `preset` knows, and those it will know. */
export const PRESETS: readonly string[] = ["ccd", "cycle", "strip", "rest", ...FULL_CELL_PRESETS];
export const ANNOUNCED_PRESETS = ["geis", "tafel"] as const;

const HOUR = 3600;

/** The staircase of Cao et al. 2022 (doi 10.1002/aenm.202102579): 2 h rest, 0.2 mAh/cm² a half
 *  cycle, one cycle a level; up to 5 mA/cm² or what `currentMaxA` allows on the cell's area. */
function ccd(cell: Cell, currentMaxA: number): Protocol {
  const reachable = Math.floor((currentMaxA / cell.areaCm2) * 1e4 + 1e-6) / 10;
  return {
    name: "ccd",
    method: [
      { step: "rest", timeS: 2 * HOUR },
      {
        step: "ccd",
        startMaCm2: 0.1,
        stepMaCm2: 0.1,
        maxMaCm2: Math.max(0.1, Math.min(5, reachable)),
        arealChargeMahCm2: 0.2,
        cyclesPerLevel: 1,
      },
    ],
  };
}

/** Symmetric cycling at 0.1 mA/cm², 0.1 mAh/cm² a half cycle. */
function cycle(): Protocol {
  const until = { arealChargeMahCm2: 0.1 };
  return {
    name: "cycle",
    method: [
      { step: "current", currentDensityMaCm2: 0.1, until },
      { step: "current", currentDensityMaCm2: -0.1, until },
      { step: "loop", to: 1, count: 100 },
    ],
  };
}

/** One-way stripping to the reservoir's end. */
function strip(): Protocol {
  const until = { voltageAboveV: 0.2, timeS: 10 * HOUR };
  return { name: "strip", method: [{ step: "current", currentDensityMaCm2: 0.2, until }] };
}

/** The preset of a name for a cell on a board whose largest range is `currentMaxA`; null if
 *  `name` is none. Throws InputError for a name that is only announced, and for a cell that it does
 *  not suit. */
export function preset(name: string, cell: Cell, currentMaxA: number): Protocol | null {
  if (ANNOUNCED_PRESETS.some((announced) => announced === name)) {
    throw new InputError(`${name}: not available yet; available: ${PRESETS.join(", ")}`);
  }
  if (name === "ccd") return ccd(cell, currentMaxA);
  if (name === "cycle") return cycle();
  if (name === "strip") return strip();
  if (name === "rest") return { name: "rest", method: [{ step: "rest", timeS: HOUR }] };
  return fullCellPreset(name, cell);
}
