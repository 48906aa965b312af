// A fresh cell from what its file says.

import { clamp } from "./cell-force.ts";
import { createElectrode } from "./cell-kinetics.ts";
import { createShort } from "./cell-shorts.ts";
import type { Cell, CellInput, Network, StepFactors } from "./cell-state.ts";
import { compose } from "./composition.ts";
import { createCathode } from "./fullcell.ts";

const NOISE_MAX = 0.2;
const GRID_S = 1;

/** Time, electrical state and force before anything has happened. */
const AT_REST = {
  slowMv0: 0,
  slowMv1: 0,
  slowMv2: 0,
  fastForceN: 0,
  slowForceN: 0,
  heightUm: 0,
  timeS: 0,
  gridS: 0,
  nextGridS: GRID_S,
  longStepS: GRID_S,
  charge: 0,
  ionicMaCm2: 0,
  voltageV: 0,
  currentA: 0,
  forceN: 0,
  chargeInC: 0,
  chargeOutC: 0,
  limited: 0,
};

/** A cell at time zero and 25 degC; `createCell` sets its temperature. Throws a RangeError where
 *  an input is out of bounds. */
export function freshCell(input: CellInput): Cell {
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = input.electrolyte;
  const cell: Cell = {
    name: input.name,
    areaCm2: positive("areaCm2", input.areaCm2),
    bulkOhmCm2:
      positive("electrolyte.thicknessCm", thicknessCm) /
      positive("electrolyte.conductivitySPerCm", conductivitySPerCm),
    activationEnergyEv,
    thicknessCm,
    composition: compose(input.sim.anode),
    noise: noiseOf(input),
    shorts: input.sim.shorts ?? true,
    temperatureC: 25,
    thermal: { bulk: 1, interface: 1, creep: 1, voltageMv: 0 },
    a: createElectrode(),
    b: createElectrode(),
    fullCell: input.sim.fullCell ?? false,
    cathode: createCathode(),
    short: createShort(),
    clampForceN: positive("clampForceN", input.clampForceN),
    factors: blankFactors(),
    network: blankNetwork(),
    ...AT_REST,
  };
  clamp(cell);
  return cell;
}

function positive(name: string, value: number): number {
  if (value > 0 && value < Infinity) return value;
  throw new RangeError("cell: " + name + " must be a positive number, not " + value);
}

function noiseOf(input: CellInput): number {
  const noise = input.sim.noise;
  if (noise >= 0 && noise <= NOISE_MAX) return noise;
  throw new RangeError("cell: sim.noise must be from 0 to " + NOISE_MAX + ", not " + noise);
}

function blankFactors(): StepFactors {
  return {
    hours: 0,
    depletionKept: 0,
    depletionLost: 0,
    interphaseKept: 0,
    fluctuationKept: 0,
    fluctuationSpread: 0,
    fastForceKept: 0,
    slowForceKept: 0,
  };
}

function blankNetwork(): Network {
  return {
    constantMv: 0,
    slopeOhmCm2: 0,
    shareA: 0,
    shareB: 0,
    transferMvA: 0,
    transferMvB: 0,
    slow0: 0,
    slow1: 0,
    slow2: 0,
    statePerMa: 0,
  };
}
