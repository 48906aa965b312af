// Ordinary traces: a symmetric cell with hybrid sodium under half cycles of constant current, and
// the disturbances that every bench has. Scenarios start from here and add what they are about.
import type { CellConfig } from "../../firmware/config.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import type { Stream } from "../../sim/random.ts";
import { createStream, gaussian, uniform } from "../../sim/random.ts";
import { reversalTail, wander } from "./disturbances.ts";
import { finestV } from "./measurement.ts";
import { between, flicker, microSteps, popcorn, sign, spikes, taps } from "./noise.ts";
import type { Adc, Effect, SeedSet, Stage, TraceSpec, Truth } from "./scenario.ts";

const AREA_CM2 = 0.9747;
const THICKNESS_CM = 0.162;
const ACTIVATION_EV = 0.29;
const CLAMP_N = 5884;
const ROOM_C = 25;
/** What both interfaces of a fresh hybrid cell add to the pellet, Ω cm². */
const INTERFACES_OHM_CM2 = 7.2;
/** Relative uncertainties (1 sigma) that the cell file states, and is wrong by. */
const THICKNESS_SIGMA = 0.05;
const CONDUCTIVITY_SIGMA = 0.1;
const AREA_SIGMA = 0.03;
const HOUR_S = 3600;

/** What a scenario asks of its ordinary world. */
export interface Wish {
  seed: number;
  set: SeedSet;
  truth: Truth;
  adc: Adc;
  rateHz: number;
  /** |V| of the fresh cell. */
  voltageV: number;
  /** Current density, mA/cm², where it must not be the usual one. */
  maCm2?: number;
  /** Half cycle, s; Infinity = one direction only. */
  halfS: number;
  durationS: number;
}

/** Density at which a cell is cycled so that hybrid sodium neither voids nor runs dry, mA/cm²: a
 *  smaller voltage means a smaller current, a larger one a pellet that resists more. */
function densityFor(voltageV: number): number {
  return voltageV < 0.01 ? 0.1 : 0.4;
}

/** A fresh symmetric cell that answers `maCm2` with about `voltageV`. */
export function hybridCell(voltageV: number, maCm2: number): CellInput {
  const bulkOhmCm2 = (voltageV * 1000) / maCm2 - INTERFACES_OHM_CM2;
  return {
    name: "hybrid",
    areaCm2: AREA_CM2,
    electrolyte: {
      thicknessCm: THICKNESS_CM,
      conductivitySPerCm: THICKNESS_CM / bulkOhmCm2,
      activationEnergyEv: ACTIVATION_EV,
    },
    clampForceN: CLAMP_N,
    temperatureC: ROOM_C,
    sim: { anode: "hNa", noise: 0.05, shorts: true },
  };
}

/** The cell file about a cell: off by normal deviates of its own stated uncertainties, times
 *  `conductivity` and `activation` where a scenario is about mistakes. */
export function believe(
  input: CellInput,
  stream: Stream,
  conductivity = 1,
  activation = 1,
): CellConfig {
  const off = (value: number, sigma: number): number => value * (1 + sigma * gaussian(stream));
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = input.electrolyte;
  return {
    areaCm2: off(input.areaCm2, AREA_SIGMA),
    thicknessCm: off(thicknessCm, THICKNESS_SIGMA),
    conductivitySPerCm: off(conductivitySPerCm, CONDUCTIVITY_SIGMA) * conductivity,
    activationEnergyEv: activationEnergyEv * activation,
    clampForceN: input.clampForceN,
    temperatureC: input.temperatureC,
    voltageMinV: -5,
    voltageMaxV: 5,
    thicknessUncertainty: THICKNESS_SIGMA,
    conductivityUncertainty: CONDUCTIVITY_SIGMA,
    areaUncertainty: AREA_SIGMA,
  };
}

/** Half cycles of either sign, with `restS` between them. */
export function halfCycles(currentA: number, halfS: number, restS = 0): (n: number) => Stage {
  if (restS === 0) {
    return (n) => ({ currentA: n % 2 === 0 ? currentA : -currentA, durationS: halfS });
  }
  return (n) => {
    if (n % 2 === 1) return { currentA: 0, durationS: restS };
    return { currentA: n % 4 === 0 ? currentA : -currentA, durationS: halfS };
  };
}

/** Half cycles of half an hour mostly, up to two hours. */
export function drawHalf(stream: Stream): number {
  const u = uniform(stream);
  if (u < 0.7) return 0.5 * HOUR_S;
  return u < 0.9 ? HOUR_S : 2 * HOUR_S;
}

/** Disturbances of every bench: the room within ±0.5 K, a tail of up to 25 % after reversals,
 *  spikes of 3 % every ten minutes, steps of the contact of 0.3 % and knocks of 1.5 % every hour,
 *  1/f. Shares are of the fresh cell's resistance. */
export function bench(stream: Stream, wish: Wish): Effect[] {
  const effects = [
    wander(stream, 0.5, between(stream, 1, 4) * HOUR_S),
    reversalTail(sign(stream) * between(stream, 0.05, 0.25), between(stream, 5, 60)),
    spikes(stream, 600, 0.03),
    microSteps(stream, HOUR_S, 0.003),
    taps(stream, HOUR_S, 0.015),
    flicker(stream, between(stream, 2e-4, 1e-3)),
  ];
  // Kept back from tuning: every third scored channel has a converter with telegraph noise.
  if (wish.set === "scoring" && wish.seed % 3 === 0) {
    effects.push(popcorn(stream, between(stream, 2, 5) * finestV(wish.adc)));
  }
  return effects;
}

/** An ordinary trace; everything random in it comes from the wish's seed and `name`. */
export function ordinary(name: string, wish: Wish): { spec: TraceSpec; stream: Stream } {
  const stream = createStream(wish.seed, name);
  const maCm2 = wish.maCm2 ?? densityFor(wish.voltageV);
  const input = hybridCell(wish.voltageV, maCm2);
  const currentA = (maCm2 / 1000) * input.areaCm2;
  const spec: TraceSpec = {
    name,
    seed: wish.seed,
    truth: wish.truth,
    input,
    believed: believe(input, stream),
    stage: halfCycles(currentA, wish.halfS),
    durationS: wish.durationS,
    withinS: Infinity,
    effects: bench(stream, wish),
    adc: wish.adc,
    rateHz: wish.rateHz,
    sensorLagS: 30,
    humV: between(stream, 0, 2e-4),
  };
  return { spec, stream };
}
