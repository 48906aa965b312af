// Steps as the board holds them, from steps by names and back.
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Step, StepRecord } from "../../firmware/protocol.ts";
import { ACTIONS, FLAGS, KIND, countOf, createStepRecord } from "../../firmware/protocol.ts";
import { encodeStep, targetOf } from "../../firmware/protocol.ts";
import { ccdStep, currentStep, restStep } from "./specimen.ts";

/** The record of a step. */
export function recordOf(step: Step): StepRecord {
  const record = createStepRecord();
  encodeStep(step, record.bytes, crc32);
  return record;
}

/** What a record says. */
export function stepOf(record: StepRecord): Step {
  const { bytes, values } = record;
  const [, current, increment, currentMax, duration, charge, voltageMin, voltageMax] = values;
  return {
    ...{
      kind: bytes[KIND],
      actions: bytes[ACTIONS],
      flags: bytes[FLAGS] | (bytes[FLAGS + 1] << 8),
    },
    ...{ to: targetOf(record), count: countOf(record), current, increment, currentMax },
    ...{ duration, charge, voltageMin, voltageMax, rest: values[8], budget: values[9] },
  };
}

export function restRecord(duration: number, changes: Partial<Step> = {}): StepRecord {
  return recordOf(restStep(duration, changes));
}

export function currentRecord(current: number, changes: Partial<Step> = {}): StepRecord {
  return recordOf(currentStep(current, changes));
}

export function ccdRecord(changes: Partial<Step> = {}): StepRecord {
  return recordOf(ccdStep(changes));
}
