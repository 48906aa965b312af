// The voltage converter where an ADS122C04 is fitted.

import { finishAds122c04, integrateAds122c04 } from "./chip/ads122c04-conversion.ts";
import { monitorAds122c04, negativePin, positivePin } from "./chip/ads122c04-conversion.ts";
import { rejectsMains, seenAds122c04 } from "./chip/ads122c04-conversion.ts";
import type { Ads122c04 } from "./chip/ads122c04.ts";
import { ADC_FINISHES, scheduleHardware } from "./clock.ts";
import { humV, inputV } from "./frontend.ts";
import { meanHum } from "./mains.ts";
import type { World } from "./world.ts";

/** End of the conversion under way, ms; Infinity = none. */
export function conversionEndMs(world: World): number {
  const precise = world.fitted.ads122c04;
  return precise === null ? world.adc.endMs : precise.endMs;
}

/** Brings a conversion of the ADS122C04 up to the present; `senseV` is at the sense input. */
export function integratePrecise(world: World, chip: Ads122c04, senseV: number): void {
  if (chip.converting === 0) return;
  const frontend = world.frontend;
  const plus = positivePin(chip);
  let volts = monitorAds122c04(chip, frontend.supplyV);
  if (plus >= 0) {
    const plusV = inputV(frontend, plus, senseV, world.cell.temperatureC);
    const minusV = inputV(frontend, negativePin(chip), senseV, world.cell.temperatureC);
    volts = seenAds122c04(chip, plusV, minusV, frontend.supplyV);
  }
  integrateAds122c04(chip, volts, world.clock.nowMs);
}

/** Ends its conversion, with the mains' hum in it unless the filter keeps that out. */
export function finishPrecise(world: World, chip: Ads122c04): void {
  const frontend = world.frontend;
  if (positivePin(chip) >= 0 && !rejectsMains(chip)) {
    const humPeakV = humV(frontend, positivePin(chip)) - humV(frontend, negativePin(chip));
    const share = meanHum(frontend.mains, chip.startMs, chip.endMs);
    chip.integral += humPeakV * share * (chip.endMs - chip.startMs);
  }
  const { temperatureC } = world.cell;
  chip.integral *= 1 + frontend.drift.adc;
  finishAds122c04(chip, frontend.supplyV, temperatureC, world.random.adc);
  scheduleHardware(world.clock, ADC_FINISHES, chip.endMs);
}
