// The virtual cell in time: voltages to any instant, slow kinetics, bridges and their random
// numbers on a fixed grid of cell time, driven by the charge that passed since the last grid
// point. So what befalls a cell does not depend on when somebody looks at it.

import { createElectrode, prepareFactors, refreshInterface } from "./cell-kinetics.ts";
import { stepElectrode } from "./cell-kinetics.ts";
import { settle } from "./cell-electric.ts";
import { createShort, stepShort } from "./cell-shorts.ts";
import type { Cell, CellInput } from "./cell-state.ts";
import { compose } from "./composition.ts";
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
// Force of the clamp (assumed): settling, thermal expansion, and the plated metal's height.
const FAST_FORCE_SHARE = 0.03;
const SLOW_FORCE_SHARE = 0.015;
const FORCE_N_PER_K = 7;
const FORCE_N_PER_UM = 2.5;
const UM_PER_MAH_CM2 = 8.86;
const HEIGHT_SHARE = 0.12;
const HEIGHT_LOSS_PER_H = 0.15;

/** A fresh cell at rest. Throws a RangeError where an input is out of bounds. */
export function createCell(input: CellInput): Cell {
  requirePositive("areaCm2", input.areaCm2);
  requirePositive("electrolyte.thicknessCm", input.electrolyte.thicknessCm);
  requirePositive("electrolyte.conductivitySPerCm", input.electrolyte.conductivitySPerCm);
  requirePositive("clampForceN", input.clampForceN);
  const noise = input.sim.noise;
  if (!(noise >= 0 && noise <= 0.2)) {
    throw new RangeError("cell: sim.noise must be from 0 to 0.2, not " + noise);
  }
  const cell = blankCell(input);
  setTemperature(cell, input.temperatureC);
  settle(cell, 0, 0, Infinity);
  return cell;
}

function requirePositive(name: string, value: number): void {
  if (value > 0 && value < Infinity) return;
  throw new RangeError("cell: " + name + " must be a positive number, not " + value);
}

function blankCell(input: CellInput): Cell {
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = input.electrolyte;
  const factors = { hours: 0, depletionKept: 0, depletionLost: 0, interphaseKept: 0 };
  const fluctuation = { fluctuationKept: 0, fluctuationSpread: 0 };
  const force = { fastForceKept: 0, slowForceKept: 0 };
  const transfer = { transferMvA: 0, transferMvB: 0 };
  const network = { constantMv: 0, slopeOhmCm2: 0, shareA: 0, shareB: 0 };
  return {
    name: input.name,
    areaCm2: input.areaCm2,
    bulkOhmCm2: thicknessCm / conductivitySPerCm,
    activationEnergyEv,
    thicknessCm,
    composition: compose(input.sim.anode),
    noise: input.sim.noise,
    shorts: input.sim.shorts ?? true,
    temperatureC: 25,
    thermal: { bulk: 1, interface: 1, creep: 1, voltageMv: 0 },
    a: createElectrode(),
    b: createElectrode(),
    emfMv: 0,
    slowMv0: 0,
    slowMv1: 0,
    slowMv2: 0,
    short: createShort(),
    clampForceN: input.clampForceN,
    fastForceN: FAST_FORCE_SHARE * input.clampForceN,
    slowForceN: SLOW_FORCE_SHARE * input.clampForceN,
    heightUm: 0,
    timeS: 0,
    gridS: 0,
    nextGridS: GRID_S,
    longStepS: GRID_S,
    charge: 0,
    ionicMaCm2: 0,
    factors: { ...factors, ...fluctuation, ...force },
    network: { ...network, ...transfer, slow0: 0, slow1: 0, slow2: 0 },
    voltageV: 0,
    currentA: 0,
    forceN: input.clampForceN,
    limited: 0,
  };
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
  stepElectrode(cell, cell.a, i, random.contact);
  stepElectrode(cell, cell.b, -i, random.contact);
  stepShort(cell, dtS, random.shorts);
  stepForce(cell, i, hours);
  cell.charge = 0;
  cell.gridS = cell.timeS;
}

/** Settling of the clamp, and the height of metal that voids hold apart. */
function stepForce(cell: Cell, i: number, hours: number): void {
  cell.fastForceN *= cell.factors.fastForceKept;
  cell.slowForceN *= cell.factors.slowForceKept;
  const lost = 1 - Math.exp(-cell.a.loss);
  const swelling = Math.abs(i) * UM_PER_MAH_CM2 * HEIGHT_SHARE * lost;
  cell.heightUm += (swelling - HEIGHT_LOSS_PER_H * cell.thermal.creep * cell.heightUm) * hours;
  refreshForce(cell);
}

function refreshForce(cell: Cell): void {
  const settled = (1 - FAST_FORCE_SHARE - SLOW_FORCE_SHARE) * cell.clampForceN;
  const thermal = FORCE_N_PER_K * (cell.temperatureC - 25);
  const metal = FORCE_N_PER_UM * cell.heightUm;
  cell.forceN = settled + cell.fastForceN + cell.slowForceN + thermal + metal;
}
