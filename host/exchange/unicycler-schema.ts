// What an aurora-unicycler protocol may hold (github.com/EmpaEconversion/aurora-unicycler 0.4.6,
// MIT, `aurora_unicycler/_core.py`), as a JSON Schema. Numbers may be written as texts, "" is none;
// rules that join keys are in unicycler-import.ts.

const NUMBER = "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?";

const number = {
  type: ["number", "string", "null"],
  pattern: `^\\s*(${NUMBER})?\\s*$`,
  accepts: "a number",
} as const;

/** A rate: a number, or a fraction such as C/5, 1/5, D/2. */
const rate = {
  type: ["number", "string", "null"],
  pattern: `^\\s*(${NUMBER}|([CD]|${NUMBER}\\s*[CD]?)\\s*/\\s*${NUMBER})?\\s*$`,
  accepts: 'a number, or a fraction such as "C/5" or "D/2" (discharge)',
} as const;

const text = { type: "string", accepts: "a text" } as const;
const id = { type: ["string", "null"], accepts: "a text" } as const;

function group(required: readonly string[], properties: object): object {
  return { type: "object", additionalProperties: false, required, properties };
}

function step(name: string, required: readonly string[], properties: object): object {
  return group(["step", ...required], { step: { const: name }, id, ...properties });
}

const STEPS = [
  step("open_circuit_voltage", ["until_time_s"], { until_time_s: number }),
  step("constant_current", [], {
    ...{ rate_C: rate, current_mA: number, until_time_s: number, until_voltage_V: number },
  }),
  step("constant_voltage", ["voltage_V"], {
    ...{ voltage_V: number, until_time_s: number, until_rate_C: rate, until_current_mA: number },
  }),
  step("impedance_spectroscopy", ["start_frequency_Hz", "end_frequency_Hz"], {
    ...{ amplitude_V: number, amplitude_mA: number },
    ...{ start_frequency_Hz: number, end_frequency_Hz: number },
    ...{ points_per_decade: number, measures_per_point: number },
    drift_correction: { type: ["boolean", "null"], accepts: "true or false" },
  }),
  step("voltage_scan", ["start_voltage_V", "end_voltage_V", "scan_rate_mV_per_s"], {
    ...{ start_voltage_V: number, end_voltage_V: number, scan_rate_mV_per_s: number },
  }),
  step("loop", ["cycle_count"], {
    loop_to: {
      type: ["integer", "string"],
      accepts: "a step's number from 1, or a tag",
      minimum: 1,
      pattern: "\\S",
    },
    cycle_count: { type: "integer", minimum: 1 },
  }),
  step("tag", ["tag"], { tag: { ...text, pattern: "\\S" } }),
];

/** JSON Schema of a unicycler protocol. */
export const UNICYCLER_SCHEMA = {
  type: "object",
  additionalProperties: false,
  required: ["record", "method"],
  properties: {
    unicycler: group([], { version: text }),
    sample: group([], { name: text, capacity_mAh: number }),
    record: group(["time_s"], { time_s: number, voltage_V: number, current_mA: number }),
    safety: group([], {
      ...{ max_voltage_V: number, min_voltage_V: number },
      ...{ max_current_mA: number, min_current_mA: number },
      ...{ max_capacity_mAh: number, delay_s: number },
    }),
    method: {
      type: "array",
      accepts: "a list of steps, one at least",
      minItems: 1,
      maxItems: 65000,
      items: {
        type: "object",
        required: ["step"],
        discriminator: { propertyName: "step" },
        oneOf: STEPS,
      },
    },
  },
} as const;

type Figure = number | string | null;

/** A step as written; which keys it has, `step` says. */
export interface UnicyclerStep {
  step: string;
  id?: string | null;
  [key: string]: Figure | boolean | undefined;
}

/** A protocol as written. */
export interface Unicycler {
  unicycler?: { version?: string };
  sample?: { name?: string; capacity_mAh?: Figure };
  record: Record<string, Figure>;
  safety?: Record<string, Figure>;
  method: UnicyclerStep[];
}
