// What a cell file may hold, as a JSON Schema. Bounds are physical, wide enough for every pressed
// pellet, and narrow enough to catch a wrong unit.
import { NAME_SCHEMA } from "./name.ts";

const share = { type: "number", minimum: 0, exclusiveMaximum: 1 } as const;

const electrolyte = {
  type: "object",
  additionalProperties: false,
  required: ["thicknessCm", "conductivitySPerCm", "activationEnergyEv"],
  properties: {
    thicknessCm: { type: "number", exclusiveMinimum: 0, maximum: 2 },
    conductivitySPerCm: { type: "number", exclusiveMinimum: 0, maximum: 1 },
    activationEnergyEv: { type: "number", minimum: 0, maximum: 2 },
  },
} as const;

const uncertainty = {
  type: "object",
  additionalProperties: false,
  properties: { thickness: share, conductivity: share, area: share },
} as const;

const anode = {
  accepts: '"bareNa", "hNa", "SnO2Na", "ZrO2Na" or {"nzspToNaMassRatio": 0 to 10}',
  if: { type: "string" },
  then: { enum: ["bareNa", "hNa", "SnO2Na", "ZrO2Na"] },
  else: {
    type: "object",
    additionalProperties: false,
    required: ["nzspToNaMassRatio"],
    properties: { nzspToNaMassRatio: { type: "number", minimum: 0, maximum: 10 } },
  },
} as const;

const sim = {
  type: "object",
  additionalProperties: false,
  required: ["anode"],
  properties: {
    anode,
    fullCell: { type: "boolean" },
    noise: { type: "number", minimum: 0, maximum: 0.2 },
    seed: { type: "integer", minimum: 0, maximum: 4294967295 },
    shorts: { type: "boolean" },
  },
} as const;

/** JSON Schema of a cell file; lengths cm, S/cm, eV, N, °C, V, mAh, mg; uncertainties relative
 *  (1 sigma). `$schema` is for editors. */
export const CELL_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["name", "areaCm2", "electrolyte", "clampForceN", "temperatureC", "voltageWindowV"],
  properties: {
    $schema: { type: "string" },
    name: NAME_SCHEMA,
    areaCm2: { type: "number", exclusiveMinimum: 0, maximum: 100 },
    electrolyte,
    clampForceN: { type: "number", minimum: 0, maximum: 20000 },
    temperatureC: { type: "number", minimum: -40, maximum: 120 },
    voltageWindowV: {
      type: "array",
      accepts: "[lowest, highest] in V, each from -10 to 10",
      minItems: 2,
      maxItems: 2,
      items: { type: "number", minimum: -10, maximum: 10 },
    },
    arealCapacityMahCm2: { type: "number", exclusiveMinimum: 0, maximum: 1000 },
    activeMassMg: { type: "number", exclusiveMinimum: 0, maximum: 1e5 },
    specificCapacityMahPerG: { type: "number", exclusiveMinimum: 0, maximum: 1e4 },
    uncertainty,
    sim,
  },
} as const;
