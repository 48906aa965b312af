// The virtual cell in time: voltages to any instant, slow kinetics, bridges and their random
// numbers on a fixed grid of cell time, driven by the charge that passed since the last grid
// point. So what befalls a cell does not depend on when somebody looks at it.

import { settle } from "./cell-electric.ts";
import { refreshForce, stepForce } from "./cell-force.ts";
import { freshCell } from "./cell-fresh.ts";
import { prepareFactors, refreshInterface, stepElectrode } from "./cell-kinetics.ts";
import { stepShort } from "./cell-shorts.ts";
import type { Cell, CellInput } from "./cell-state.ts";
import { fade, useful } from "./fullcell.ts";
import type { Streams } from "./random.ts";

const GRID_S = 1;
const SECONDS_PER_HOUR = 3600;
const BOLTZMANN_EV_PER_K = 8.617333e-5;
const GAS_OVER_FARADAY_MV_PER_K = 8.617333e-2;
const KELVIN = 273.15;
const REFERENCE_K = KELVIN + 25;
/** Activation energies of interface and creep, eV (assumed). */
const INTERFACE_EV = 0.4;
const CREEP_EV = 0.37;
/** No bridge can form below this filament length. */
const BRIDGE_NEAR = 0.95;
/** A fresh cell at rest. Throws a RangeError where an input is out of bounds. */
export function createCell(input: CellInput): Cell {
  const cell = freshCell(input);
  setTemperature(cell, input.temperatureC);
  settle(cell, 0, 0, Infinity);
  return cell;
}

/** Sets the ambient temperature, degC: Arrhenius factors of bulk (the electrolyte's own
 *  activation energy), interface and creep, from 25 degC. */
export function setTemperature(cell: Cell, temperatureC: number): void {
  const kelvin = temperatureC + KELVIN;
  if (!(kelvin > 0 && kelvin < Infinity)) {
    throw new RangeError("cell: temperatureC must be above -273.15, not " + temperatureC);
  }
  const x = (1 / kelvin - 1 / REFERENCE_K) / BOLTZMANN_EV_PER_K;
  cell.temperatureC = temperatureC;
  cell.thermal.bulk = Math.exp(cell.activationEnergyEv * x);
  cell.thermal.interface = Math.exp(INTERFACE_EV * x);
  cell.thermal.creep = Math.exp(-CREEP_EV * x);
  cell.thermal.voltageMv = GAS_OVER_FARADAY_MV_PER_K * kelvin;
  cell.factors.hours = 0;
  refreshInterface(cell, cell.a);
  refreshInterface(cell, cell.b);
  refreshForce(cell);
}

/** Advances the cell to `toS` of cell time with its terminals driven at `currentA` within
 *  `limitV`, both held since the last call. Leaves voltage, current and force in `cell`. */
export function advanceCell(
  cell: Cell,
  random: Streams,
  toS: number,
  currentA: number,
  limitV: number,
): void {
  const target = (currentA * 1000) / cell.areaCm2;
  const limitMv = limitV * 1000;
  while (cell.nextGridS <= toS) {
    settleTo(cell, cell.nextGridS, target, limitMv);
    stepGrid(cell, random);
    cell.nextGridS = cell.gridS + gridStep(cell, toS);
  }
  settleTo(cell, toS, target, limitMv);
}

function settleTo(cell: Cell, toS: number, target: number, limitMv: number): void {
  const dtS = toS > cell.timeS ? toS - cell.timeS : 0;
  settle(cell, dtS, target, limitMv);
  cell.charge += cell.ionicMaCm2 * dtS;
  const passedC = cell.currentA * dtS;
  if (passedC > 0) cell.chargeInC += passedC;
  else cell.chargeOutC -= passedC;
  if (dtS > 0) cell.timeS = toS;
}

/** Length of the next grid step, s: longer ones only where asked for, without a bridge. */
function gridStep(cell: Cell, toS: number): number {
  const long = cell.longStepS;
  if (long <= GRID_S || toS - cell.gridS < long || cell.gridS % long !== 0) return GRID_S;
  const near = cell.a.filament >= BRIDGE_NEAR || cell.b.filament >= BRIDGE_NEAR;
  return near ? GRID_S : long;
}

/** The slow states over the grid step that ends now, at its mean current density. */
function stepGrid(cell: Cell, random: Streams): void {
  const dtS = cell.timeS - cell.gridS;
  const hours = dtS / SECONDS_PER_HOUR;
  const factors = cell.factors;
  if (factors.hours !== hours) prepareFactors(factors, hours, cell.thermal.creep);
  const i = cell.charge / dtS;
  if (cell.fullCell) {
    fade(cell.cathode, i, hours);
    stepElectrode(cell, cell.b, -useful(i), random.contact);
  } else {
    stepElectrode(cell, cell.a, i, random.contact);
    stepElectrode(cell, cell.b, -i, random.contact);
  }
  stepShort(cell, dtS, random.shorts);
  stepForce(cell, i, hours);
  cell.charge = 0;
  cell.gridS = cell.timeS;
}
