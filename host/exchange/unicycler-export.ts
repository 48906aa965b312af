// A protocol in aurora-unicycler's JSON, and what that cannot say.
import type { Cell } from "../cell-file.ts";
import { InputError } from "../input-error.ts";
import type { Protocol } from "../protocol/form.ts";
import type { Plain, PlainStep } from "./plain.ts";
import { loseLargest, tidy } from "./plain.ts";
import { plainOf } from "./plain-steps.ts";
import { SAMPLE_PLACEHOLDER } from "./unicycler-import.ts";

/** A protocol in another language. */
export interface Exported {
  text: string;
  /** What it cannot say, a line each. */
  lost: string[];
}

/** The language as we read it. */
const VERSION = "0.4.6";
/** Without any rule of ours, once a second. */
const RECORD_S = 1;

type Step = Record<string, unknown>;

// A charge is moved at a constant current in a certain time.
function chargeTime(step: PlainStep & { kind: "current" }, plain: Plain): number | null {
  if (step.chargeMah === undefined) return null;
  const { mA, rateC } = step.current;
  const capacity = plain.capacityMah;
  const milliamps = mA ?? (capacity === null ? null : (rateC ?? 0) * capacity);
  if (milliamps === null) {
    throw new InputError(`step ${step.at + 1}: a rate of no known capacity; accepted: --cell FILE`);
  }
  const seconds = tidy((step.chargeMah / Math.abs(milliamps)) * 3600);
  plain.lost.push(`step ${step.at + 1}: its charge is said as a time, ${seconds} s`);
  return seconds;
}

function currentOf(step: PlainStep & { kind: "current" }, plain: Plain): Step {
  const { mA, rateC } = step.current;
  const times = [step.timeS, chargeTime(step, plain) ?? undefined].filter((t) => t !== undefined);
  if (step.volts === 0)
    plain.lost.push(`step ${step.at + 1}: a cut-off at 0 V, which counts as none`);
  if (times.length === 0 && (step.volts ?? 0) === 0) {
    throw new InputError(
      `step ${step.at + 1}: unicycler needs a time, a charge or a voltage to end it`,
    );
  }
  return {
    step: "constant_current",
    ...(rateC === undefined ? { current_mA: mA } : { rate_C: rateC }),
    ...(times.length > 0 && { until_time_s: Math.min(...times) }),
    ...(step.volts !== undefined && step.volts !== 0 && { until_voltage_V: step.volts }),
  };
}

function voltageOf(
  step: PlainStep & { kind: "voltage" },
  before: PlainStep | undefined,
  plain: Plain,
): Step {
  const { volts, timeS, end } = step;
  loseLargest(step, before, plain.lost);
  if (timeS === undefined && end === undefined) {
    throw new InputError(`step ${step.at + 1}: unicycler needs a time or a current to end it`);
  }
  return {
    ...{ step: "constant_voltage", voltage_V: volts },
    ...(timeS !== undefined && { until_time_s: timeS }),
    ...(end?.rateC !== undefined && { until_rate_C: end.rateC }),
    ...(end?.mA !== undefined && { until_current_mA: end.mA }),
  };
}

function stepOf(step: PlainStep, before: PlainStep | undefined, plain: Plain): Step {
  switch (step.kind) {
    case "rest":
      return { step: "open_circuit_voltage", until_time_s: step.timeS };
    case "current":
      return currentOf(step, plain);
    case "voltage":
      return voltageOf(step, before, plain);
    case "scan":
      return {
        ...{ step: "voltage_scan", start_voltage_V: step.fromV, end_voltage_V: step.toV },
        scan_rate_mV_per_s: step.rateMvPerS,
      };
    case "impedance":
      return {
        ...{ step: "impedance_spectroscopy", amplitude_mA: step.mA },
        ...{ start_frequency_Hz: step.fromHz, end_frequency_Hz: step.toHz },
        points_per_decade: step.pointsPerDecade,
      };
    case "loop":
      return { step: "loop", cycle_count: step.count };
  }
}

/** Tags by the index of the step they stand before: names that loops use, and one where a loop's
 *  body is a single step, which unicycler takes by a tag alone. */
function tagsOf(steps: readonly PlainStep[]): Map<number, string> {
  const tags = new Map<number, string>();
  steps.forEach((step, index) => {
    if (step.kind !== "loop") return;
    const { id } = steps[step.to];
    if (step.named && id !== undefined) tags.set(step.to, id);
    else if (index - step.to === 1) tags.set(step.to, `step ${step.to + 1}`);
  });
  return tags;
}

/** Steps with tags before those that a loop needs one for; numbers count tags, too. */
function methodOf(plain: Plain): Step[] {
  const { steps } = plain;
  const tags = tagsOf(steps);
  const numbers: number[] = [];
  const method: Step[] = [];
  steps.forEach((step, index) => {
    const tag = tags.get(index);
    if (tag !== undefined) method.push({ step: "tag", tag });
    numbers.push(method.length + 1);
    const made = stepOf(step, steps[index - 1], plain);
    if (step.kind === "loop") made["loop_to"] = tags.get(step.to) ?? numbers[step.to];
    const { id } = step;
    method.push(id === undefined || id === tag ? made : { id, ...made });
    if (step.periodS !== undefined) plain.lost.push(`step ${step.at + 1}: recording of its own`);
  });
  return method;
}

function safetyOf({ limits }: Protocol, lost: string[]): Step {
  const { voltageMinV, voltageMaxV, currentMaxMa, chargeMaxMah, delayS, ...others } = limits ?? {};
  lost.push(...Object.keys(others).map((key) => `limits.${key} of the protocol`));
  const current = currentMaxMa !== undefined && {
    ...{ max_current_mA: currentMaxMa, min_current_mA: -currentMaxMa },
  };
  return {
    ...(voltageMaxV !== undefined && { max_voltage_V: voltageMaxV }),
    ...(voltageMinV !== undefined && { min_voltage_V: voltageMinV }),
    ...current,
    ...(chargeMaxMah !== undefined && { max_capacity_mAh: chargeMaxMah }),
    ...(delayS !== undefined && { delay_s: delayS }),
  };
}

/** `protocol` as a unicycler file; `name` null = its sample is filled in later. Throws InputError
 *  for what would be no valid file. */
export function exportUnicycler(
  protocol: Protocol,
  name: string | null,
  cell: Cell | null,
): Exported {
  const plain = plainOf(protocol, cell);
  const { record } = protocol;
  const method = methodOf(plain);
  if (method.length === 0)
    throw new InputError("nothing is left of the protocol in unicycler's words");
  if (record?.combine === "all") plain.lost.push('record.combine "all": either is enough there');
  const isRated = method.some(
    (step) => step["rate_C"] !== undefined || step["until_rate_C"] !== undefined,
  );
  if (isRated && plain.capacityMah === null)
    plain.lost.push("the capacity that rates refer to: not known");
  const safety = safetyOf(protocol, plain.lost);
  const file = {
    unicycler: { version: VERSION },
    sample: {
      name: name ?? SAMPLE_PLACEHOLDER,
      ...(plain.capacityMah !== null && { capacity_mAh: plain.capacityMah }),
    },
    record: {
      time_s: record?.timeS ?? RECORD_S,
      ...(record?.voltageV !== undefined && { voltage_V: record.voltageV }),
      ...(record?.currentMa !== undefined && { current_mA: record.currentMa }),
    },
    ...(Object.keys(safety).length > 0 && { safety }),
    method,
  };
  return { text: JSON.stringify(file, null, 2) + "\n", lost: plain.lost };
}
