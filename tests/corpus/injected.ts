// Positives with a bridge put into an ordinary cell at a known instant: hard, stepwise, in dips,
// slowly growing. The onset lies after the first tenth of a half cycle, when its tail is over, and
// before the last half minute; the steps that come earlier are a kind of their own.
import type { Stream } from "../../sim/random.ts";
import { dips, hardLatch, slowLeak, stepLeak } from "./leaks.ts";
import { between } from "./noise.ts";
import type { Adc, Draw, Effect, Scenario, Traits, Truth } from "./scenario.ts";
import { drawHalf, ordinary } from "./worlds.ts";

const HARD_MS_CM2 = 250;
const ADCS: readonly Adc[] = ["16", "24"];
const VOLTAGES_MV = [5, 20, 30, 100];
const STEP_SHARES = [0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5];
const LATE_S = 30;
/** A step or a hard short is found in this time, or not at all. */
const STEP_WITHIN_S = 60;
const DIPS_WITHIN_S = 600;
const SPARE_S = 30;

/** An effect that begins at `atS`, and what makes of it a trace. */
interface Event {
  truth: Truth;
  effect: (atS: number, stream: Stream) => Effect;
  withinS: number;
}

function nameOf(traits: Traits): string {
  const { kind, share, voltageMv, adc, rateHz, durationS } = traits;
  const parts = [
    kind,
    share === undefined ? "" : `${Number((share * 100).toFixed(1))} %`,
    durationS === undefined ? "" : `${durationS} s`,
    voltageMv === undefined ? "" : `${voltageMv} mV`,
    adc === undefined ? "" : `${adc} bit`,
    rateHz === undefined ? "" : `${rateHz} Hz`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** An ordinary trace into whose second half cycle the event falls. */
function drawEvent(traits: Traits, event: Event, early = false): Draw {
  const { voltageMv = 30, adc = "16", rateHz = 10 } = traits;
  const name = nameOf(traits);
  return (seed, set) => {
    const wish = { seed, set, truth: event.truth, adc, rateHz, voltageV: voltageMv / 1000 };
    const half = drawHalf(ordinary(name, { ...wish, halfS: 1, durationS: 1 }).stream);
    const { spec, stream } = ordinary(name, { ...wish, halfS: half, durationS: half });
    const [from, to] = early ? [5, 0.1 * half] : [0.1 * half, half - LATE_S];
    const atS = half + between(stream, from, to);
    spec.effects = [...spec.effects, event.effect(atS, stream)];
    spec.withinS = event.withinS;
    spec.durationS = atS + event.withinS + SPARE_S;
    return spec;
  };
}

function scenario(traits: Traits, event: Event, runs: number, quickRuns: number): Scenario {
  const draw = drawEvent(traits, event, traits.kind === "early step");
  return { name: nameOf(traits), traits, runs, quickRuns, draw };
}

function grid(kind: string, shares: readonly number[], rateHz: number): Traits[] {
  return shares.flatMap((share) =>
    VOLTAGES_MV.flatMap((voltageMv) =>
      ADCS.map((adc) => ({ kind, share, voltageMv, adc, rateHz })),
    ),
  );
}

function hardEvent(): Event {
  return {
    truth: "hard",
    effect: (atS) => hardLatch(atS, HARD_MS_CM2),
    withinS: STEP_WITHIN_S,
  };
}

/** Hard shorts, each ADC, voltage and rate. */
export const HARD: readonly Scenario[] = [1, 10, 50].flatMap((rateHz) =>
  VOLTAGES_MV.flatMap((voltageMv) =>
    ADCS.map((adc) => {
      const traits = { kind: "hard", voltageMv, adc, rateHz };
      return scenario(traits, hardEvent(), rateHz > 10 ? 10 : 20, 2);
    }),
  ),
);

function stepEvent(share: number): Event {
  return {
    truth: "soft",
    effect: (atS) => stepLeak(atS, share),
    withinS: STEP_WITHIN_S,
  };
}

/** Quick runs are for what is near the limit of what can be found. */
function quickRunsOf(share: number): number {
  if (share < 0.02) return 0;
  return share > 0.05 ? 1 : 2;
}

function stepScenarios(): Scenario[] {
  const most = grid("step", STEP_SHARES, 10).map((t) => {
    const share = t.share ?? 0;
    return scenario(t, stepEvent(share), 40, quickRunsOf(share));
  });
  const shares = [0.02, 0.03, 0.05, 0.1];
  const slow = grid("step", shares, 1).map((t) => scenario(t, stepEvent(t.share ?? 0), 40, 0));
  const fast = grid("step", [0.02, 0.03, 0.05], 50).map((t) =>
    scenario(t, stepEvent(t.share ?? 0), 20, 0),
  );
  const early = grid("early step", [0.03, 0.1], 10).map((t) =>
    scenario(t, stepEvent(t.share ?? 0), 20, 0),
  );
  return [...most, ...slow, ...fast, ...early];
}

/** Steps down that stay. */
export const STEPS: readonly Scenario[] = stepScenarios();

function dipsScenario(share: number, durationS: number): Scenario[] {
  return VOLTAGES_MV.flatMap((voltageMv) =>
    ADCS.map((adc) => {
      const traits: Traits = { kind: "dips", share, durationS, voltageMv, adc, rateHz: 10 };
      const event: Event = {
        truth: "dips",
        effect: (atS, stream) => dips(stream, atS, share, durationS),
        withinS: DIPS_WITHIN_S,
      };
      return scenario(traits, event, 30, 2);
    }),
  );
}

/** Dips about once a minute. */
export const DIPS: readonly Scenario[] = [0.05, 0.1, 0.2].flatMap((share) =>
  [0.4, 1, 5].flatMap((durationS) => dipsScenario(share, durationS)),
);

/** A leak that grows over `overS`, on a cell that is cycled or driven one way. */
function drawSlow(traits: Traits, oneWay: boolean): Draw {
  const { voltageMv = 30, adc = "16", share = 0.1, durationS: overS = 60 } = traits;
  const name = nameOf(traits);
  // A one-way cell carries less: its reservoir is finite.
  const gentle = oneWay ? { maCm2: 0.25 } : {};
  return (seed, set) => {
    const truth: Truth = "decay";
    const wish = { seed, set, truth, adc, rateHz: 10, voltageV: voltageMv / 1000, ...gentle };
    const drawn = drawHalf(ordinary(name, { ...wish, halfS: 1, durationS: 1 }).stream);
    const half = oneWay ? 3600 : drawn;
    const halfS = oneWay ? Infinity : half;
    const { spec, stream } = ordinary(name, { ...wish, halfS, durationS: half });
    const fromS = half * (1 + between(stream, 0.1, 0.9)) * (oneWay ? 0.5 : 1);
    spec.effects = [...spec.effects, slowLeak(fromS, overS, share)];
    spec.withinS = overS + half;
    spec.durationS = fromS + spec.withinS;
    return spec;
  };
}

function slowScenario(kind: string, share: number, durationS: number): Scenario[] {
  const oneWay = kind === "slow one way";
  return [20, 100].flatMap((voltageMv) =>
    ADCS.map((adc) => {
      const traits: Traits = { kind, share, durationS, voltageMv, adc, rateHz: 10 };
      const draw = drawSlow(traits, oneWay);
      return { name: nameOf(traits), traits, runs: 20, quickRuns: 2, draw };
    }),
  );
}

/** Leaks that grow; the time in the name is that of their growth. */
export const SLOW: readonly Scenario[] = ["slow", "slow one way"].flatMap((kind) =>
  [0.1, 0.2].flatMap((share) =>
    [60, 300, 900, 1800].flatMap((overS) => slowScenario(kind, share, overS)),
  ),
);
