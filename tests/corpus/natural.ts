// Shorts that the virtual cell makes by its own laws: telegraph soft shorts and the hard latch of
// bare sodium after days, the end of a staircase, bridges across a full cell.
import type { CellInput } from "../../sim/cell-state.ts";
import type { Stream } from "../../sim/random.ts";
import { createStream, uniform } from "../../sim/random.ts";
import { passingLeak } from "./leaks.ts";
import { between } from "./noise.ts";
import type { Scenario, SeedSet, Stage, TraceSpec, Truth } from "./scenario.ts";
import { bench, believe, halfCycles, hybridCell } from "./worlds.ts";

const HOUR_S = 3600;
const MILLI = 1e-3;
/** The paper's pellet with hybrid sodium: voltage at a current density, V and mA/cm². */
const PAPER = { voltageV: 0.0187, maCm2: 0.4 };
const AFTER_LATCH_S = 120;
const LATCH_WITHIN_S = 60;

/** The paper's pellet with another anode. */
export function paperPellet(anode: "bareNa" | "hNa", noise: number): CellInput {
  const input = hybridCell(PAPER.voltageV, PAPER.maCm2);
  return { ...input, name: anode, sim: { anode, noise, shorts: true } };
}

/** The common part of these traces: bench, file and sensors as everywhere. */
export function around(
  seed: number,
  set: SeedSet,
  truth: Truth,
  input: CellInput,
): { spec: TraceSpec; stream: Stream } {
  const name = `natural ${input.name} ${truth}`;
  const stream = createStream(seed, name);
  const wish = { seed, set, truth, adc: "16", rateHz: 10 } as const;
  const adc = uniform(stream) < 0.5 ? "16" : "24";
  const effects = bench(stream, { ...wish, adc, voltageV: 0.03, halfS: HOUR_S, durationS: 0 });
  const spec: TraceSpec = {
    ...{ name, seed, truth, input, effects, adc },
    believed: believe(input, stream),
    stage: halfCycles(1e-4 * input.areaCm2, HOUR_S),
    durationS: HOUR_S,
    withinS: Infinity,
    rateHz: 10,
    sensorLagS: 30,
    humV: between(stream, 0, 2e-4),
  };
  return { spec, stream };
}

/** Bare sodium at 0.1 mA/cm²: days of cycling, then every frame until after its latch. */
function bareToLatch(seed: number, set: SeedSet): TraceSpec {
  const { spec } = around(seed, set, "hard", paperPellet("bareNa", 0.1));
  spec.aged = (cell) => cell.a.filament >= 0.9 || cell.b.filament >= 0.9;
  spec.durationS = 30 * HOUR_S;
  spec.afterLatchS = AFTER_LATCH_S;
  spec.withinS = LATCH_WITHIN_S;
  return spec;
}

/** Half cycles of 0.2 mAh/cm², a cycle a level, from 2.6 mA/cm² on in steps of 0.1. */
function climb(areaCm2: number): (n: number) => Stage {
  return (n) => {
    const maCm2 = 2.6 + 0.1 * Math.floor(n / 2);
    const currentA = maCm2 * MILLI * areaCm2 * (n % 2 === 0 ? 1 : -1);
    return { currentA, durationS: (0.2 / maCm2) * HOUR_S };
  };
}

function staircase(seed: number, set: SeedSet): TraceSpec {
  const { spec } = around(seed, set, "hard", paperPellet("hNa", 0.05));
  spec.stage = climb(spec.input.areaCm2);
  spec.durationS = 3 * HOUR_S;
  spec.afterLatchS = AFTER_LATCH_S;
  spec.withinS = LATCH_WITHIN_S;
  return spec;
}

/** A full cell at 0.585 mA/cm² (5 C) between 2.5 and 3.8 V. */
function fullCell(seed: number, set: SeedSet, truth: Truth): { spec: TraceSpec; stream: Stream } {
  const pellet = paperPellet("hNa", 0.05);
  const input = { ...pellet, name: "full", sim: { ...pellet.sim, fullCell: true } };
  const { spec, stream } = around(seed, set, truth, input);
  const currentA = 0.585 * MILLI * input.areaCm2;
  const charge = { currentA, durationS: HOUR_S, untilV: 3.8 };
  const discharge = { currentA: -currentA, durationS: HOUR_S, untilV: 2.5 };
  spec.stage = (n) => (n % 2 === 0 ? charge : discharge);
  spec.believed = { ...spec.believed, voltageMinV: 2.4, voltageMaxV: 3.9 };
  spec.durationS = 3.5 * HOUR_S;
  spec.withinS = HOUR_S;
  return { spec, stream };
}

/** A full cell whose bridge leaks 0.02-0.2 mS/cm² for an hour. */
function fullLeak(seed: number, set: SeedSet): TraceSpec {
  const { spec, stream } = fullCell(seed, set, "soft");
  const fromS = between(stream, 1.2, 1.8) * HOUR_S;
  const msCm2 = 0.02 * 10 ** uniform(stream);
  spec.effects = [...spec.effects, passingLeak(fromS, fromS + HOUR_S, msCm2)];
  return spec;
}

/** A sound full cell. */
export function fullSound(seed: number, set: SeedSet): TraceSpec {
  const { spec } = fullCell(seed, set, "none");
  spec.durationS = 6 * HOUR_S;
  return spec;
}

function scenarioOf(
  name: string,
  draw: (seed: number, set: SeedSet) => TraceSpec,
  runs: number,
): Scenario {
  return { name, traits: { kind: name }, runs, quickRuns: 2, draw };
}

/** Latches by the cell's own laws. */
export const LATCHES: readonly Scenario[] = [
  scenarioOf("bare sodium, 0.1 mA/cm²", bareToLatch, 30),
  scenarioOf("hybrid sodium, staircase", staircase, 30),
];

/** Soft shorts of full cells. */
export const FULL_CELLS: readonly Scenario[] = [scenarioOf("full cell, leak of 1 h", fullLeak, 30)];
