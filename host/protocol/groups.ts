// Cut-offs as groups, any of which ends a step when all its conditions hold: what the nesting of a
// protocol file comes down to.
import { InputError } from "../input-error.ts";
import type { AllItem, AnyItem, CutOffs, Goto, Until } from "./until.ts";

/** One comparison; `path` names file and key. */
export interface Condition {
  key: keyof CutOffs;
  value: number | "soft" | "hard";
  delayS: number;
  path: string;
}

/** Conditions that have to hold together, and what follows then; null = the next step. */
export interface Group {
  conditions: Condition[];
  goto: Goto | null;
  /** Path of that `goto`; of the group itself where there is none. */
  path: string;
}

/** As many comparisons as a channel makes for a step. */
export const CONDITIONS_MAX = 8;

type Item = AnyItem & AllItem;

interface Surroundings {
  delayS: number;
  goto: Goto | null;
  /** Of `goto`, null where there is none; and of the item. */
  gotoPath: string | null;
  path: string;
}

const STRUCTURE = ["goto", "delayS", "any", "all"];

function ownGroups(item: Item, { delayS, goto, gotoPath, path }: Surroundings): Group[] {
  const keys = Object.keys(item).filter((key) => !STRUCTURE.includes(key)) as (keyof CutOffs)[];
  return keys.flatMap((key) => {
    const value = item[key];
    if (value === undefined) return [];
    const condition = { key, value, delayS, path: `${path}.${key}` };
    return [{ conditions: [condition], goto, path: gotoPath ?? condition.path }];
  });
}

/** All of a and all of b: each group of one with each of the other. */
function together(a: readonly Group[], b: readonly Group[], around: Surroundings): Group[] {
  const { goto, gotoPath } = around;
  const path = gotoPath ?? around.path;
  return a.flatMap((one) =>
    b.map((other) => ({ conditions: [...one.conditions, ...other.conditions], goto, path })),
  );
}

function allGroups(items: readonly AllItem[], around: Surroundings): Group[] {
  const path = `${around.path}.all`;
  let groups: Group[] = [{ conditions: [], goto: around.goto, path }];
  items.forEach((item, i) => {
    const each = groupsOf(item, { ...around, path: `${path}[${i}]` });
    groups = together(groups, each, { ...around, path });
    if (groups.length > CONDITIONS_MAX) {
      throw new InputError(
        `${path}: more than ${CONDITIONS_MAX} ways to hold; accepted: fewer conditions`,
      );
    }
  });
  return groups;
}

function groupsOf(item: Item, around: Surroundings): Group[] {
  const inner = {
    delayS: item.delayS ?? around.delayS,
    goto: item.goto ?? around.goto,
    gotoPath: item.goto === undefined ? around.gotoPath : `${around.path}.goto`,
    path: around.path,
  };
  const any = (item.any ?? []).flatMap((one, i) =>
    groupsOf(one, { ...inner, path: `${inner.path}.any[${i}]` }),
  );
  const all = item.all === undefined ? [] : allGroups(item.all, inner);
  const groups = [...ownGroups(item, inner), ...any, ...all];
  if (groups.length === 0) {
    throw new InputError(
      `${inner.path}: nothing to hold; accepted: at least one of timeS, chargeMah, voltageAboveV …`,
    );
  }
  return groups;
}

/** The groups of `until`, which stands at `path`. Throws InputError for a list item that says
 *  nothing, and for more ways to hold than a channel looks for. */
export function untilGroups(until: Until, path: string): Group[] {
  return groupsOf(until, { delayS: 0, goto: null, gotoPath: null, path });
}
