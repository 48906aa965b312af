// JSON Schema of the steps of a protocol.
import { PLAIN_TEXT } from "../printable.ts";
import { amount, delayS, force, goto, place, seconds } from "./until.ts";
import { temperature, until, voltage } from "./until.ts";

const action = { enum: ["continue", "log-faster", "hold", "stop"] } as const;

/** What findings lead to, and whether a suspicion may be tested by active proofs. */
export const on = {
  type: "object",
  additionalProperties: false,
  description: "what findings lead to",
  properties: {
    soft: action,
    charge: action,
    void: action,
    contact: action,
    hard: { enum: ["stop", "hold"] },
  },
} as const;
export const proof = { type: "boolean", description: "active proofs are allowed" } as const;
/** After a loss of power: go on, or wait for the operator. */
export const afterOutage = { enum: ["continue", "wait"] } as const;

export const record = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  description: "when data are recorded: time, change of voltage, change of current",
  properties: {
    timeS: { type: "number", exclusiveMinimum: 0, maximum: 86400 },
    voltageV: { type: "number", exclusiveMinimum: 0, maximum: 10 },
    currentMa: amount,
    combine: { enum: ["any", "all"] },
  },
} as const;

export const limits = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  description: "bounds that end the run as at a limit",
  properties: {
    voltageMinV: voltage,
    voltageMaxV: voltage,
    currentMaxMa: amount,
    temperatureMinC: temperature,
    temperatureMaxC: temperature,
    forceMinN: force,
    forceMaxN: force,
    chargeMaxMah: amount,
    delayS,
  },
} as const;

const id = {
  type: "string",
  minLength: 1,
  maxLength: 40,
  pattern: PLAIN_TEXT,
  accepts: "1 to 40 characters, none of them a control character",
  description: "a name for goto and loop",
} as const;

/** What any step that takes time may carry, and what one with a current may. */
const watched = { id, limits, record } as const;
const driven = { ...watched, on, proof, afterOutage } as const;

const signed = { type: "number", minimum: -1e6, maximum: 1e6 } as const;
const strength = {
  currentMa: { ...signed, description: "positive charges, mA" },
  currentDensityMaCm2: { ...signed, description: "positive charges, mA per cm² of electrode" },
  rateC: { ...signed, description: "positive charges, nominal capacities an hour" },
} as const;
const largest = {
  currentMaxMa: { ...amount, description: "either direction, mA" },
  currentDensityMaxMaCm2: amount,
  rateMaxC: amount,
} as const;
const hertz = { type: "number", minimum: 1e-6, maximum: 1e6 } as const;

function stepOf(name: string, required: string[], properties: object): object {
  return {
    type: "object",
    additionalProperties: false,
    required: ["step", ...required],
    properties: { step: { const: name }, ...properties },
  };
}

const ccd = {
  startMaCm2: amount,
  stepMaCm2: amount,
  factor: { type: "number", exclusiveMinimum: 1, maximum: 100 },
  maxMaCm2: amount,
  arealChargeMahCm2: amount,
  halfCycleS: seconds,
  direction: { enum: ["two-way", "one-way"] },
  cyclesPerLevel: { type: "integer", minimum: 1, maximum: 1000 },
  restS: { type: "number", minimum: 0, maximum: 1e6 },
  voltageWindowV: {
    type: "array",
    accepts: "[lowest, highest] in V",
    minItems: 2,
    maxItems: 2,
    items: voltage,
  },
} as const;

/** JSON Schema of each kind of step. */
export const STEP_SCHEMAS = [
  stepOf("rest", ["timeS"], { timeS: seconds, until, ...watched, afterOutage }),
  stepOf("current", [], { ...strength, until, ...driven }),
  stepOf("voltage", ["voltageV"], { voltageV: voltage, ...largest, until, ...driven }),
  stepOf("cccv", ["voltageV"], { ...strength, voltageV: voltage, until, ...driven }),
  stepOf("scan", ["fromV", "toV", "rateMvPerS"], {
    ...{ fromV: voltage, toV: voltage, rateMvPerS: amount },
    ...{ ...largest, until, ...driven },
  }),
  stepOf("pulse", ["timeS", "restS", "count"], {
    ...{ ...strength, timeS: seconds, restS: seconds },
    ...{ count: { type: "integer", minimum: 1, maximum: 4294967295 }, ...driven },
  }),
  stepOf("impedance", ["fromHz", "toHz", "pointsPerDecade"], {
    ...{ amplitudeMa: amount, amplitudeDensityMaCm2: amount, fromHz: hertz, toHz: hertz },
    ...{ pointsPerDecade: { type: "integer", minimum: 1, maximum: 100 }, ...driven },
  }),
  stepOf("loop", ["to", "count"], {
    ...{ id, to: place, count: { type: "integer", minimum: 1, maximum: 4294967295 } },
  }),
  stepOf("if", ["when", "goto"], { id, when: until, goto, else: goto }),
  stepOf("ccd", ["startMaCm2", "maxMaCm2"], { ...ccd, ...watched, on, proof }),
];
