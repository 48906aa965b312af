// Short traces about one thing that is no short: temperature, mechanics, contacts, voids. A label
// each, for the table of confusions and for the share of them that is called a short.
import type { Stream } from "../../sim/random.ts";

import { drawJolt, jolt, looseContact, openAt, temperatureStep, wander } from "./disturbances.ts";
import { paperPellet, around } from "./natural.ts";
import { between, sign } from "./noise.ts";
import type { Adc, Scenario, SeedSet, TraceSpec, Truth } from "./scenario.ts";
import { believe, ordinary } from "./worlds.ts";

const HOUR_S = 3600;
const HALF_S = 1800;
/** Earliest and latest instant of what a trace is about: past the tail of its second half cycle. */
const FROM_S = HALF_S * 1.1;
const TO_S = HALF_S * 1.9;
const STEP_K = 5;

/** Adds to an ordinary trace what it is about. */
type Twist = (spec: TraceSpec, stream: Stream, eventS: number) => void;

const VOLTAGES_V = [0.02, 0.03, 0.1];

/** An ordinary trace of about an hour, with the twist at a random instant of its second half cycle;
 *  voltage and converter go round with the seeds. */
export function twisted(name: string, truth: Truth, durationS: number, twist: Twist) {
  return (seed: number, set: SeedSet): TraceSpec => {
    const adc: Adc = seed % 2 === 0 ? "16" : "24";
    const voltageV = VOLTAGES_V[seed % 3];
    const wish = { seed, set, truth, adc, rateHz: 10, voltageV, halfS: HALF_S, durationS };
    const { spec, stream } = ordinary(name, wish);
    spec.eventS = between(stream, FROM_S, TO_S);
    twist(spec, stream, spec.eventS);
    return spec;
  };
}

function scenario(
  name: string,
  truth: Truth,
  runs: number,
  twist: Twist,
  durationS = 1.2 * HOUR_S,
): Scenario {
  const draw = twisted(name, truth, durationS, twist);
  return { name, traits: { kind: truth }, runs, quickRuns: Math.min(10, runs), draw };
}

const heat: Twist = (spec, stream, eventS) => {
  spec.effects = [...spec.effects, temperatureStep(eventS, 600, sign(stream) * STEP_K)];
};

const swing: Twist = (spec, stream) => {
  const periodS = between(stream, 1200, 3600);
  spec.effects = [...spec.effects, wander(stream, between(stream, 2, 5), periodS)];
};

/** The cell file's activation energy is 15 % off, and the temperature changes. */
const heatMistaken: Twist = (spec, stream, eventS) => {
  spec.believed = believe(spec.input, stream, 1, 1 + 0.15 * sign(stream));
  heat(spec, stream, eventS);
};

const knock: Twist = (spec, stream, eventS) => {
  const { force, size } = drawJolt(stream);
  spec.effects = [...spec.effects, jolt(eventS, spec.input.clampForceN, force, size)];
};

const loose: Twist = (spec, stream, eventS) => {
  const ohm = cellOhm(spec) * between(stream, 0.02, 0.2);
  spec.effects = [...spec.effects, looseContact(stream, eventS, 10, 5, ohm)];
};

/** Resistance of the pellet, Ω. */
export function cellOhm(spec: TraceSpec): number {
  const { thicknessCm, conductivitySPerCm } = spec.input.electrolyte;
  return thicknessCm / conductivitySPerCm / spec.input.areaCm2;
}

const opened: Twist = (spec, _, eventS) => {
  spec.effects = [...spec.effects, openAt(eventS)];
  spec.durationS = eventS + 60;
};

/** Cycles 1-5 of bare sodium at 0.1 mA/cm²: voids, no short. */
export function bareVoids(seed: number, set: SeedSet): TraceSpec {
  const { spec } = around(seed, set, "void", paperPellet("bareNa", 0.1));
  spec.durationS = 10 * HOUR_S;
  spec.eventS = 0;
  return spec;
}

/** One-way stripping of hybrid sodium at 0.2 mA/cm² until its reservoir gives out. */
export function knee(seed: number, set: SeedSet): TraceSpec {
  const { spec } = around(seed, set, "void", paperPellet("hNa", 0.05));
  const currentA = 2e-4 * spec.input.areaCm2;
  spec.stage = () => ({ currentA, durationS: Infinity });
  spec.durationS = 369 * 60;
  spec.eventS = 340 * 60;
  return spec;
}

/** Bare sodium after one to two days, with its fluctuating contact. */
export function agedBare(seed: number, set: SeedSet): TraceSpec {
  const { spec, stream } = around(seed, set, "void", paperPellet("bareNa", 0.1));
  const sinceS = between(stream, 12, 48) * HOUR_S;
  spec.aged = (cell) => cell.timeS >= sinceS;
  spec.durationS = 6 * HOUR_S;
  spec.eventS = sinceS;
  return spec;
}

function drawn(
  name: string,
  draw: (seed: number, set: SeedSet) => TraceSpec,
  runs: number,
): Scenario {
  return { name, traits: { kind: "void" }, runs, quickRuns: 1, draw };
}

/** What can be taken for a short. */
export const LOOK_ALIKES: readonly Scenario[] = [
  scenario("temperature ±5 K in 10 min", "thermal", 120, heat),
  scenario("temperature swings of 2-5 K", "thermal", 60, swing),
  scenario("±5 K, activation energy 15 % off", "thermal", 120, heatMistaken),
  scenario("force ±0.5-3 %, resistance 2-8 %", "mechanical", 300, knock),
  scenario("loose contact, several a minute", "contact", 40, loose),
  scenario("open circuit", "open", 20, opened),
  scenario("nothing", "none", 60, () => undefined),
  drawn("bare sodium, cycles 1-5", bareVoids, 6),
  drawn("bare sodium, 12-48 h", agedBare, 6),
  drawn("reservoir of hybrid sodium", knee, 6),
];
