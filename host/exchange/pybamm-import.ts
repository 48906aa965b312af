// Experiment steps of PyBaMM as texts, one a line, as a protocol of ours. Their words say the
// direction, which is the safe side of a difference: as numbers, their positive current discharges
// (github.com/pybamm-team/PyBaMM, `step.string`, read 2026-08).
import { InputError } from "../input-error.ts";
import type { ProtocolStep, Strength, VoltageStep } from "../protocol/form.ts";
import type { Until } from "../protocol/until.ts";
import type { Imported } from "./unicycler-import.ts";
import { impliedLargest } from "./unicycler-steps.ts";

const SECONDS: Readonly<Record<string, number>> = {
  ...{ second: 1, seconds: 1, s: 1, sec: 1, minute: 60, minutes: 60, m: 60, min: 60 },
  ...{ hour: 3600, hours: 3600, h: 3600, hr: 3600 },
};

const EXAMPLES =
  '"Charge at C/3 until 4.1 V", "Discharge at 1 mA for 2 hours or until 2.5 V", ' +
  '"Rest for 10 minutes", "Hold at 4.1 V until 50 mA"';

/** A value as written: 1 A, 200 mA, 4.1V, C/20, 0.5 C, in A, V or C. */
interface Value {
  unit: string;
  size: number;
}

/** A line, and where it stands. */
interface Line {
  text: string;
  /** File and line. */
  place: string;
}

/** What a line says. */
interface Sentence {
  verb: string;
  at: string | undefined;
  time: string | undefined;
  end: string | undefined;
  period: string | undefined;
}

const SENTENCE =
  /^([A-Za-z]+)(?: at (.+?))?(?: for (.+?))?(?:(?: or)? until (.+?))?(?: \((.+?) period\))?$/;

function complaint({ place }: Line, what: string, accepted: string): InputError {
  return new InputError(`${place}: ${what}; accepted: ${accepted}`);
}

function sentenceOf(line: Line): Sentence {
  if (/^[([{]|^[\])}]/.test(line.text)) {
    throw complaint(line, "lists and tuples are no text", "one step a line, without brackets");
  }
  const [, verb, at, time, end, period] = SENTENCE.exec(line.text) ?? [];
  if (verb === undefined || !["Charge", "Discharge", "Hold", "Rest"].includes(verb)) {
    const found = JSON.stringify(line.text);
    throw complaint(line, `${found} is no step of an experiment`, EXAMPLES);
  }
  return { verb, at, time, end, period };
}

function timeOf(text: string, line: Line): number {
  const [, size, unit] = /^([\d.eE+-]+)\s*([a-z]+)$/.exec(text.trim()) ?? [];
  const seconds = Number(size) * (SECONDS[unit] ?? NaN);
  if (seconds > 0 && seconds < Infinity) return seconds;
  throw complaint(line, `${JSON.stringify(text)} is no time`, "seconds, minutes or hours above 0");
}

function valueOf(text: string, line: Line): Value {
  const plain = text.replace(/\s+/g, "");
  const fraction = /^C\/(\d+\.?\d*|\.\d+)$/.exec(plain);
  const [, number, milli, unit] = /^([\d.eE+-]+?)(m?)(A|V|C|W|Ohm)$/.exec(plain) ?? [];
  const size = fraction === null ? Number(number) * (milli === "m" ? 1e-3 : 1) : 1 / +fraction[1];
  const found = fraction === null ? unit : "C";
  if (found === "W" || found === "Ohm") {
    throw complaint(line, "constant power and resistance are not available", "A, mA, C or V");
  }
  if (found !== undefined && Number.isFinite(size)) return { unit: found, size };
  throw complaint(
    line,
    `${JSON.stringify(text)} is no value`,
    "such as 1 A, 200 mA, 0.5 C, C/20, 4.1 V",
  );
}

/** mA to a figure without the noise of binary fractions. */
function milliamperes(amperes: number): number {
  return Number((amperes * 1000).toPrecision(12));
}

function strengthOf(sentence: Sentence, line: Line): Strength {
  const { unit, size } = valueOf(sentence.at ?? "", line);
  if (unit === "V") {
    throw complaint(
      line,
      `a voltage is no current to ${sentence.verb.toLowerCase()} at`,
      '"Hold at"',
    );
  }
  if (!(size > 0)) {
    throw complaint(line, "the word says the direction", "a current of more than 0");
  }
  const sign = sentence.verb === "Charge" ? 1 : -1;
  return unit === "C" ? { rateC: sign * size } : { currentMa: sign * milliamperes(size) };
}

