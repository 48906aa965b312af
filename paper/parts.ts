// The parts of the reproduction, longest first: threads take them in this order.
import { bareCycling, hybridCycling, oneToOne } from "./cycling.ts";
import { hybridEndurance } from "./endurance.ts";
import { bareFullCell, hybridFullCell } from "./full-cell.ts";
import type { Result } from "./result.ts";
import { bareLife, CLIMBS, criticalCurrent, TEN_SEEDS } from "./shorting.ts";
import { spectra } from "./spectra.ts";
import { oneWayStripping } from "./stripping.ts";

const FULL_CELL_CYCLES = 7300;
/** 6000 h at 0.5 mA/cm2 and 0.125 mAh/cm2. */
const ENDURANCE_CYCLES = 12_000;

/** Parts by name; each stands on its own. */
export const PARTS: Readonly<Record<string, () => Result>> = {
  endurance: () => hybridEndurance(ENDURANCE_CYCLES),
  "full-hybrid": () => hybridFullCell(FULL_CELL_CYCLES),
  "full-bare": () => bareFullCell(TEN_SEEDS),
  ...Object.fromEntries(CLIMBS.map((climb) => [`ccd ${climb.name}`, () => criticalCurrent(climb)])),
  "life-bare": () => bareLife(),
  "cycling-hybrid": hybridCycling,
  "cycling-bare": bareCycling,
  "one-to-one": oneToOne,
  stripping: oneWayStripping,
  spectra,
};
