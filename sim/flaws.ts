// Flaws of the default channel's analogue parts and sensors that no bus shows: what the converter
// is given to convert, what it makes of it, and what the set-point's output does.

import { positiveInput } from "./chip/ads1115.ts";
import type { Ads1115 } from "./chip/ads1115.ts";
import type { FaultKind } from "./fault.ts";

// Inputs of the converter (docs/wiring.md).
const CELL_INPUT = 0;
const CURRENT_INPUT = 1;
const THERMISTOR_INPUT = 2;
const INPUTS = 5;
/** A loose contact makes and breaks this often, ms. */
const RATTLE_MS = 37;

export interface Flaws {
  /** Output of the set-point converter, whatever its register says, V; NaN = as it says. */
  outputV: number;
  /** -1 = the taps of the sense resistor are the wrong way round. */
  polarity: number;
  /** 1 = the thermistor is off. */
  thermistorOff: number;
  /** What a loose sense lead picks up, V peak; 0 = it is tight. */
  rattleV: number;
  /** 1 = conversions end, but each input gives its last code again; these codes. */
  frozen: number;
  codes: Float64Array;
}

/** None. */
export function createFlaws(): Flaws {
  return {
    outputV: NaN,
    polarity: 1,
    thermistorOff: 0,
    rattleV: 0,
    frozen: 0,
    codes: new Float64Array(INPUTS),
  };
}

/** Brings a fault of this kind about; false = it is none of a part. */
export function flaw(flaws: Flaws, kind: FaultKind, value: number): boolean {
  if (kind === "outputStuck") flaws.outputV = value;
  else if (kind === "polarity") flaws.polarity = -1;
  else if (kind === "thermistorOff") flaws.thermistorOff = 1;
  else if (kind === "rattle") flaws.rattleV = value;
  else if (kind === "frozen") flaws.frozen = 1;
  else return false;
  return true;
}

/** The same undone. */
export function repair(flaws: Flaws, kind: FaultKind): boolean {
  if (kind === "outputStuck") flaws.outputV = NaN;
  else if (kind === "polarity") flaws.polarity = 1;
  else if (kind === "thermistorOff") flaws.thermistorOff = 0;
  else if (kind === "rattle") flaws.rattleV = 0;
  else if (kind === "frozen") flaws.frozen = 0;
  else return false;
  return true;
}

/** What arrives at `input` of the `volts` there should be; `share` of a cell's volt does. */
export function flawed(flaws: Flaws, input: number, volts: number, share: number, nowMs: number) {
  if (input === CURRENT_INPUT) return volts * flaws.polarity;
  if (input === THERMISTOR_INPUT && flaws.thermistorOff === 1) return 0;
  if (input !== CELL_INPUT || flaws.rattleV === 0) return volts;
  // No generator: what is drawn elsewhere stays as it is.
  const contact = Math.floor(nowMs / RATTLE_MS);
  return volts + share * flaws.rattleV * Math.sin(contact * contact);
}

/** After a conversion: what its register holds. */
export function hold(flaws: Flaws, adc: Ads1115): void {
  const input = positiveInput(adc);
  if (flaws.frozen === 1) adc.registers[0] = flaws.codes[input];
  else flaws.codes[input] = adc.registers[0];
}
