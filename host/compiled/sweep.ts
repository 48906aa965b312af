// Scans and impedances: what they pass through, and how long that takes.
import type { Step } from "../../firmware/protocol.ts";
import { STEP_SCAN } from "../../firmware/protocol.ts";

/** The channel's own: a cell swings in for a period, then is measured for whole ones. */
const PERIODS = 2;
const MEASURED_S = 2;
/** A wave is over with the frame after its end, s. */
const FRAME_S = 1;

/** How many frequencies lie between two, ends included, at so many a decade. */
export function frequencyCount(fromHz: number, toHz: number, pointsPerDecade: number): number {
  return Math.round(Math.abs(Math.log10(toHz / fromHz)) * pointsPerDecade) + 1;
}

/** Frequencies of an impedance step, Hz, in equal ratios. */
export function frequencies(step: Step): number[] {
  const { count, frequency, frequencyEnd } = step;
  const ratio = count > 1 ? (frequencyEnd / frequency) ** (1 / (count - 1)) : 1;
  return Array.from({ length: count }, (_, i) => frequency * ratio ** i);
}

/** Longest duration of a scan from its first voltage on, or of an impedance, s. */
export function sweepTime(step: Step): number {
  if (step.kind === STEP_SCAN) return Math.abs(step.voltageEnd - step.voltage) / step.rate;
  return frequencies(step).reduce((sum, hertz) => {
    const periods = 1 + Math.max(PERIODS, Math.ceil(MEASURED_S * hertz));
    return sum + periods / hertz + FRAME_S;
  }, 0);
}
