// Protocols of every kind of step with seconds for hours: cut-offs as terms, jumps, limits, what
// findings and outages lead to, each drawn by itself.
import fc from "fast-check";

const timeS = fc.integer({ min: 1, max: 30 });
/** Around a symmetric cell's 0 V, or a full cell's plateau. */
const volts = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -0.3, max: 0.3, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 3.3, max: 3.6, noNaN: true }) },
);
const currentMa = fc
  .tuple(fc.double({ min: 0.01, max: 2, noNaN: true }), fc.constantFrom(1, -1))
  .map(([size, sign]) => size * sign);
const action = fc.constantFrom("continue", "log-faster", "hold", "stop");

const CUT_OFFS = {
  timeS,
  runTimeS: fc.integer({ min: 1, max: 200 }),
  chargeMah: fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
  voltageAboveV: fc.oneof(fc.double({ min: 0.01, max: 0.5, noNaN: true }), fc.constant(3.42)),
  voltageBelowV: fc.oneof(fc.double({ min: -0.5, max: -0.01, noNaN: true }), fc.constant(3)),
  temperatureAboveC: fc.constantFrom(20, 40),
  forceBelowN: fc.constantFrom(100, 7000),
  efficiencyBelow: fc.constantFrom(0.5, 1.5),
  short: fc.constantFrom("soft", "hard"),
} as const;

/** A cut-off of one key. */
const cutOff: fc.Arbitrary<object> = fc.oneof(
  ...Object.entries(CUT_OFFS).map(([key, values]) =>
    (values as fc.Arbitrary<unknown>).map((value) => ({ [key]: value })),
  ),
);
/** One key, or two. */
const cutOffs = fc.tuple(cutOff, fc.option(cutOff)).map(([one, other]) => ({ ...one, ...other }));

/** A number, and the words for the ends. */
const goto = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.constantFrom("end", "stop"));
const delayS = fc.constantFrom(0, 1, 5);
const item = fc.oneof(
  cutOffs,
  fc.record(
    { all: fc.array(cutOff, { minLength: 1, maxLength: 3 }), goto, delayS },
    { requiredKeys: ["all"] },
  ),
);
const until = fc.record(
  { timeS, any: fc.array(item, { minLength: 1, maxLength: 2 }), goto, delayS },
  { requiredKeys: ["timeS"] },
);

const watched = {
  limits: fc.record(
    { currentMaxMa: fc.constantFrom(3, 8), chargeMaxMah: fc.constant(0.02), delayS },
    { requiredKeys: ["currentMaxMa"] },
  ),
  record: fc.constantFrom({ timeS: 5 }, { voltageV: 0.01, timeS: 1, combine: "all" }),
  afterOutage: fc.constantFrom("continue", "wait"),
};
const driven = {
  ...watched,
  on: fc.record(
    { soft: action, charge: action, void: action, contact: action },
    { requiredKeys: [] },
  ),
  proof: fc.boolean(),
};

function step(name: string, needed: object, more: object): fc.Arbitrary<object> {
  const all = { step: fc.constant(name), ...needed, ...more } as Record<
    string,
    fc.Arbitrary<unknown>
  >;
  return fc.record(all, { requiredKeys: ["step", ...Object.keys(needed)] });
}

const steps = fc.oneof(
  step("rest", { timeS }, { until, ...watched }),
  step("current", { currentMa, until }, driven),
  step("voltage", { voltageV: volts, until }, { currentMaxMa: fc.constantFrom(0.5, 5), ...driven }),
  step("cccv", { currentMa, voltageV: volts, until }, driven),
  step(
    "scan",
    { fromV: volts, toV: volts, rateMvPerS: fc.constantFrom(5, 20, 100) },
    { until, currentMaxMa: fc.constantFrom(0.5, 5), ...driven },
  ),
  step("pulse", { currentMa, timeS, restS: timeS, count: fc.integer({ min: 1, max: 3 }) }, driven),
  step(
    "impedance",
    { amplitudeMa: fc.constantFrom(0.05, 0.5), fromHz: fc.constant(1), toHz: fc.constant(0.5) },
    { ...driven },
  ).map((drawn) => ({ ...drawn, pointsPerDecade: 3 })),
  step(
    "if",
    { when: cutOff.filter((keys) => !("timeS" in keys || "chargeMah" in keys)), goto },
    { else: goto },
  ),
  step("loop", { to: fc.integer({ min: 1, max: 4 }), count: fc.integer({ min: 1, max: 3 }) }, {}),
  step(
    "ccd",
    { startMaCm2: fc.constant(0.2), stepMaCm2: fc.constant(0.2), maxMaCm2: fc.constant(0.4) },
    { limits: watched.limits, on: driven.on, proof: driven.proof },
  ).map((drawn) => ({ ...drawn, halfCycleS: 10 })),
);

type Drawn = { [key: string]: Drawn | Drawn[] | number | string };

/** Places among `count` steps in place of any number. */
function placed(value: Drawn[string], count: number): Drawn[string] {
  if (Array.isArray(value)) return value.map((each) => placed(each, count) as Drawn);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, each]) => {
    const isPlace = key === "goto" || key === "else" || key === "to";
    const within = isPlace && typeof each === "number";
    return [key, within ? 1 + (each % count) : placed(each, count)] as const;
  });
  return Object.fromEntries(entries);
}

/** Up to six steps; jumps may lead to any, loops to any before. */
const method = fc.array(steps, { minLength: 1, maxLength: 6 }).map((drawn) =>
  drawn.map((each, at) => {
    const { step } = each as { step: string };
    return placed(each as Drawn, step === "loop" ? Math.max(1, at) : drawn.length);
  }),
);

/** A protocol of steps of any kind. */
export const shortFile = fc.record(
  {
    cyclet: fc.constant(1),
    method,
    budgetS: fc.integer({ min: 30, max: 600 }),
    limits: fc.constantFrom({ temperatureMaxC: 50 }, { forceMinN: 100, delayS: 3 }),
    afterOutage: watched.afterOutage,
    on: driven.on,
  },
  { requiredKeys: ["cyclet", "method", "budgetS"] },
);
