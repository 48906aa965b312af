// Cell and protocol files as people might write them: sound ones with short steps, and the same
// with anything at any place.
import fc from "fast-check";
import { EXAMPLES } from "../host/protocols.ts";

/** A current density, mA/cm²: mostly what a board can set. */
const density = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0.001, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1e6, noNaN: true }) },
);
const sign = fc.constantFrom(1, -1);
const timeS = fc.integer({ min: 1, max: 40 });
const action = fc.constantFrom("continue", "log-faster", "hold", "stop");

const rest = fc.record({ step: fc.constant("rest"), timeS });
const current = fc.record(
  {
    step: fc.constant("current"),
    currentDensityMaCm2: fc.tuple(density, sign).map(([size, way]) => size * way),
    until: fc.record(
      {
        timeS,
        arealChargeMahCm2: fc.double({ min: 1e-5, max: 0.01, noNaN: true }),
        voltageAboveV: fc.double({ min: 0.01, max: 4, noNaN: true }),
        voltageBelowV: fc.double({ min: -4, max: -0.01, noNaN: true }),
      },
      { requiredKeys: ["timeS"] },
    ),
    on: fc.record({ soft: action, void: action, contact: action }, { requiredKeys: [] }),
    proof: fc.boolean(),
  },
  { requiredKeys: ["step", "currentDensityMaCm2", "until"] },
);
const ccd = fc
  .tuple(fc.double({ min: 0.05, max: 2, noNaN: true }), fc.integer({ min: 1, max: 3 }), timeS)
  .chain(([start, levels, halfCycleS]) =>
    fc.record({
      step: fc.constant("ccd"),
      startMaCm2: fc.constant(start),
      stepMaCm2: fc.constant(start),
      maxMaCm2: fc.constant(start * levels),
      halfCycleS: fc.constant(halfCycleS),
      direction: fc.constantFrom("two-way", "one-way"),
      restS: fc.nat(3),
    }),
  );
const loop = fc.record({
  step: fc.constant("loop"),
  to: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 3 }),
});

/** A protocol of a few short steps; its loops may point anywhere. */
export const protocolFile = fc.record(
  {
    cyclet: fc.constant(1),
    name: fc.string({ minLength: 1, maxLength: 20 }),
    method: fc.array(fc.oneof(rest, current, current, ccd, loop), { minLength: 1, maxLength: 5 }),
  },
  { requiredKeys: ["cyclet", "method"] },
);

/** A protocol with every part of the language: one of our examples, or two after each other; jumps
 *  of the second may then point anywhere. */
export const languageFile = fc.record(
  {
    cyclet: fc.constant(1),
    capacityMah: fc.double({ min: 0.01, max: 1, noNaN: true }),
    budgetS: fc.integer({ min: 1, max: 1e6 }),
    limits: fc.constantFrom({ temperatureMaxC: 50 }, { forceMinN: 100, delayS: 3 }),
    record: fc.constantFrom({ timeS: 5 }, { voltageV: 0.01, timeS: 1, combine: "all" }),
    method: fc
      .array(fc.constantFrom(...Object.values(EXAMPLES)), { minLength: 1, maxLength: 2 })
      .map((methods) => methods.flat()),
  },
  { requiredKeys: ["cyclet", "capacityMah", "method"] },
);

/** A cell file. */
export const cellFile = fc.record(
  {
    name: fc.string({ minLength: 1, maxLength: 20 }),
    areaCm2: fc.double({ min: 0.1, max: 3, noNaN: true }),
    electrolyte: fc.record({
      thicknessCm: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
      conductivitySPerCm: fc.double({ min: 1e-4, max: 0.01, noNaN: true }),
      activationEnergyEv: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
    }),
    clampForceN: fc.constant(5884),
    temperatureC: fc.constant(25),
    voltageWindowV: fc.constantFrom([-4, 4], [-1, 3], [0, 4.5]),
    uncertainty: fc.record({ thickness: fc.double({ min: 0, max: 0.9, noNaN: true }) }),
  },
  {
    requiredKeys: [
      ...(["name", "areaCm2", "electrolyte", "clampForceN", "temperatureC"] as const),
      "voltageWindowV",
    ],
  },
);

/** Anything that JSON can say, and names that mean something to JavaScript. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(-1, 0, 1e300, -1e300, 1e-300, 0.1, 65536, 4294967296, "", "rest", null),
  fc.constantFrom("\u001b[2J", "\u009b2J", "\u202e", "<script>", "__proto__", "a\nb"),
);
const word = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "step",
  "\u001b]0;x\u0007",
  "ü",
);

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null;

function places(value: Json, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  const keys = Object.keys(value);
  const inner = keys.flatMap((key) => places((value as Record<string, Json>)[key], [...path, key]));
  return [path, ...inner];
}

/** `file` with one place replaced, taken away, or a key more. */
export function damaged(file: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(file, fc.nat(), anything, fc.constantFrom("put", "drop", "add"), word)
    .map(([sound, which, value, how, key]) => {
      const copy = structuredClone(sound) as Json;
      const all = places(copy);
      const path = all[which % all.length];
      const last = path.at(-1);
      if (last === undefined) return how === "put" ? value : copy;
      const parent = path
        .slice(0, -1)
        .reduce((at, name) => (at as Record<string, Json>)[name], copy);
      const owner = parent as Record<string, unknown>;
      if (how === "drop") Reflect.deleteProperty(owner, last);
      else if (how === "put") owner[last] = value;
      else Object.defineProperty(owner, key, { value, enumerable: true, configurable: true });
      return JSON.parse(JSON.stringify(copy)) as Json;
    });
}
