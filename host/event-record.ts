// Telemetry events as the records of NAME.events.ndjson: seconds, Ω cm², mA/cm², names for codes.
import type { EventMessage } from "../firmware/telemetry.ts";
import * as code from "../firmware/telemetry.ts";
import { CLASSES, CONTACTS, COVARIATES, ENDS, METHODS, named } from "./event-names.ts";
import { RESULTS, RULES, TRENDS, VERDICTS } from "./event-names.ts";
import type { CycleRecord } from "./cycle-record.ts";
import type { EndName } from "./event-names.ts";
import { faultName } from "./fault-name.ts";
import type { OutageRecord } from "./outage.ts";
import { outageRecord } from "./outage.ts";
import { density, micro } from "./quantity.ts";

/** Result of a critical-current-density test; null = none. Hard is what was irreversible: a hard
 *  short, or a soft one that stood through a whole further level. */
export interface CcdResult {
  softMaCm2: number | null;
  hardMaCm2: number | null;
  lastCompletedMaCm2: number | null;
  /** Last level completed (0 = none) and the one that failed. */
  bracketMaCm2: [number, number] | null;
  censored: boolean;
  /** Both directions added up: in all, and until the soft and the hard short began. */
  cumulativeArealCapacityMahCm2: number;
  softCumulativeArealCapacityMahCm2: number | null;
  hardCumulativeArealCapacityMahCm2: number | null;
  leakageFraction: number;
  /** One standard deviation. */
  leakageFractionUncertainty: number | null;
  /** SHA-256 of the compiled protocol, as in the meta file. */
  protocolHash: string | null;
}

/** The last record of every run. */
export interface VerdictRecord {
  event: "verdict";
  verdict: string;
  /** First sign of it, s; null = none. */
  t: number | null;
  end: EndName;
  ccd?: CcdResult;
}

/** All other records; `t` in s of test time. `evidence` is the event's number in the evidence
 *  file, where one is to be expected. */
export type SignRecord = { t: number; evidence?: number } & Sign;

type Sign =
  | { event: "step"; index: number; stepCount: number; setpointMaCm2: number }
  | {
      event: "short";
      class: string;
      rule: string;
      /** Areal resistance and the bound it fell below, Ω cm²; of the rule charge, shares. */
      value: number;
      threshold: number;
      confidence: number;
    }
  | { event: "recovered"; class: string }
  | { event: "contact"; class: string }
  | { event: "fault"; code: string }
  | { event: "undecidable"; rule: string }
  | {
      event: "proof";
      method: string;
      result: string;
      /** In the method's own unit, see docs/files.md. */
      value: number;
      threshold: number;
    }
  | { event: "trend"; class: string; value: number }
  | { event: "covariate"; class: string }
  | { event: "pulse"; setpointMaCm2: number; resistanceOhmCm2: number; temperatureC: number }
  | { event: "impedance"; frequencyHz: number; realOhmCm2: number; imaginaryOhmCm2: number }
  | CycleRecord
  | { event: "hold"; verdict: string }
  | { event: "resume"; heldS: number }
  | OutageRecord
  // Lines that came damaged, or a time without a line at all, from `t` on.
  | { event: "gap"; lines: number }
  | { event: "gap"; seconds: number }
  // The same in a board's log: so many records, null = nobody knows how many.
  | { event: "gap"; seconds: number; records: number | null };

export type EventRecord = SignRecord | VerdictRecord;

function levelOf(currentPa: number, areaCm2: number): number | null {
  return currentPa < 0 ? null : density(currentPa, areaCm2);
}

/** µC/cm² as mAh/cm². */
function arealCapacity(charge: number): number {
  return micro(charge / 3.6e6);
}

function reached(charge: number): number | null {
  return charge < 0 ? null : arealCapacity(charge);
}

