// What a protocol file may hold, as a JSON Schema. Rules that join two keys are in
// protocol-file.ts; what a board cannot do is refused by board-check.ts.
import { NAME_SCHEMA } from "./name.ts";

const seconds = { type: "number", exclusiveMinimum: 0, maximum: 1e9 } as const;
const amount = { type: "number", exclusiveMinimum: 0, maximum: 1e6 } as const;
const voltage = { type: "number", minimum: -10, maximum: 10 } as const;

const action = { enum: ["continue", "log-faster", "hold", "stop"] } as const;

/** What findings lead to, and whether a suspicion may be tested by active proofs. */
const on = {
  type: "object",
  additionalProperties: false,
  properties: {
    soft: action,
    charge: action,
    void: action,
    contact: action,
    hard: { enum: ["stop", "hold"] },
  },
} as const;
const proof = { type: "boolean" } as const;
/** After a loss of power: go on, or wait for the operator. */
const afterOutage = { enum: ["continue", "wait"] } as const;

const until = {
  type: "object",
  additionalProperties: false,
  properties: {
    timeS: seconds,
    chargeMah: amount,
    arealChargeMahCm2: amount,
    voltageAboveV: voltage,
    voltageBelowV: voltage,
  },
} as const;

const rest = {
  type: "object",
  additionalProperties: false,
  required: ["step", "timeS"],
  properties: { step: { const: "rest" }, timeS: seconds, afterOutage },
} as const;

const current = {
  type: "object",
  additionalProperties: false,
  required: ["step"],
  properties: {
    step: { const: "current" },
    currentMa: { type: "number", minimum: -1e6, maximum: 1e6 },
    currentDensityMaCm2: { type: "number", minimum: -1e6, maximum: 1e6 },
    until,
    on,
    proof,
    afterOutage,
  },
} as const;

const loop = {
  type: "object",
  additionalProperties: false,
  required: ["step", "to", "count"],
  properties: {
    step: { const: "loop" },
    to: { type: "integer", minimum: 1, maximum: 65535 },
    count: { type: "integer", minimum: 1, maximum: 4294967295 },
  },
} as const;

const ccd = {
  type: "object",
  additionalProperties: false,
  required: ["step", "startMaCm2", "maxMaCm2"],
  properties: {
    step: { const: "ccd" },
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
    on,
    proof,
  },
} as const;

/** JSON Schema of a protocol file: mA, mAh, mA/cm², mAh/cm², V, s; positive current charges. */
export const PROTOCOL_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["cyclet", "method"],
  properties: {
    cyclet: { const: 1, accepts: "1, the version of this language" },
    name: NAME_SCHEMA,
    on,
    proof,
    afterOutage,
    method: {
      type: "array",
      accepts: "a list of 1 to 65000 steps",
      minItems: 1,
      maxItems: 65000,
      items: {
        type: "object",
        required: ["step"],
        discriminator: { propertyName: "step" },
        oneOf: [rest, current, loop, ccd],
      },
    },
  },
} as const;