function voltageEnd(text: string, line: Line, verb: string): Until {
  const [, operator, plain] = /^([<>]?)\s*(.*)$/.exec(text) ?? [];
  const { unit, size } = valueOf(plain ?? "", line);
  if (unit !== "V") {
    throw complaint(line, "a constant current does not end by a current", "a voltage, or a time");
  }
  const direction =
    operator === "" ? (verb === "Charge" ? ">" : verb === "Discharge" ? "<" : "") : operator;
  if (direction === "")
    throw complaint(line, "a rest may end above or below", '"<2.5 V" or ">2.5 V"');
  return direction === ">" ? { voltageAboveV: size } : { voltageBelowV: size };
}

function currentEnd(text: string, line: Line): Until {
  if (/^[<>]/.test(text)) {
    throw complaint(line, "the sign of a current's bound is another one there", "its size alone");
  }
  const { unit, size } = valueOf(text, line);
  if (unit === "V")
    throw complaint(line, "a hold does not end by a voltage", "a current, or a time");
  if (!(size > 0)) throw complaint(line, "a current never falls below 0", "a size of more than 0");
  return unit === "C" ? { rateBelowC: size } : { currentBelowMa: milliamperes(size) };
}

function holdStep(
  sentence: Sentence,
  until: Until,
  line: Line,
  before: ProtocolStep | null,
): VoltageStep {
  const { unit, size } = valueOf(sentence.at ?? "", line);
  if (unit !== "V")
    throw complaint(line, "only voltages are held", '"Charge at" or "Discharge at"');
  if (size < 0) {
    throw complaint(
      line,
      "PyBaMM holds no negative voltage",
      "0 V or more; or a voltage step of cyclet JSON",
    );
  }
  return { step: "voltage", voltageV: size, ...impliedLargest(before), until };
}

function stepOf(line: Line, before: ProtocolStep | null): ProtocolStep {
  const sentence = sentenceOf(line);
  const { verb, at, time, end, period } = sentence;
  const record = period === undefined ? {} : { record: { timeS: timeOf(period, line) } };
  if (time === undefined && end === undefined) {
    throw complaint(
      line,
      "nothing ends the step",
      '"for" a time, "until" a value, or both with "or"',
    );
  }
  const timeS = time === undefined ? undefined : timeOf(time.trim(), line);
  if ((verb === "Rest") !== (at === undefined)) {
    const accepted = verb === "Rest" ? '"Rest for" a time' : `"${verb} at" a value`;
    throw complaint(line, verb === "Rest" ? "a rest has no value" : "no value", accepted);
  }
  const strength = verb === "Charge" || verb === "Discharge" ? strengthOf(sentence, line) : {};
  const read = verb === "Hold" ? currentEnd : voltageEnd;
  const ending = end === undefined ? {} : read(end, line, verb);
  const until: Until = { ...(timeS !== undefined && { timeS }), ...ending };
  if (verb === "Hold") return { ...holdStep(sentence, until, line, before), ...record };
  if (verb !== "Rest") return { step: "current", ...strength, until, ...record };
  if (timeS === undefined) throw complaint(line, "a rest without a time", '"Rest for" a time');
  return { step: "rest", timeS, ...(end !== undefined && { until: ending }), ...record };
}

/** Lines of a text that say something: none that are empty or begin with #; quotes and a comma
 *  around a line, as in a list, are left out. */
function linesOf(text: string, file: string): Line[] {
  const lines = text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line, at) => {
      const plain = line
        .trim()
        .replace(/^(["'])(.*)\1,?$/, "$2")
        .replace(/\s+/g, " ");
      return { text: plain.trim(), place: `${file}:${at + 1}` };
    });
  return lines.filter((line) => line.text !== "" && !line.text.startsWith("#"));
}

/** A protocol from a text; throws InputError that names `file` and the line. */
export function importPybamm(text: string, file: string): Imported {
  const method: ProtocolStep[] = [];
  for (const line of linesOf(text, file)) method.push(stepOf(line, method.at(-1) ?? null));
  if (method.length > 0) return { protocol: { method }, notes: [] };
  throw new InputError(`${file}: says nothing; accepted: ${EXAMPLES}`);
}

/** Throws InputError for the first line that a symmetric cell, whose voltage is around 0, would end
 *  at once: cut-offs that are meant for a full cell. */
export function refuseFullCell(
  text: string,
  file: string,
  window: readonly [number, number],
): void {
  const [low, high] = window;
  if (low >= 0 || high <= 0) return;
  let before: ProtocolStep | null = null;
  for (const line of linesOf(text, file)) {
    const step = stepOf(line, before);
    before = step;
    if (step.step !== "current") continue;
    const { voltageAboveV = high, voltageBelowV = low } = step.until;
    if (voltageBelowV < 0 && voltageAboveV > 0) continue;
    const which = voltageBelowV < 0 ? "charged" : "discharged";
    const side = voltageBelowV < 0 ? "above" : "below";
    throw complaint(
      line,
      `a symmetric cell (${low} to ${high} V) that is ${which} is ${side} this voltage at once`,
      `a voltage ${side} 0`,
    );
  }
}
