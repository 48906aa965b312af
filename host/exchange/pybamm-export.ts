// A protocol as PyBaMM's experiment texts, one step a line, loops unrolled, and what they cannot
// say. There are no negative currents in them: their words say the direction.
import type { Cell } from "../cell-file.ts";
import { InputError } from "../input-error.ts";
import type { Protocol } from "../protocol/form.ts";
import type { Plain, PlainCurrent, PlainStep } from "./plain.ts";
import { loseLargest, tidy } from "./plain.ts";
import { plainOf } from "./plain-steps.ts";
import type { Exported } from "./unicycler-export.ts";

/** Longer experiments nobody simulates. */
const LINES_MAX = 10_000;

function timeText(seconds: number): string {
  for (const [unit, each] of [
    ["hour", 3600],
    ["minute", 60],
  ] as const) {
    const count = seconds / each;
    if (Number.isInteger(count)) return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return `${seconds} seconds`;
}

function currentText({ mA, rateC }: PlainCurrent): string {
  return rateC === undefined ? `${Math.abs(mA ?? 0)} mA` : `${Math.abs(rateC)}C`;
}

function endings(timeS: number | undefined, end: string | undefined): string {
  const parts = [
    ...(timeS === undefined ? [] : [`for ${timeText(timeS)}`]),
    ...(end === undefined ? [] : [`until ${end}`]),
  ];
  return parts.join(" or ");
}

function currentLine(step: PlainStep & { kind: "current" }, plain: Plain): string {
  const { current, chargeMah, volts } = step;
  const { capacityMah } = plain;
  let { timeS } = step;
  if (chargeMah !== undefined) {
    const mA = current.mA ?? (capacityMah === null ? NaN : (current.rateC ?? 0) * capacityMah);
    const seconds = tidy((chargeMah / Math.abs(mA)) * 3600);
    if (Number.isNaN(seconds)) {
      throw new InputError(
        `step ${step.at + 1}: a rate of no known capacity; accepted: --cell FILE`,
      );
    }
    plain.lost.push(`step ${step.at + 1}: its charge is said as a time, ${seconds} s`);
    timeS = Math.min(timeS ?? Infinity, seconds);
  }
  const verb = (current.mA ?? current.rateC ?? 0) > 0 ? "Charge" : "Discharge";
  const ends = endings(timeS, volts === undefined ? undefined : `${volts} V`);
  if (ends === "")
    throw new InputError(
      `step ${step.at + 1}: PyBaMM needs a time, a charge or a voltage to end it`,
    );
  return `${verb} at ${currentText(current)} ${ends}`;
}

function voltageLine(
  step: PlainStep & { kind: "voltage" },
  before: PlainStep | undefined,
  plain: Plain,
): string | null {
  const lose = (what: string): void => void plain.lost.push(`step ${step.at + 1}: ${what}`);
  if (step.volts < 0) {
    lose(`a hold at ${step.volts} V is left out: PyBaMM holds no negative voltage`);
    return null;
  }
  loseLargest(step, before, plain.lost);
  const ends = endings(step.timeS, step.end === undefined ? undefined : currentText(step.end));
  if (ends === "")
    throw new InputError(`step ${step.at + 1}: PyBaMM needs a time or a current to end it`);
  return `Hold at ${step.volts} V ${ends}`;
}

function lineOf(plain: Plain, index: number, usualS: number | undefined): string | null {
  const step = plain.steps[index];
  const periodS = step.periodS ?? usualS;
  const period = periodS === undefined ? "" : ` (${timeText(periodS)} period)`;
  const withPeriod = (line: string | null): string | null => (line === null ? null : line + period);
  switch (step.kind) {
    case "rest":
      return withPeriod(`Rest for ${timeText(step.timeS)}`);
    case "current":
      return withPeriod(currentLine(step, plain));
    case "voltage":
      return withPeriod(voltageLine(step, plain.steps[index - 1], plain));
    case "loop":
      return null;
    default:
      plain.lost.push(`step ${step.at + 1}: ${step.kind} is left out`);
      return null;
  }
}

/** Texts in the order they run. A loop that stands inside another starts anew each time. */
function unrolled(plain: Plain, lines: readonly (string | null)[]): string[] {
  const { steps } = plain;
  const left = new Map<number, number>();
  const order: string[] = [];
  for (let at = 0, turns = 0; at < steps.length; turns++) {
    const step = steps[at];
    const line = lines[at];
    if (order.length > LINES_MAX || turns > 100 * LINES_MAX) {
      throw new InputError(`more than ${LINES_MAX} lines; accepted: smaller counts of loops`);
    }
    if (line !== null) order.push(line);
    const rest = step.kind === "loop" ? (left.get(at) ?? step.count) - 1 : 0;
    if (rest > 0) left.set(at, rest);
    else left.delete(at);
    at = step.kind === "loop" && rest > 0 ? step.to : at + 1;
  }
  return order;
}

/** `protocol` as experiment texts. Throws InputError for a step that nothing would end, and for
 *  more lines than can be used. */
export function exportPybamm(protocol: Protocol, cell: Cell | null): Exported {
  const plain = plainOf(protocol, cell);
  const { record, limits } = protocol;
  const lines = plain.steps.map((_, index) => lineOf(plain, index, record?.timeS));
  const order = unrolled(plain, lines);
  if (order.length === 0) throw new InputError("nothing is left of the protocol in PyBaMM's words");
  if (record?.voltageV !== undefined || record?.currentMa !== undefined) {
    plain.lost.push("recording by changes of voltage or current");
  }
  plain.lost.push(...Object.keys(limits ?? {}).map((key) => `limits.${key} of the protocol`));
  const rated = lines.some((line) => line !== null && /\dC\b/.test(line));
  if (rated && plain.capacityMah !== null) {
    plain.lost.push(`the capacity that rates refer to, ${plain.capacityMah} mAh`);
  }
  return { text: order.join("\n") + "\n", lost: plain.lost };
}
