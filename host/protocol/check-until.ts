// Rules about cut-offs and conditions that a schema cannot say.
import { InputError } from "../input-error.ts";
import type { IfStep, ProtocolStep } from "./form.ts";
import type { Condition, Group } from "./groups.ts";
import { CONDITIONS_MAX } from "./groups.ts";
import { stepGroups } from "./jumps.ts";
import type { CutOffs, Until } from "./until.ts";

const SOME_CUT_OFFS =
  "timeS, chargeMah, arealChargeMahCm2, voltageAboveV, voltageBelowV, currentBelowMa, rateBelowC …";

/** Cut-offs that a step of its own has, and so are no terms: without delay, to the next step. */
const BUILT_IN: readonly (keyof CutOffs)[] = [
  ...(["timeS", "chargeMah", "arealChargeMahCm2", "voltageAboveV", "voltageBelowV"] as const),
];
const ON_CURRENT: readonly (keyof CutOffs)[] = [
  ...(["currentAboveMa", "currentBelowMa", "currentDensityBelowMaCm2", "rateBelowC"] as const),
];
/** What no time passes for, and no charge. */
const OF_A_STEP: readonly (keyof CutOffs)[] = ["timeS", "chargeMah", "arealChargeMahCm2"];
/** Bounds that exclude each other when the lower is not below the upper. */
const PAIRS: readonly [below: keyof CutOffs, above: keyof CutOffs][] = [
  ["voltageBelowV", "voltageAboveV"],
  ["temperatureBelowC", "temperatureAboveC"],
  ["forceBelowN", "forceAboveN"],
];

/** Whether the step itself looks for a group, without a term; a rest looks only at the time. */
export function isBuiltIn({ conditions, goto }: Group, kind: ProtocolStep["step"]): boolean {
  const [{ key, delayS }] = conditions;
  if (conditions.length > 1 || goto !== null || delayS > 0) return false;
  return kind === "rest" ? key === "timeS" : BUILT_IN.includes(key);
}

/** Whether a group is about the size of the current. */
export function isOnCurrent(group: Group): boolean {
  return group.conditions.some(({ key }) => ON_CURRENT.includes(key));
}

/** The condition of a key among the groups of one condition. */
function alone(groups: readonly Group[], key: keyof CutOffs): Condition | undefined {
  const single = groups.filter(({ conditions }) => conditions.length === 1);
  return single.map(({ conditions }) => conditions[0]).find((each) => each.key === key);
}

function checkPairs(groups: readonly Group[], path: string): void {
  for (const [below, above] of PAIRS) {
    const low = alone(groups, below);
    const high = alone(groups, above);
    if (low === undefined || high === undefined || low.value < high.value) continue;
    throw new InputError(
      `${path}: the step would end at once; accepted: ${below} less than ${above}`,
    );
  }
}

function checkTogether({ conditions }: Group): void {
  for (const [below, above] of PAIRS) {
    const low = conditions.find(({ key }) => key === below);
    const high = conditions.find(({ key }) => key === above);
    if (low === undefined || high === undefined || low.value >= high.value) continue;
    throw new InputError(
      `${low.path}: never together with ${above}; accepted: at least ${high.value}`,
    );
  }
}

function checkCharges(until: Until, path: string): void {
  if (until.chargeMah === undefined || until.arealChargeMahCm2 === undefined) return;
  throw new InputError(`${path}: two charges; accepted: one of chargeMah, arealChargeMahCm2`);
}

/** A voltage on the side the current leads away from is no end of a step. */
function checkSide(groups: readonly Group[], current: number): void {
  const wrong = current > 0 ? "voltageBelowV" : "voltageAboveV";
  const right = current > 0 ? "voltageAboveV" : "voltageBelowV";
  const ends = groups.flatMap(({ conditions }) => conditions.filter(({ key }) => key !== wrong));
  if (ends.length > 0) return;
  const verb = current > 0 ? "charging raises" : "discharging lowers";
  throw new InputError(
    `${groups[0].conditions[0].path}: ${verb} the voltage, so nothing ends the step; accepted: ` +
      `${right}, or another cut-off beside it`,
  );
}

function checkRest(groups: readonly Group[]): void {
  const found = groups.find(isOnCurrent)?.conditions.find(({ key }) => ON_CURRENT.includes(key));
  if (found === undefined) return;
  throw new InputError(`${found.path}: no current flows in a rest; accepted: no such key`);
}

/** `when` of an if step at `path`. */
export function checkWhen(step: IfStep, path: string): void {
  for (const { conditions } of conditionsAt(step, path)) {
    for (const { key, delayS, path: at } of conditions) {
      if (OF_A_STEP.includes(key)) {
        throw new InputError(
          `${at}: an if step takes no time and no charge; accepted: runTimeS, capacityAboveMah, ` +
            "capacityBelowMah and what is measured",
        );
      }
      if (delayS > 0) {
        throw new InputError(`${at}: an if step takes no time; accepted: no delayS`);
      }
    }
  }
}

function conditionsAt(step: ProtocolStep, path: string): Group[] {
  const groups = stepGroups(step, path);
  groups.forEach(checkTogether);
  return groups;
}

/** Throws InputError for cut-offs of a step at `path` that are missing, or do not fit each other.
 *  `current` is the sign of a constant current, 0 = none; `needed`: nothing else ends the step. */
export function checkUntil(
  step: Exclude<ProtocolStep, IfStep>,
  path: string,
  current: number,
  needed: boolean,
): void {
  const until: Until | undefined = "until" in step ? step.until : undefined;
  const article = /^[aeiou]/.test(step.step) ? "an" : "a";
  if (until === undefined && !needed) return;
  if (until === undefined || Object.keys(until).length === 0) {
    throw new InputError(
      `${path}.until: ${article} ${step.step} step needs at least one of ${SOME_CUT_OFFS}`,
    );
  }
  checkCharges(until, `${path}.until`);
  const groups = conditionsAt(step, path);
  checkPairs(groups, `${path}.until`);
  if (step.step === "rest") checkRest(groups);
  if (current !== 0) checkSide(groups, current);
}

/** Throws InputError for more comparisons than a channel makes in a step. `limits` counts those of
 *  the step's own limits. */
export function checkCount(step: ProtocolStep, path: string, limits: number): void {
  const all = stepGroups(step, path);
  // The constant-current part of a CC-CV step looks for time and charge by terms, too: they lead
  // beyond the hold.
  const terms =
    step.step === "cccv"
      ? Math.max(sizeOf(all.filter((each) => !isOnCurrent(each))), sizeOf(apart(all, step)))
      : sizeOf(apart(all, step));
  const count = terms + limits + (step.step === "if" && step.else !== undefined ? 1 : 0);
  if (count <= CONDITIONS_MAX) return;
  throw new InputError(
    `${path}: ${count} conditions and limits; accepted: up to ${CONDITIONS_MAX} beside plain ` +
      "time, charge and voltage",
  );
}

function apart(groups: readonly Group[], step: ProtocolStep): Group[] {
  return groups.filter((group) => !isBuiltIn(group, step.step));
}

function sizeOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { conditions }) => sum + conditions.length, 0);
}
