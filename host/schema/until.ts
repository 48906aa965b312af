// JSON Schema of cut-offs and conditions.
import { PLAIN_TEXT } from "../printable.ts";

export const seconds = { type: "number", exclusiveMinimum: 0, maximum: 1e9 } as const;
export const amount = { type: "number", exclusiveMinimum: 0, maximum: 1e6 } as const;
export const voltage = { type: "number", minimum: -10, maximum: 10 } as const;
export const temperature = { type: "number", minimum: -100, maximum: 300 } as const;
export const force = { type: "number", minimum: 0, maximum: 1e6 } as const;
const share = { type: "number", exclusiveMinimum: 0, maximum: 10 } as const;

/** How long something has to hold before it counts. */
export const delayS = {
  type: "number",
  minimum: 0,
  maximum: 1e6,
  description: "so long it has to hold, s",
} as const;

/** A step by its number or its `id`. */
export const place = {
  type: ["integer", "string"],
  accepts: "a step's number from 1, or its id",
  description: "a step's number from 1, or its id",
  minimum: 1,
  maximum: 65535,
  minLength: 1,
  maxLength: 40,
  pattern: PLAIN_TEXT,
} as const;

/** Where a jump leads. */
export const goto = {
  ...place,
  accepts: 'a step\'s number from 1, its id, "end" or "stop"',
  description: 'a step\'s number from 1, its id, "end" (finished) or "stop" (as at a limit)',
} as const;

const cutOffs = {
  timeS: { ...seconds, description: "time in this step, s" },
  chargeMah: { ...amount, description: "charge of this step, either direction, mAh" },
  arealChargeMahCm2: { ...amount, description: "charge of this step per electrode area" },
  voltageAboveV: voltage,
  voltageBelowV: voltage,
  currentAboveMa: { ...amount, description: "size of the current, either direction, mA" },
  currentBelowMa: { ...amount, description: "size of the current, either direction, mA" },
  currentDensityBelowMaCm2: amount,
  rateBelowC: { ...amount, description: "size of the current in nominal capacities an hour" },
  efficiencyAbove: { ...share, description: "coulombic, discharge over charge of the last cycle" },
  efficiencyBelow: { ...share, description: "coulombic, discharge over charge of the last cycle" },
  capacityAboveMah: { ...amount, description: "charge of the last half cycle that is over, mAh" },
  capacityBelowMah: { ...amount, description: "charge of the last half cycle that is over, mAh" },
  temperatureAboveC: temperature,
  temperatureBelowC: temperature,
  forceAboveN: force,
  forceBelowN: force,
  short: { enum: ["soft", "hard"], description: "what is found at present, or graver" },
  runTimeS: { ...seconds, description: "time since the run began, s" },
} as const;

/** Cut-offs alone, as they stand in the innermost list. */
export const delayed = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: { ...cutOffs, delayS },
} as const;

function listOf(items: object, description: string): object {
  const accepts = "a list of 1 to 8 conditions";
  return { type: "array", accepts, description, minItems: 1, maxItems: 8, items };
}

const anyItem = {
  ...delayed,
  properties: { ...cutOffs, delayS, goto, all: listOf(delayed, "every one has to hold") },
} as const;

const allItem = {
  ...delayed,
  properties: { ...cutOffs, delayS, any: listOf(delayed, "one has to hold") },
} as const;

/** JSON Schema of `until` and `when`. */
export const until = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...cutOffs,
    delayS,
    goto,
    any: listOf(anyItem, "one has to hold"),
    all: listOf(allItem, "every one has to hold"),
  },
} as const;
