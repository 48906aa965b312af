// Steps as the board holds them, from steps by names and back.
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Step, StepRecord, Term } from "../../firmware/protocol.ts";
import { encodeStep } from "../../firmware/encode.ts";
import * as place from "../../firmware/protocol.ts";
import { ccdStep, currentStep, restStep } from "./specimen.ts";

/** The record of a step, as a board with all features holds it. */
export function recordOf(step: Step): StepRecord {
  const record = place.createStepRecord(place.ALL_PLACES);
  putStep(record, step);
  return record;
}

/** Unfolds `step` into a record, of whatever length; false = it says more than that holds. */
export function putStep(record: StepRecord, step: Step): boolean {
  return place.unfold(record, new Uint32Array(encodeStep(step, 0, crc32).buffer));
}

/** Where an entry begins in a memory's program, and how long it is; the last but one of the table
 *  is a whole's. */
export function entryOf(memory: Uint8Array, protocol: number, index: number): [number, number] {
  const view = new DataView(memory.buffer, memory.byteOffset);
  const at = protocol + place.PROTOCOL_HEADER_BYTES + 2 * index;
  const from = view.getUint16(at, true);
  return [protocol + from, view.getUint16(at + 2, true) - from];
}

function termsOf(values: Float64Array): Term[] {
  const terms: Term[] = [];
  for (let at = place.TERMS; values[at] > 0; at += place.TERM_PLACES) {
    const what = Math.floor(values[at] / 65536);
    terms.push({
      quantity: what & 15,
      below: (what & place.TERM_BELOW) !== 0,
      threshold: values[at + 1],
      delay: values[at + 2],
      last: (what & place.TERM_LAST) !== 0,
      to: values[at] % 65536,
    });
  }
  return terms;
}

/** What a record says; what it has no place for is as in an END. */
export function stepOf(record: StepRecord): Step {
  const { bytes, values } = record;
  const step: Step = {
    ...place.createStep(),
    ...{ kind: bytes[place.KIND], actions: bytes[place.ACTIONS] },
    flags: bytes[place.FLAGS] | (bytes[place.FLAGS + 1] << 8),
    ...{ to: values[place.TARGET], count: values[place.COUNT] },
    ...{ current: values[place.SET_CURRENT], increment: values[place.INCREMENT] },
    ...{ currentMax: values[place.CURRENT_MAX], duration: values[place.DURATION] },
    ...{ charge: values[place.CHARGE], rest: values[place.REST], budget: values[place.BUDGET] },
    ...{ voltageMin: values[place.VOLTAGE_MIN], voltageMax: values[place.VOLTAGE_MAX] },
  };
  if (values.length === place.CORE_PLACES) return step;
  return {
    ...step,
    ...{ voltage: values[place.VOLTAGE], voltageEnd: values[place.VOLTAGE_END] },
    ...{ rate: values[place.RATE], frequency: values[place.FREQUENCY] },
    ...{ frequencyEnd: values[place.FREQUENCY_END], recordTime: values[place.RECORD_TIME] },
    ...{ recordVoltage: values[place.RECORD_VOLTAGE] },
    ...{ recordCurrent: values[place.RECORD_CURRENT], terms: termsOf(values) },
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
