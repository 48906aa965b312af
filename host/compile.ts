// From a protocol in mA/cm² to the program a channel runs: steps in A, C, V and s, each with a
// budget after which the channel faults, and what holds in all of them.
import { createWhole } from "../firmware/encode.ts";
import type { Step, Whole } from "../firmware/protocol.ts";
import { createStep, STEP_JUMP, STEP_LOOP } from "../firmware/protocol.ts";
import type { Cell } from "./cell-file.ts";
import { ccdStep } from "./compiled/ccd.ts";
import { currentStep, pulseSteps, restStep } from "./compiled/driven.ts";
import { checkEnds } from "./compiled/ends.ts";
import type { Ground } from "./compiled/ground.ts";
import { groundOf, jumpIndex } from "./compiled/ground.ts";
import { cccvSteps, impedanceStep, scanStep, voltageStep } from "./compiled/steered.ts";
import { always, groupTerms, limitTerms } from "./compiled/terms.ts";
import { record } from "./compiled/watch.ts";
import type { IfStep, LoopStep, Protocol, ProtocolStep } from "./protocol/form.ts";
import { stepGroups } from "./protocol/jumps.ts";
import { stepIndex, stepPath } from "./protocol/places.ts";

function loopStep(source: LoopStep, ground: Ground): Step {
  const step = createStep();
  step.kind = STEP_LOOP;
  step.to = ground.starts[stepIndex(ground.places, source.to) ?? 0];
  step.count = source.count;
  return step;
}

function jumpStep(source: IfStep, ground: Ground, path: string): Step {
  const step = createStep();
  step.kind = STEP_JUMP;
  step.terms = groupTerms(ground, stepGroups(source, path), jumpIndex(ground, source.goto));
  if (source.else !== undefined) step.terms.push(always(jumpIndex(ground, source.else)));
  return step;
}

function compileStep(source: ProtocolStep, ground: Ground, path: string, at: number): Step[] {
  switch (source.step) {
    case "rest":
      return [restStep(source, ground, path)];
    case "current":
      return [currentStep(source, ground, path)];
    case "voltage":
      return [voltageStep(source, ground, path)];
    case "cccv":
      return cccvSteps(source, ground, path, at);
    case "scan":
      return [scanStep(source, ground, path)];
    case "pulse":
      return pulseSteps(source, ground, path, at);
    case "impedance":
      return [impedanceStep(source, ground)];
    case "loop":
      return [loopStep(source, ground)];
    case "if":
      return [jumpStep(source, ground, path)];
    case "ccd":
      return [ccdStep(source, ground)];
  }
}

/** The steps of a protocol on a cell, the last one END. A: current density x electrode area;
 *  C: areal charge (mAh/cm²) x 3.6 x area; rates x nominal capacity. `currentMaxA`: where a
 *  voltage step names no largest current. Throws InputError, with `file` and JSON path, for a rate
 *  without a capacity and for what would end at once. */
export function compile(
  protocol: Protocol,
  cell: Cell,
  currentMaxA = Infinity,
  file = protocol.name,
): Step[] {
  const ground = groundOf(protocol, cell, currentMaxA, file);
  const whole = limitTerms(ground, protocol.limits);
  const steps = protocol.method.flatMap((source, index) => {
    const path = `${file}: ${stepPath(index)}`;
    const compiled = compileStep(source, ground, path, ground.starts[index]);
    for (const step of compiled) checkEnds(step, whole, path);
    return compiled;
  });
  return [...steps, createStep()];
}

/** What holds in all steps of a protocol on a cell. */
export function compileWhole(protocol: Protocol, cell: Cell): Whole {
  const whole = createWhole();
  whole.terms = limitTerms(groundOf(protocol, cell, Infinity, ""), protocol.limits);
  record(whole, protocol.record);
  whole.budget = Math.fround(protocol.budgetS ?? 0);
  return whole;
}
