// What a protocol file may hold, as a JSON Schema. Rules that join two keys are in host/protocol;
// what a board cannot do is refused by board-check.ts.
import { NAME_SCHEMA } from "./name.ts";
import { afterOutage, limits, on, proof, record, STEP_SCHEMAS } from "./steps.ts";
import { amount, seconds } from "./until.ts";

/** JSON Schema of a protocol file: mA, mAh, mA/cm², mAh/cm², V, s; positive current charges.
 *  `$schema` is for editors. */
export const PROTOCOL_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["cyclet", "method"],
  properties: {
    $schema: { type: "string" },
    cyclet: { const: 1, accepts: "1, the version of this language" },
    name: NAME_SCHEMA,
    capacityMah: { ...amount, description: "nominal capacity, what rates in C refer to, mAh" },
    record,
    limits,
    budgetS: { ...seconds, description: "the run ends by a fault when it takes longer, s" },
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
        oneOf: STEP_SCHEMAS,
      },
    },
  },
} as const;
