// The set-point's output, whichever DAC is fitted.

import { outputAd5693r } from "./chip/ad5693r.ts";
import type { Ad5693r } from "./chip/ad5693r.ts";
import { outputDac8571 } from "./chip/dac8571.ts";
import { outputMcp4725 } from "./chip/mcp4725.ts";
import type { Fitted } from "./fitted.ts";

/** Settled output, V, its reference changed by the fraction `drift`. */
export function setpointV(
  dac: Ad5693r,
  fitted: Fitted,
  supplyV: number,
  temperatureC: number,
  drift: number,
): number {
  const volts = outputV(dac, fitted, supplyV, temperatureC);
  return Math.min(volts * (1 + drift), supplyV);
}

function outputV(dac: Ad5693r, fitted: Fitted, supplyV: number, temperatureC: number): number {
  const { mcp4725, dac8571, referenceV } = fitted;
  if (mcp4725 !== null) return outputMcp4725(mcp4725, referenceV, temperatureC);
  if (dac8571 !== null) return outputDac8571(dac8571, referenceV, supplyV, temperatureC);
  return outputAd5693r(dac, supplyV);
}
