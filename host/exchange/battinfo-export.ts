// A protocol in the form of BattINFO's test protocols: typed steps, loops as groups. Identifiers on
// the web, which its schema asks for, only a registry can give
// (battery-data-format, `test-protocol.schema.json`).
import type { Cell } from "../cell-file.ts";
import type { Protocol } from "../protocol/form.ts";
import type { PlainCurrent, PlainStep } from "./plain.ts";
import { plainOf } from "./plain-steps.ts";
import type { Exported } from "./unicycler-export.ts";

const SCHEMA_VERSION = "1.0.0";

interface Quantity {
  value: number;
  unit: string;
}

interface Ending {
  quantity: string;
  direction: string;
  value: number;
  unit: string;
}

type Step = Record<string, unknown> & { steps?: Step[] };

function of(value: number, unit: string): Quantity {
  return { value, unit };
}

function currentOf({ mA, rateC }: PlainCurrent): Record<string, Quantity> {
  const size = Math.abs(mA ?? rateC ?? 0);
  return rateC === undefined ? { current: of(size, "mA") } : { c_rate: of(size, "C") };
}

function ending(
  quantity: string,
  direction: string,
  value: number | undefined,
  unit: string,
): Ending[] {
  return value === undefined ? [] : [{ quantity, direction, value, unit }];
}

function elapsed(timeS: number | undefined): Ending[] {
  return ending("duration", "elapsed", timeS, "s");
}

function currentStep(step: PlainStep & { kind: "current" }): Step {
  const isCharge = (step.current.mA ?? step.current.rateC ?? 0) > 0;
  return {
    mode: "cc",
    direction: isCharge ? "charge" : "discharge",
    setpoints: currentOf(step.current),
    termination: [
      ...elapsed(step.timeS),
      ...ending("capacity", "above", step.chargeMah, "mAh"),
      ...ending("voltage", isCharge ? "above" : "below", step.volts, "V"),
    ],
  };
}

function voltageStep(step: PlainStep & { kind: "voltage" }): Step {
  const { end, largest } = step;
  const bound =
    largest === undefined ? {} : { maximum_current: Object.values(currentOf(largest))[0] };
  return {
    ...{ mode: "cv", direction: "hold", setpoints: { voltage: of(step.volts, "V"), ...bound } },
    termination: [
      ...elapsed(step.timeS),
      ...ending("current", "below", end?.mA, "mA"),
      ...ending("c_rate", "below", end?.rateC, "C"),
    ],
  };
}

function stepOf(step: PlainStep): Step {
  switch (step.kind) {
    case "rest":
      return { mode: "rest", direction: "rest", duration: of(step.timeS, "s") };
    case "current":
      return currentStep(step);
    case "voltage":
      return voltageStep(step);
    case "scan":
      return {
        ...{ mode: "scan", direction: "none" },
        setpoints: {
          ...{ start_voltage: of(step.fromV, "V"), end_voltage: of(step.toV, "V") },
          scan_rate: of(step.rateMvPerS, "mV/s"),
        },
      };
    case "impedance":
      return {
        ...{ mode: "eis", direction: "none" },
        setpoints: {
          ...{ current_amplitude: of(step.mA, "mA"), start_frequency: of(step.fromHz, "Hz") },
          end_frequency: of(step.toHz, "Hz"),
          points_per_decade: of(step.pointsPerDecade, "1"),
        },
      };
    case "loop":
      return { mode: "group", count: step.count };
  }
}

/** Steps with each loop's body as the steps of a group. */
function grouped(steps: readonly PlainStep[]): Step[] {
  // What was made so far, and the index of the plain step that each begins with.
  let made: { step: Step; from: number }[] = [];
  steps.forEach((step, index) => {
    const own = stepOf(step);
    if (step.id !== undefined) own["tags"] = [step.id];
    if (step.periodS !== undefined) own["period"] = of(step.periodS, "s");
    if (step.kind !== "loop") {
      made.push({ step: own, from: index });
      return;
    }
    const body = made.filter(({ from }) => from >= step.to);
    made = made.filter(({ from }) => from < step.to);
    made.push({ step: { ...own, steps: body.map((each) => each.step) }, from: step.to });
  });
  return made.map(({ step }) => step);
}

/** `protocol` as a BattINFO test protocol. Throws InputError for amounts per cm² without `cell`. */
export function exportBattinfo(protocol: Protocol, cell: Cell | null): Exported {
  const { steps, lost, capacityMah } = plainOf(protocol, cell);
  const { record, limits } = protocol;
  const { voltageMinV, voltageMaxV, currentMaxMa, temperatureMinC, temperatureMaxC } = limits ?? {};
  const { chargeMaxMah, delayS, forceMinN, forceMaxN } = limits ?? {};
  if (forceMinN !== undefined) lost.push("limits.forceMinN of the protocol");
  if (forceMaxN !== undefined) lost.push("limits.forceMaxN of the protocol");
  if (record?.combine === "all") lost.push('record.combine "all"');
  lost.push("identifiers on the web (test_spec.id), which a registry gives");
  const file = {
    schema_version: SCHEMA_VERSION,
    test_spec: { name: protocol.name, kind: "cycling" },
    method: grouped(steps),
    record: {
      ...{ time_s: record?.timeS, voltage_V: record?.voltageV, current_mA: record?.currentMa },
    },
    safety: {
      ...{ min_voltage_V: voltageMinV, max_voltage_V: voltageMaxV, max_current_mA: currentMaxMa },
      min_current_mA: currentMaxMa === undefined ? undefined : -currentMaxMa,
      ...{ min_temperature_degC: temperatureMinC, max_temperature_degC: temperatureMaxC },
      ...{ max_capacity_mAh: chargeMaxMah, delay_s: delayS },
    },
    ...(capacityMah !== null && { notes: [`rates in C refer to ${capacityMah} mAh`] }),
    provenance: { source_type: "import" },
  };
  return { text: JSON.stringify(file, null, 2) + "\n", lost };
}
