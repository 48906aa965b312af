// Hours of adverse conditions without a short, for the rate of false alarms. Every trace has the
// disturbances of every bench, and its family's on top.
import type { Stream } from "../../sim/random.ts";
import { createStream } from "../../sim/random.ts";
import {
  creep,
  jolts,
  looseContact,
  nucleation,
  rangeChanges,
  relaxation,
  reversalTail,
  wander,
  wetting,
} from "./disturbances.ts";
import { fixture } from "./leaks.ts";
import { fullSound } from "./natural.ts";
import { agedBare, bareVoids, cellOhm, knee } from "./look-alikes.ts";
import { between, bounce, glitches, sign, spikes, taps } from "./noise.ts";
import type { Adc, Draw, Effect, Scenario, SeedSet, TraceSpec } from "./scenario.ts";
import { believe, ordinary } from "./worlds.ts";

const HOUR_S = 3600;
const HOURS = 6;
const RUNS = 6;
const HALF_S = 1800;
const COMPLIANCE_V = 5.2;
const VOLTAGES_V = [0.02, 0.03, 0.1, 0.005, 0.03, 0.02];

type Add = (stream: Stream, spec: TraceSpec) => Effect[];

function family(
  name: string,
  add: Add,
  change?: (spec: TraceSpec, stream: Stream) => void,
): Scenario {
  const draw = (seed: number, set: SeedSet): TraceSpec => {
    const adc: Adc = seed % 2 === 0 ? "16" : "24";
    const voltageV = VOLTAGES_V[seed % VOLTAGES_V.length];
    const durationS = HOURS * HOUR_S;
    const wish = { seed, set, truth: "none", adc, rateHz: 10, voltageV, durationS } as const;
    const { spec } = ordinary(name, { ...wish, halfS: HALF_S });
    const stream = createStream(seed, `${name}, more`);
    change?.(spec, stream);
    spec.effects = [...spec.effects, ...add(stream, spec)];
    return spec;
  };
  return scenario(name, draw);
}

function scenario(name: string, draw: Draw): Scenario {
  return { name, traits: { kind: "negative" }, runs: RUNS, quickRuns: 1, draw };
}

const swings: Add = (stream) => [wander(stream, 5, between(stream, 0.5, 1.5) * HOUR_S)];

/** The cell file's conductivity is wrong by ten. */
function misread(factor: number): (spec: TraceSpec, stream: Stream) => void {
  return (spec, stream) => {
    spec.believed = believe(spec.input, stream, factor);
  };
}

function leaky(spec: TraceSpec): void {
  spec.quietBridge = true;
}

/** A healthy staircase: a level a cycle, 25 levels, range by range. */
function levels(spec: TraceSpec): void {
  const lowA = 5e-5;
  const levelS = 430;
  spec.stage = (n) => {
    const level = Math.floor(n / 2) % 25;
    const currentA = lowA + (3.5e-4 * level) / 25;
    return { currentA: n % 2 === 0 ? currentA : -currentA, durationS: levelS };
  };
}

/** A minute at rest between half cycles. */
function resting(spec: TraceSpec): void {
  const { stage } = spec;
  spec.stage = (n) => (n % 2 === 0 ? stage(n / 2) : { currentA: 0, durationS: 60 });
}

/** Families; each `RUNS` times six hours and more. */
export const NEGATIVES: readonly Scenario[] = [
  family("bench only", () => []),
  family("bench, rests", () => [], resting),
  family("temperature ±5 K", swings),
  family("temperature ±5 K, activation energy off", swings, (spec, stream) => {
    spec.believed = believe(spec.input, stream, 1, 1 + 0.15 * sign(stream));
  }),
  family("wetting", (stream) => [
    wetting(-between(stream, 0.05, 0.15), between(stream, 1, 3) * HOUR_S),
  ]),
  family("creep and pressure relaxation", (stream, { input }) => [
    creep(between(stream, 0.02, 0.1)),
    relaxation(input.clampForceN, 0.04, between(stream, -0.03, 0.05), 2 * HOUR_S),
  ]),
  family("jolts", (stream, { input }) => [jolts(stream, HALF_S, input.clampForceN)]),
  family("knocks every 2 min", (stream) => [taps(stream, 120, 0.015)]),
  family("loose contact", (stream, spec) => [
    looseContact(stream, 60, 12, 4, cellOhm(spec) * between(stream, 0.02, 0.2)),
  ]),
  family("range changes", (stream) => [rangeChanges(stream, 300)]),
  family("reversal tails of 25 %", (stream) => [
    reversalTail(sign(stream) * 0.25, between(stream, 5, 60)),
  ]),
  family("nucleation", (stream) => [
    nucleation(between(stream, 2e-3, 1e-2), between(stream, 5, 60)),
  ]),
  family("spikes every minute", (stream) => [spikes(stream, 60, 0.03)]),
  family(
    "mains",
    () => [],
    (spec, stream) => {
      spec.humV = between(stream, 1e-3, 1e-2);
    },
  ),
  family("converter glitches", (stream) => [glitches(stream, 300)]),
  family("bounce at reversal", (stream) => [bounce(stream, 0.15, COMPLIANCE_V)]),
  family("fixture 10 MΩ", () => [fixture(1e7)], leaky),
  family("fixture 100 kΩ", () => [fixture(1e5)], leaky),
  family("conductivity ten times too high", () => [], misread(10)),
  family("conductivity ten times too low", () => [], misread(0.1)),
  family("staircase", () => [], levels),
  scenario("bare sodium, cycles 1-5", bareVoids),
  scenario("bare sodium, 12-48 h", agedBare),
  scenario("reservoir of hybrid sodium", knee),
  scenario("full cell", fullSound),
];
