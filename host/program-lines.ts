// A compiled program as lines for people: what runs, for how long, in which range.
import type { Capabilities } from "../hal/port.ts";
import type { Step } from "../firmware/protocol.ts";
import { FLAG_PROOF, FLAG_WAIT, STEP_CCD, STEP_CURRENT } from "../firmware/protocol.ts";
import { STEP_LOOP, STEP_REST } from "../firmware/protocol.ts";
import { arealCharge, ccdLines, densityOf, range } from "./ccd-lines.ts";
import type { Cell } from "./cell-file.ts";
import { longest } from "./duration.ts";
import { amperes, duration } from "./quantity.ts";
import { unusual } from "./reactions.ts";

function cutOffs(step: Step, cell: Cell): string {
  const parts: string[] = [];
  if (step.charge > 0) parts.push(arealCharge(step.charge, cell));
  if (step.duration > 0) parts.push(duration(step.duration));
  if (Number.isFinite(step.voltageMax)) parts.push(`above ${step.voltageMax} V`);
  if (Number.isFinite(step.voltageMin)) parts.push(`below ${step.voltageMin} V`);
  return parts.join(" or ");
}

function currentLine(step: Step, cell: Cell, board: Capabilities): string {
  const verb = step.current > 0 ? "charge" : "discharge";
  const size = `${densityOf(Math.abs(step.current), cell)} mA/cm²`;
  return (
    `${verb} at ${size} (${amperes(Math.abs(step.current))}, ${range(step.current, board)}) ` +
    `until ${cutOffs(step, cell)}; at most ${duration(longest(step))}`
  );
}

/** What of a step's `on`, `proof` and `afterOutage` is not as usual. */
function watchLines(step: Step): string[] {
  const parts = step.kind === STEP_REST ? [] : [unusual(step)];
  const unproven = step.kind !== STEP_REST && (step.flags & FLAG_PROOF) === 0;
  if (unproven) parts.push("no active proofs");
  if (step.flags & FLAG_WAIT) parts.push("waits for you after a loss of power");
  const text = parts.filter((part) => part !== "").join("; ");
  return text === "" ? [] : [`     ${text}`];
}

function stepLines(step: Step, cell: Cell, board: Capabilities): string[] {
  if (step.kind === STEP_REST) return [`rest ${duration(step.duration)}`, ...watchLines(step)];
  if (step.kind === STEP_CURRENT) return [currentLine(step, cell, board), ...watchLines(step)];
  if (step.kind === STEP_CCD) return [...ccdLines(step, cell, board), ...watchLines(step)];
  if (step.kind === STEP_LOOP) {
    return [`back to ${step.to + 1}, until run ${step.count} times in all`];
  }
  return [];
}

/** The lines of a program, steps counted from 1 as in the protocol file. */
export function programLines(steps: readonly Step[], cell: Cell, board: Capabilities): string[] {
  return steps.flatMap((step, index) => {
    const [head, ...more] = stepLines(step, cell, board);
    return head === undefined ? [] : [`${String(index + 1).padStart(3)}  ${head}`, ...more];
  });
}
