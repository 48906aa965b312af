// Telemetry events as the records of NAME.events.ndjson: seconds, Ω cm², mA/cm², names for codes.
import type { EventMessage } from "../firmware/telemetry.ts";
import * as code from "../firmware/telemetry.ts";
import { faultName } from "./fault-name.ts";
import { density, micro } from "./quantity.ts";

/** Result of a critical-current-density test; null = none. */
export interface CcdResult {
  softMaCm2: number | null;
  hardMaCm2: number | null;
  lastCompletedMaCm2: number | null;
  /** Last level completed (0 = none) and the one that failed. */
  bracketMaCm2: [number, number] | null;
  censored: boolean;
  cumulativeArealCapacityMahCm2: number;
  leakageFraction: number;
}

export type EndName = "finished" | "stopped" | "short" | "limit" | "fault";

/** The last record of every run. */
export interface VerdictRecord {
  event: "verdict";
  verdict: string;
  /** First sign of it, s; null = none. */
  t: number | null;
  end: EndName;
  ccd?: CcdResult;
}

/** All other records; `t` in s of test time. */
export type SignRecord =
  | { t: number; event: "step"; index: number; stepCount: number; setpointMaCm2: number }
  | {
      t: number;
      event: "short";
      class: string;
      rule: string;
      /** Areal resistance and the bound it fell below, Ω cm². */
      value: number;
      threshold: number;
      confidence: number;
    }
  | { t: number; event: "recovered"; class: string }
  | { t: number; event: "contact"; class: string }
  | { t: number; event: "fault"; code: string }
  | { t: number; event: "undecidable"; rule: string }
  | {
      t: number;
      event: "proof";
      method: string;
      result: string;
      /** In the method's own unit, see docs/files.md. */
      value: number;
      threshold: number;
    }
  | { t: number; event: "trend"; class: string; value: number }
  | { t: number; event: "covariate"; class: string }
  | {
      t: number;
      event: "pulse";
      setpointMaCm2: number;
      resistanceOhmCm2: number;
      temperatureC: number;
    }
  | { t: number; event: "hold"; verdict: string }
  | { t: number; event: "gap"; lines: number };

export type EventRecord = SignRecord | VerdictRecord;

type Names<Name = string> = Readonly<Record<number, Name>>;

const CLASSES: Names = {
  [code.CLASS_HARD]: "hard",
  [code.CLASS_SOFT]: "soft",
  [code.CLASS_INTERMITTENT]: "intermittent",
  [code.CLASS_DECAY]: "decay",
};
const RULES: Names = {
  [code.RULE_HARD]: "hard",
  [code.RULE_BOUND]: "bound",
  [code.RULE_STEP]: "step",
  [code.RULE_DIPS]: "dips",
  [code.RULE_SLOPE]: "slope",
  [code.RULE_CHARGE]: "charge",
};
const CONTACTS: Names = {
  [code.CONTACT_OPEN]: "open",
  [code.CONTACT_INTERMITTENT]: "intermittent",
};
const TRENDS: Names = { [code.TREND_VOID]: "void" };
const COVARIATES: Names = {
  [code.COVARIATE_THERMAL]: "thermal",
  [code.COVARIATE_MECHANICAL]: "mechanical",
};
const METHODS: Names = {
  [code.METHOD_INTERRUPT]: "interrupt",
  [code.METHOD_HALF_CURRENT]: "half-current",
  [code.METHOD_SINE]: "sine",
  [code.METHOD_BOUND]: "bound",
  [code.METHOD_REST]: "rest",
};
const RESULTS: Names = {
  [code.RESULT_INCONCLUSIVE]: "inconclusive",
  [code.RESULT_IONIC]: "ionic",
  [code.RESULT_ELECTRONIC]: "electronic",
};
const VERDICTS: Names = {
  [code.VERDICT_HEALTHY]: "healthy",
  [code.VERDICT_TREND]: "void-growth",
  [code.VERDICT_LOOSE]: "contact-intermittent",
  [code.VERDICT_SOFT]: "soft-short",
  [code.VERDICT_VOID]: "void-growth",
  [code.VERDICT_OPEN]: "contact-open",
  [code.VERDICT_HARD]: "hard-short",
};
const ENDS: Names<EndName> = {
  [code.END_FINISHED]: "finished",
  [code.END_STOPPED]: "stopped",
  [code.END_SHORT]: "short",
  [code.END_LIMIT]: "limit",
  [code.END_FAULT]: "fault",
};

function named(names: Names, number: number): string {
  return names[number] ?? `unknown-${number}`;
}

function levelOf(currentPa: number, areaCm2: number): number | null {
  return currentPa < 0 ? null : density(currentPa, areaCm2);
}

function ccdResult(values: readonly number[], areaCm2: number): CcdResult {
  const [soft, hard, last, failing, censored, charge, leakage] = values;
  const lastCompleted = levelOf(last, areaCm2);
  const failed = levelOf(failing, areaCm2);
  return {
    softMaCm2: levelOf(soft, areaCm2),
    hardMaCm2: levelOf(hard, areaCm2),
    lastCompletedMaCm2: lastCompleted,
    bracketMaCm2: failed === null ? null : [lastCompleted ?? 0, failed],
    censored: censored === 1,
    cumulativeArealCapacityMahCm2: micro(charge / 3.6e6),
    leakageFraction: micro(leakage / 1000),
  };
}

function verdictRecord(message: EventMessage, areaCm2: number): VerdictRecord {
  const [verdict, firstMs, end, isCcd] = message.values;
  const record: VerdictRecord = {
    event: "verdict",
    verdict: named(VERDICTS, verdict),
    t: firstMs < 0 ? null : firstMs / 1000,
    end: ENDS[end] ?? "fault",
  };
  if (isCcd === 1) record.ccd = ccdResult(message.values.slice(4), areaCm2);
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
    case code.EVENT_HOLD:
      return { t, event: "hold", verdict: named(VERDICTS, a) };
    default:
      return null;
  }
}

/** The record of an event, null for those that only the host itself needs (START). */
export function eventRecord(message: EventMessage, areaCm2: number): EventRecord | null {
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
      return verdictRecord(message, areaCm2);
    default:
      return findingRecord(message, areaCm2);
  }
}
