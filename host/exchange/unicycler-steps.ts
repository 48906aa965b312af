// Steps of a unicycler protocol as ours.
import { InputError } from "../input-error.ts";
import type { LargestCurrent, ProtocolStep, Strength } from "../protocol/form.ts";
import type { Until } from "../protocol/until.ts";
import type { Figures } from "./unicycler-values.ts";
import { figure, needed, neededPositive, positive, rateFigure, wrong } from "./unicycler-values.ts";

/** Tells what of a step is not kept. */
type Note = (text: string) => void;

function strengthOf(figures: Figures, note: Note): Strength {
  const rateC = rateFigure(figures, "rate_C") ?? 0;
  const currentMa = figure(figures, "current_mA") ?? 0;
  if (rateC !== 0 && currentMa !== 0) note("current_mA is not kept: rate_C goes before");
  if (rateC !== 0) return { rateC };
  if (currentMa !== 0) return { currentMa };
  throw new InputError(`${figures.path}: no current; accepted: rate_C or current_mA other than 0`);
}

function currentStep(figures: Figures, note: Note): ProtocolStep {
  const strength = strengthOf(figures, note);
  const timeS = positive(figures, "until_time_s");
  // There a voltage of 0 counts as none.
  const volts = figure(figures, "until_voltage_V") ?? 0;
  if (timeS === null && volts === 0) {
    const accepted = "until_time_s or until_voltage_V other than 0";
    throw new InputError(`${figures.path}: nothing ends the step; accepted: ${accepted}`);
  }
  const charges = (strength.rateC ?? strength.currentMa ?? 0) > 0;
  const until: Until = {
    ...(timeS !== null && { timeS }),
    ...(volts !== 0 && (charges ? { voltageAboveV: volts } : { voltageBelowV: volts })),
  };
  return { step: "current", ...strength, until };
}

/** The largest current of a hold: that of the current before it, which it goes on from. */
export function impliedLargest(before: ProtocolStep | null): LargestCurrent {
  if (before?.step !== "current") return {};
  const { rateC, currentMa, currentDensityMaCm2 } = before;
  if (rateC !== undefined) return { rateMaxC: Math.abs(rateC) };
  if (currentMa !== undefined) return { currentMaxMa: Math.abs(currentMa) };
  if (currentDensityMaCm2 === undefined) return {};
  return { currentDensityMaxMaCm2: Math.abs(currentDensityMaCm2) };
}

function voltageStep(figures: Figures, before: ProtocolStep | null, note: Note): ProtocolStep {
  const timeS = positive(figures, "until_time_s");
  const rate = Math.abs(rateFigure(figures, "until_rate_C") ?? 0);
  const current = Math.abs(figure(figures, "until_current_mA") ?? 0);
  if (timeS === null && rate === 0 && current === 0) {
    const accepted = "until_time_s, until_rate_C or until_current_mA other than 0";
    throw new InputError(`${figures.path}: nothing ends the step; accepted: ${accepted}`);
  }
  if (rate > 0 && current > 0) note("until_current_mA is not kept: until_rate_C goes before");
  const until: Until = {
    ...(timeS !== null && { timeS }),
    ...(rate > 0 ? { rateBelowC: rate } : current > 0 && { currentBelowMa: current }),
  };
  const voltageV = needed(figures, "voltage_V");
  return { step: "voltage", voltageV, ...impliedLargest(before), until };
}

function count(figures: Figures, key: string, usual: number): number {
  const value = figure(figures, key) ?? usual;
  if (Number.isInteger(value) && value > 0) return value;
  throw wrong(figures, key, "a whole number, 1 or more");
}

function impedanceStep(figures: Figures, note: Note): ProtocolStep {
  const amplitudeMa = figure(figures, "amplitude_mA");
  const amplitudeV = figure(figures, "amplitude_V");
  if (amplitudeMa === null || amplitudeV !== null) {
    const found = amplitudeMa === null ? "a sine of voltage, or none" : "two amplitudes";
    throw new InputError(
      `${figures.path}: ${found}; accepted: amplitude_mA alone, the channel sets currents`,
    );
  }
  if (count(figures, "measures_per_point", 1) !== 1) {
    note("measures_per_point is not kept: the channel chooses by the noise");
  }
  if (figures.values["drift_correction"] === true) note("drift_correction is not kept");
  return {
    step: "impedance",
    amplitudeMa: neededPositive(figures, "amplitude_mA"),
    fromHz: neededPositive(figures, "start_frequency_Hz"),
    toHz: neededPositive(figures, "end_frequency_Hz"),
    pointsPerDecade: count(figures, "points_per_decade", 10),
  };
}

function scanStep(figures: Figures): ProtocolStep {
  return {
    step: "scan",
    fromV: needed(figures, "start_voltage_V"),
    toV: needed(figures, "end_voltage_V"),
    rateMvPerS: neededPositive(figures, "scan_rate_mV_per_s"),
  };
}

/** A step, no loop and no tag, after `before`. Throws InputError for what we cannot do. */
export function stepOf(figures: Figures, before: ProtocolStep | null, note: Note): ProtocolStep {
  switch (figures.values["step"]) {
    case "constant_current":
      return currentStep(figures, note);
    case "constant_voltage":
      return voltageStep(figures, before, note);
    case "impedance_spectroscopy":
      return impedanceStep(figures, note);
    case "voltage_scan":
      return scanStep(figures);
    default:
      return { step: "rest", timeS: neededPositive(figures, "until_time_s") };
  }
}
