// Cut-offs and limits as the terms of compiled steps.
import type { Step, Term } from "../../firmware/protocol.ts";
import * as firmware from "../../firmware/protocol.ts";
import { isBuiltIn } from "../protocol/check-until.ts";
import type { ProtocolLimits, ProtocolStep } from "../protocol/form.ts";
import type { Condition, Group } from "../protocol/groups.ts";
import type { CutOffs } from "../protocol/until.ts";
import type { Ground } from "./ground.ts";
import { COULOMBS_PER_MAH, jumpIndex, rateAmperes } from "./ground.ts";

type Comparison = readonly [quantity: number, below: boolean, perUnit: number];

const MILLI = 1e-3;

/** What is compared, in which direction, and the SI units of one unit of the key; where that
 *  depends on the cell, as if it were 1. */
const COMPARISONS: Readonly<Record<keyof CutOffs, Comparison>> = {
  timeS: [firmware.QUANTITY_TIME, false, 1],
  chargeMah: [firmware.QUANTITY_CHARGE, false, COULOMBS_PER_MAH],
  arealChargeMahCm2: [firmware.QUANTITY_CHARGE, false, COULOMBS_PER_MAH],
  voltageAboveV: [firmware.QUANTITY_VOLTAGE, false, 1],
  voltageBelowV: [firmware.QUANTITY_VOLTAGE, true, 1],
  currentAboveMa: [firmware.QUANTITY_CURRENT, false, MILLI],
  currentBelowMa: [firmware.QUANTITY_CURRENT, true, MILLI],
  currentDensityBelowMaCm2: [firmware.QUANTITY_CURRENT, true, MILLI],
  rateBelowC: [firmware.QUANTITY_CURRENT, true, 1],
  efficiencyAbove: [firmware.QUANTITY_EFFICIENCY, false, 1],
  efficiencyBelow: [firmware.QUANTITY_EFFICIENCY, true, 1],
  capacityAboveMah: [firmware.QUANTITY_CAPACITY, false, COULOMBS_PER_MAH],
  capacityBelowMah: [firmware.QUANTITY_CAPACITY, true, COULOMBS_PER_MAH],
  temperatureAboveC: [firmware.QUANTITY_TEMPERATURE, false, 1],
  temperatureBelowC: [firmware.QUANTITY_TEMPERATURE, true, 1],
  forceAboveN: [firmware.QUANTITY_FORCE, false, 1],
  forceBelowN: [firmware.QUANTITY_FORCE, true, 1],
  short: [firmware.QUANTITY_SHORT, false, 1],
  runTimeS: [firmware.QUANTITY_RUN_TIME, false, 1],
};

const SHORTS = { soft: 1, hard: 2 } as const;

/** Keys of `limits` by the cut-off that each is; all lead to the run's end. */
const LIMITS: readonly [key: keyof ProtocolLimits, cutOff: keyof CutOffs][] = [
  ["voltageMinV", "voltageBelowV"],
  ["voltageMaxV", "voltageAboveV"],
  ["currentMaxMa", "currentAboveMa"],
  ["temperatureMinC", "temperatureBelowC"],
  ["temperatureMaxC", "temperatureAboveC"],
  ["forceMinN", "forceBelowN"],
  ["forceMaxN", "forceAboveN"],
  ["chargeMaxMah", "chargeMah"],
];

/** A threshold in SI units. */
function thresholdOf(ground: Ground, { key, value, path }: Condition): number {
  if (typeof value === "string") return SHORTS[value];
  if (key === "rateBelowC") return rateAmperes(ground, value, path);
  const dense = key === "arealChargeMahCm2" || key === "currentDensityBelowMaCm2";
  return (dense ? value * ground.cell.areaCm2 : value) * COMPARISONS[key][2];
}

function termOf(ground: Ground, condition: Condition): Term {
  const [quantity, below] = COMPARISONS[condition.key];
  return {
    ...{ quantity, below },
    threshold: Math.fround(thresholdOf(ground, condition)),
    delay: Math.fround(condition.delayS),
    ...{ last: false, to: firmware.TO_NEXT },
  };
}

/** Terms of groups; those without a `goto` lead to `next`. */
export function groupTerms(ground: Ground, groups: readonly Group[], next: number): Term[] {
  return groups.flatMap(({ conditions, goto }) => {
    const terms = conditions.map((condition) => termOf(ground, condition));
    const to = goto === null ? next : jumpIndex(ground, goto);
    return terms.map((term, i) => (i < terms.length - 1 ? term : { ...term, last: true, to }));
  });
}

/** Terms of limits, each a group that ends the run. */
export function limitTerms(ground: Ground, limits: ProtocolLimits | undefined): Term[] {
  if (limits === undefined) return [];
  const groups = LIMITS.flatMap(([limit, key]): Group[] => {
    const value = limits[limit];
    if (value === undefined) return [];
    const condition = { key, value, delayS: limits.delayS ?? 0, path: "" };
    return [{ conditions: [condition], goto: "stop", path: "" }];
  });
  return groupTerms(ground, groups, firmware.TO_STOP);
}

/** A term that always holds. */
export function always(to: number): Term {
  const quantity = firmware.QUANTITY_RUN_TIME;
  return { quantity, below: false, threshold: 0, delay: 0, last: true, to };
}

function tighter(present: number, wanted: number): number {
  return present === 0 ? wanted : Math.min(present, wanted);
}

/** Takes into the step itself what it looks for without a term; answers the groups left. */
export function takeBuiltIn(
  ground: Ground,
  step: Step,
  groups: readonly Group[],
  kind: ProtocolStep["step"],
): Group[] {
  return groups.filter((group) => {
    if (!isBuiltIn(group, kind)) return true;
    const [condition] = group.conditions;
    const value = thresholdOf(ground, condition);
    if (condition.key === "timeS") step.duration = tighter(step.duration, value);
    else if (condition.key === "voltageAboveV") step.voltageMax = Math.min(step.voltageMax, value);
    else if (condition.key === "voltageBelowV") step.voltageMin = Math.max(step.voltageMin, value);
    else step.charge = tighter(step.charge, value);
    return false;
  });
}
