// Each step of a protocol in the plain words of plain.ts.
import type { Cell } from "../cell-file.ts";
import { nominalCapacityMah } from "../cell-file.ts";
import type { CccvStep, CurrentStep, LargestCurrent, Protocol } from "../protocol/form.ts";
import type { ProtocolStep, PulseStep } from "../protocol/form.ts";
import { placesOf, stepIndex } from "../protocol/places.ts";
import type { Until } from "../protocol/until.ts";
import type { Ground, Plain, PlainCurrent, PlainStep } from "./plain.ts";
import { area, chargeOf, lose, loseCutOffs, strength, tidy } from "./plain.ts";
import { ccdSteps } from "./plain-staircase.ts";

function currentStep(ground: Ground, source: CurrentStep, at: number): PlainStep {
  const current = strength(ground, source, at);
  const { until } = source;
  const side = (current.mA ?? current.rateC ?? 0) > 0 ? "voltageAboveV" : "voltageBelowV";
  const chargeMah = chargeOf(ground, until, at);
  const volts = until[side];
  loseCutOffs(ground, until, ["timeS", "chargeMah", "arealChargeMahCm2", side], at);
  return {
    ...{ kind: "current", at, current },
    ...(until.timeS !== undefined && { timeS: until.timeS }),
    ...(chargeMah !== undefined && { chargeMah }),
    ...(volts !== undefined && { volts }),
  };
}

function holdEnd(ground: Ground, until: Until, at: number): PlainCurrent | undefined {
  if (until.rateBelowC !== undefined) return { rateC: until.rateBelowC };
  if (until.currentBelowMa !== undefined) return { mA: until.currentBelowMa };
  if (until.currentDensityBelowMaCm2 === undefined) return undefined;
  return { mA: tidy(until.currentDensityBelowMaCm2 * area(ground, at)) };
}

const HOLD_KEYS = ["timeS", "rateBelowC", "currentBelowMa", "currentDensityBelowMaCm2"];

function hold(ground: Ground, volts: number, until: Until, at: number): PlainStep {
  const end = holdEnd(ground, until, at);
  loseCutOffs(ground, until, HOLD_KEYS, at);
  return {
    ...{ kind: "voltage", volts, at },
    ...(until.timeS !== undefined && { timeS: until.timeS }),
    ...(end !== undefined && { end }),
  };
}

function largest(ground: Ground, source: LargestCurrent, at: number): PlainCurrent | undefined {
  if (source.rateMaxC !== undefined) return { rateC: source.rateMaxC };
  if (source.currentMaxMa !== undefined) return { mA: source.currentMaxMa };
  if (source.currentDensityMaxMaCm2 === undefined) return undefined;
  return { mA: tidy(source.currentDensityMaxMaCm2 * area(ground, at)) };
}

function cccvSteps(ground: Ground, source: CccvStep, at: number): PlainStep[] {
  const { until } = source;
  if (until.timeS !== undefined)
    lose(ground, at, "its time counts for each of the two steps alone");
  const first: PlainStep = {
    ...{ kind: "current", at, current: strength(ground, source, at), volts: source.voltageV },
    ...(until.timeS !== undefined && { timeS: until.timeS }),
  };
  return [first, hold(ground, source.voltageV, until, at)];
}

function pulseSteps(ground: Ground, source: PulseStep, at: number, from: number): PlainStep[] {
  const current = strength(ground, source, at);
  const steps: PlainStep[] = [
    { kind: "current", at, current, timeS: source.timeS, periodS: 0.1 },
    { kind: "rest", at, timeS: source.restS, periodS: 0.1 },
  ];
  if (source.count === 1) return steps;
  return [...steps, { kind: "loop", at, to: from, named: false, count: source.count }];
}

function plainSteps(ground: Ground, step: ProtocolStep, at: number, from: number): PlainStep[] {
  switch (step.step) {
    case "rest":
      loseCutOffs(ground, step.until ?? {}, [], at);
      return [{ kind: "rest", at, timeS: step.timeS }];
    case "current":
      return [currentStep(ground, step, at)];
    case "voltage": {
      const bound = largest(ground, step, at);
      const held = hold(ground, step.voltageV, step.until, at);
      return [{ ...held, ...(bound && { largest: bound }) }];
    }
    case "cccv":
      return cccvSteps(ground, step, at);
    case "scan":
      loseCutOffs(ground, step.until ?? {}, [], at);
      if (largest(ground, step, at) !== undefined)
        lose(ground, at, "the largest current of the scan");
      return [{ kind: "scan", at, fromV: step.fromV, toV: step.toV, rateMvPerS: step.rateMvPerS }];
    case "pulse":
      return pulseSteps(ground, step, at, from);
    case "impedance": {
      const mA = step.amplitudeMa ?? tidy((step.amplitudeDensityMaCm2 ?? 0) * area(ground, at));
      const { fromHz, toHz, pointsPerDecade } = step;
      return [{ kind: "impedance", at, mA, fromHz, toHz, pointsPerDecade }];
    }
    case "ccd":
      return ccdSteps(ground, step, at, from);
    case "if":
      lose(ground, at, "if … goto: left out");
      return [];
    case "loop":
      return [];
  }
}

const STEP_KEYS = ["limits", "on", "proof", "afterOutage"] as const;

function loseKeys(ground: Ground, step: ProtocolStep, at: number): void {
  if ("record" in step && Object.keys(step.record ?? {}).some((key) => key !== "timeS")) {
    lose(ground, at, "recording by changes, of its own");
  }
  for (const key of STEP_KEYS) {
    if (key in step) lose(ground, at, `${key} of its own`);
  }
}

/** The steps of `protocol` in plain words. Throws InputError for amounts per cm² without `cell`. */
export function plainOf(protocol: Protocol, cell: Cell | null): Plain {
  const lost: string[] = [];
  const capacityMah = protocol.capacityMah ?? (cell === null ? null : nominalCapacityMah(cell));
  const ground: Ground = { cell, lost };
  const places = placesOf(protocol.method);
  const starts: number[] = [];
  const steps: PlainStep[] = [];
  protocol.method.forEach((step, at) => {
    starts.push(steps.length);
    loseKeys(ground, step, at);
    const made = plainSteps(ground, step, at, steps.length);
    if (step.step === "loop") {
      const to = starts[stepIndex(places, step.to) ?? 0];
      made.push({ kind: "loop", at, to, named: typeof step.to === "string", count: step.count });
    } else if ("record" in step && step.record?.timeS !== undefined) {
      for (const one of made) one.periodS = step.record.timeS;
    }
    if (step.id !== undefined && made.length > 0) made[0].id = step.id;
    steps.push(...made);
  });
  for (const key of ["on", "proof", "afterOutage", "budgetS"] as const) {
    if (protocol[key] !== undefined) lost.push(`${key} of the protocol`);
  }
  return { steps, capacityMah, lost };
}
