// Events and verdicts in plain words.
import { cycleWords } from "./cycle-record.ts";
import type { CcdResult, SignRecord, VerdictRecord } from "./event-record.ts";
import { faultMeaning } from "./fault-name.ts";
import { outageWords } from "./outage.ts";
import { duration, level, significant } from "./quantity.ts";

const VERDICT_WORDS: Readonly<Record<string, string>> = {
  healthy: "No sign of a short",
  "soft-short": "Soft short",
  "hard-short": "Hard short",
  "void-growth": "Voltage left its window without a short: voids grew at the interface",
  "contact-open": "The cell or a lead is not connected",
  "contact-intermittent": "The cell or a lead makes intermittent contact",
};

const RULE_WORDS: Readonly<Record<string, string>> = {
  hard: "the most a metallic bridge leaves",
  bound: "the least the intact electrolyte can have",
  step: "a sudden fall: the least that noise explains",
  dips: "repeated dips: the least that noise explains",
  slope: "a steady decay: the least that a healthy cell shows",
};

const METHOD_WORDS: Readonly<Record<string, string>> = {
  interrupt: "relaxation after an interrupt",
  "half-current": "answer to half the current",
  sine: "impedance at one frequency",
  bound: "resistance against that of the intact pellet",
  rest: "open-circuit decay",
};

function lowered(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

type Short = SignRecord & { event: "short" };
type Proof = SignRecord & { event: "proof" };

/** Value and threshold of a short or a proof, with their unit: Ω cm², or none for shares. */
export function figures(record: Short | Proof): [value: string, threshold: string] {
  const areal = record.event === "short" ? record.rule !== "charge" : record.method === "bound";
  const words = (one: number): string => significant(one, 4) + (areal ? " Ω cm²" : "");
  return [words(record.value), words(record.threshold)];
}

function shortWords(record: Short): string {
  const [value, bound] = figures(record);
  const sure = `confidence ${significant(record.confidence * 100, 3)}\u00a0%`;
  // The only rule about charge: a ratio, on either side of its bound.
  if (record.rule === "charge") return `charge ratio ${value}, bound ${bound}, ${sure}`;
  const rule = RULE_WORDS[record.rule] ?? `rule ${record.rule}`;
  return `${value}, below ${bound} (${rule}), ${sure}`;
}

function gapWords(record: SignRecord & { event: "gap" }): string {
  if ("cause" in record) return outageWords(record);
  if ("seconds" in record) {
    const counted = "records" in record && record.records !== null;
    const lost = counted ? `, ${record.records} records are not in the log` : "";
    return `nothing recorded for ${duration(record.seconds)}${lost}`;
  }
  return `${record.lines} damaged line${record.lines === 1 ? "" : "s"} from the channel`;
}

function impedanceWords(record: SignRecord & { event: "impedance" }): string {
  const hertz = significant(record.frequencyHz, 3);
  const imaginary = record.imaginaryOhmCm2;
  const parts = [record.realOhmCm2, Math.abs(imaginary)].map((part) => significant(part, 4));
  return `${parts[0]} ${imaginary < 0 ? "−" : "+"} ${parts[1]}i Ω cm² at ${hertz} Hz`;
}

/** What was seen, with the figures that prove it; "" where the record says it all. */
export function evidence(record: SignRecord): string {
  switch (record.event) {
    case "short":
      return shortWords(record);
    case "proof": {
      const [value, bound] = figures(record);
      return `${METHOD_WORDS[record.method] ?? record.method}: ${value}, threshold ${bound}`;
    }
    case "trend":
      return `${significant(record.value, 3)} times the areal resistance of the beginning`;
    case "pulse":
      return `${significant(record.resistanceOhmCm2, 4)} Ω cm² at ${record.temperatureC} °C`;
    case "impedance":
      return impedanceWords(record);
    case "cycle":
      return cycleWords(record);
    case "hold":
      return lowered(VERDICT_WORDS[record.verdict] ?? record.verdict);
    case "resume":
      return `after ${duration(record.heldS)}`;
    case "step":
      return record.setpointMaCm2 === 0 ? "rest" : `${level(record.setpointMaCm2)} mA/cm²`;
    case "fault":
      return faultMeaning(record.code);
    case "undecidable":
      return `rule ${record.rule} cannot decide at this current and noise`;
    case "gap":
      return gapWords(record);
    default:
      return "";
  }
}

/** An event's name for people. */
export function title(record: SignRecord): string {
  switch (record.event) {
    case "short":
      return `${record.class} short`;
    case "recovered":
      return `${record.class} short recovered`;
    case "contact":
      return `contact ${record.class}`;
    case "fault":
      return `fault ${record.code}`;
    case "step":
      return `step ${record.index + 1}`;
    case "trend":
      return `${record.class} growth`;
    case "covariate":
      return `${record.class} change, no short`;
    case "proof":
      return `proof: ${record.result}`;
    case "cycle":
      return `cycle ${record.cycle}`;
    case "impedance":
    case "pulse":
    case "hold":
    case "resume":
    case "undecidable":
    case "gap":
      return record.event;
  }
}

const END_WORDS: Readonly<Record<string, string>> = {
  stopped: "stopped by hand",
  short: "stopped by the short",
  limit: "stopped at a limit of the cell",
  fault: "ended by a fault of the channel",
  running: "still going on when its log was fetched",
};

function ccdWords(ccd: CcdResult): string {
  const soft = ccd.softMaCm2 === null ? "" : `; first soft short at ${level(ccd.softMaCm2)} mA/cm²`;
  if (ccd.bracketMaCm2 !== null) {
    const [completed, failed] = ccd.bracketMaCm2.map(level);
    return `critical current density between ${completed} and ${failed} mA/cm²${soft}`;
  }
  if (ccd.lastCompletedMaCm2 === null) return `no level completed${soft}`;
  return `critical current density above ${level(ccd.lastCompletedMaCm2)} mA/cm²${soft}`;
}

/** The verdict in one sentence. */
export function sentence(record: VerdictRecord): string {
  const parts = [VERDICT_WORDS[record.verdict] ?? record.verdict];
  if (record.ccd !== undefined) parts.push(ccdWords(record.ccd));
  const ended = record.end === "short" && record.ccd !== undefined ? undefined : record.end;
  if (ended !== undefined && END_WORDS[ended] !== undefined) parts.push(END_WORDS[ended]);
  return parts.join("; ") + ".";
}

/** Exit status of a run: 0 finished or still going on, 1 stopped early by a short, a limit or by
 *  hand, 3 channel fault. A short is what a critical-current-density test looks for: it has
 *  finished then. */
export function exitStatus(record: VerdictRecord): number {
  if (record.end === "fault") return 3;
  if (record.end === "finished" || record.end === "running") return 0;
  return record.end === "short" && record.ccd !== undefined ? 0 : 1;
}
