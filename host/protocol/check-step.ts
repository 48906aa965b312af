// Rules about the keys of one step that a schema cannot say.
import { checkCcd } from "../ccd-step.ts";
import { InputError } from "../input-error.ts";
import { checkCount, checkUntil, checkWhen } from "./check-until.ts";
import type { ProtocolLimits, ProtocolStep, Recording, ScanStep, Strength } from "./form.ts";

const STRENGTHS = ["currentMa", "currentDensityMaCm2", "rateC"] as const;
const LARGEST = ["currentMaxMa", "currentDensityMaxMaCm2", "rateMaxC"] as const;
const AMPLITUDES = ["amplitudeMa", "amplitudeDensityMaCm2"] as const;
const CHANGES = ["timeS", "voltageV", "currentMa"] as const;

const SPANS: readonly [low: keyof ProtocolLimits, high: keyof ProtocolLimits][] = [
  ["voltageMinV", "voltageMaxV"],
  ["temperatureMinC", "temperatureMaxC"],
  ["forceMinN", "forceMaxN"],
];

/** The keys of `step` that are given. */
function given<Key extends string>(
  step: Partial<Record<Key, unknown>>,
  keys: readonly Key[],
): Key[] {
  return keys.filter((key) => step[key] !== undefined);
}

/** The current of a step with exactly one strength; throws InputError otherwise. Only its sign is
 *  the same in every unit. */
function checkStrength(step: Strength, name: string, path: string): number {
  const keys = given(step, STRENGTHS);
  if (keys.length !== 1) {
    throw new InputError(`${path}: a ${name} step needs exactly one of ${STRENGTHS.join(", ")}`);
  }
  const value = step[keys[0]] ?? 0;
  if (value !== 0) return value;
  throw new InputError(
    `${path}.${keys[0]}: 0 is no current; accepted: a number other than 0, or a rest step`,
  );
}

function atMostOne<Key extends string>(
  step: Partial<Record<Key, unknown>>,
  keys: readonly Key[],
  path: string,
): void {
  if (given(step, keys).length <= 1) return;
  throw new InputError(
    `${path}: more than one largest current; accepted: one of ${keys.join(", ")}`,
  );
}

function checkScan(step: ScanStep, path: string): void {
  atMostOne(step, LARGEST, path);
  if (step.fromV !== step.toV) return;
  throw new InputError(`${path}.toV: ${step.toV} is fromV, too; accepted: another voltage`);
}

/** Throws InputError for a rule of recording at `path` that says nothing, or combines nothing. */
export function checkRecord(record: Recording | undefined, path: string): void {
  if (record === undefined) return;
  const keys = given(record, CHANGES);
  const least = record.combine === undefined ? 1 : 2;
  if (keys.length < least) {
    const which = least === 2 ? "combine joins two or more" : "nothing to record by";
    throw new InputError(`${path}: ${which}; accepted: ${CHANGES.join(", ")}`);
  }
  if (record.combine !== "all" || record.timeS !== undefined) return;
  throw new InputError(`${path}.timeS: missing; accepted: a time, which "all" joins with a change`);
}

/** How many bounds `limits` at `path` sets; throws InputError where they leave no room. */
export function checkLimits(limits: ProtocolLimits | undefined, path: string): number {
  if (limits === undefined) return 0;
  const keys = Object.keys(limits).filter((key) => key !== "delayS");
  if (keys.length === 0) {
    throw new InputError(`${path}: a delay of no limit; accepted: a limit beside delayS`);
  }
  for (const [low, high] of SPANS) {
    const from = limits[low];
    const to = limits[high];
    if (from === undefined || to === undefined || from < to) continue;
    throw new InputError(
      `${path}.${high}: ${to} leaves nothing; accepted: more than ${low}, ${from}`,
    );
  }
  return keys.length;
}

function checkKeys(step: ProtocolStep, path: string): void {
  switch (step.step) {
    case "rest":
      return checkUntil(step, path, 0, false);
    case "current":
      return checkUntil(step, path, checkStrength(step, "current", path), true);
    case "voltage":
      atMostOne(step, LARGEST, path);
      return checkUntil(step, path, 0, true);
    case "cccv":
      checkStrength(step, "cccv", path);
      return checkUntil(step, path, 0, true);
    case "scan":
      checkScan(step, path);
      return checkUntil(step, path, 0, false);
    case "pulse":
      checkStrength(step, "pulse", path);
      return;
    case "impedance":
      if (given(step, AMPLITUDES).length === 1) return;
      throw new InputError(
        `${path}: an impedance step needs exactly one of ${AMPLITUDES.join(", ")}`,
      );
    case "if":
      return checkWhen(step, path);
    case "ccd":
      return checkCcd(step, path);
    case "loop":
  }
}

/** Throws InputError for the first rule that a step breaks; `path` names file and step. */
export function checkStep(step: ProtocolStep, path: string): void {
  checkKeys(step, path);
  if ("record" in step) checkRecord(step.record, `${path}.record`);
  const limits = "limits" in step ? checkLimits(step.limits, `${path}.limits`) : 0;
  checkCount(step, path, limits);
}