function ccdResult(
  values: readonly number[],
  areaCm2: number,
  protocolHash: string | null,
): CcdResult {
  const [soft, hard, last, failing, censored, charge, ...more] = values;
  const [softCharge, hardCharge, leakage, uncertainty] = more;
  const lastCompleted = levelOf(last, areaCm2);
  const failed = levelOf(failing, areaCm2);
  return {
    softMaCm2: levelOf(soft, areaCm2),
    hardMaCm2: levelOf(hard, areaCm2),
    lastCompletedMaCm2: lastCompleted,
    bracketMaCm2: failed === null ? null : [lastCompleted ?? 0, failed],
    censored: censored === 1,
    cumulativeArealCapacityMahCm2: arealCapacity(charge),
    softCumulativeArealCapacityMahCm2: reached(softCharge),
    hardCumulativeArealCapacityMahCm2: reached(hardCharge),
    leakageFraction: micro(leakage / 1000),
    leakageFractionUncertainty: uncertainty < 0 ? null : micro(uncertainty / 1000),
    protocolHash,
  };
}

function verdictRecord(
  message: EventMessage,
  areaCm2: number,
  protocolHash: string | null,
): VerdictRecord {
  const [verdict, firstMs, end, isCcd] = message.values;
  const record: VerdictRecord = {
    event: "verdict",
    verdict: named(VERDICTS, verdict),
    t: firstMs < 0 ? null : firstMs / 1000,
    end: ENDS[end] ?? "fault",
  };
  if (isCcd === 1) {
    record.ccd = ccdResult(message.values.slice(4), areaCm2, protocolHash);
  }
  return record;
}

/** The records of what is found out beside the rules. */
function findingRecord(message: EventMessage, areaCm2: number): SignRecord | null {
  const t = message.timeMs / 1000;
  const [a, b, c, d] = message.values;
  switch (message.code) {
    case code.EVENT_PROOF: {
      const [value, threshold] = [micro(c / 1e6), micro(d / 1e6)];
      return {
        t,
        event: "proof",
        method: named(METHODS, a),
        result: named(RESULTS, b),
        value,
        threshold,
      };
    }
    case code.EVENT_TREND:
      return { t, event: "trend", class: named(TRENDS, a), value: micro(b / 1000) };
    case code.EVENT_COVARIATE:
      return { t, event: "covariate", class: named(COVARIATES, a) };
    case code.EVENT_PULSE: {
      const [setpointMaCm2, resistanceOhmCm2] = [density(a, areaCm2), micro(b / 1e6)];
      return { t, event: "pulse", setpointMaCm2, resistanceOhmCm2, temperatureC: micro(c / 1000) };
    }
    case code.EVENT_IMPEDANCE: {
      const [realOhmCm2, imaginaryOhmCm2] = [micro(b / 1e6), micro(c / 1e6)];
      return { t, event: "impedance", frequencyHz: micro(a / 1e6), realOhmCm2, imaginaryOhmCm2 };
    }
    case code.EVENT_HOLD:
      return { t, event: "hold", verdict: named(VERDICTS, a) };
    case code.EVENT_RESUME:
      return { t, event: "resume", heldS: a };
    case code.EVENT_GAP:
      return { t, ...outageRecord(message) };
    default:
      return null;
  }
}

/** The record of an event, null for those that only the host itself needs (START). A staircase's
 *  verdict names the protocol by `protocolHash`, if it is known. */
export function eventRecord(
  message: EventMessage,
  areaCm2: number,
  protocolHash: string | null = null,
): EventRecord | null {
  const t = message.timeMs / 1000;
  const [a, b, c, d, e] = message.values;
  switch (message.code) {
    case code.EVENT_STEP:
      return { t, event: "step", index: a, stepCount: b, setpointMaCm2: density(c, areaCm2) };
    case code.EVENT_SHORT:
      return {
        t,
        event: "short",
        class: named(CLASSES, a),
        rule: named(RULES, b),
        value: micro(c / 1e6),
        threshold: micro(d / 1e6),
        confidence: micro(e / 1000),
      };
    case code.EVENT_RECOVERED:
      return { t, event: "recovered", class: named(CLASSES, a) };
    case code.EVENT_CONTACT:
      return { t, event: "contact", class: named(CONTACTS, a) };
    case code.EVENT_FAULT:
      return { t, event: "fault", code: faultName(a) };
    case code.EVENT_UNDECIDABLE:
      return { t, event: "undecidable", rule: named(RULES, a) };
    case code.EVENT_VERDICT:
      return verdictRecord(message, areaCm2, protocolHash);
    default:
      return findingRecord(message, areaCm2);
  }
}
