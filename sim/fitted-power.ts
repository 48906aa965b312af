// Brown-outs of the chips that stand in for the default channel's.

import { resetAds122c04 } from "./chip/ads122c04.ts";
import { resetDac8571 } from "./chip/dac8571.ts";
import { brownOutDs3231 } from "./chip/ds3231.ts";
import { resetHx711 } from "./chip/hx711.ts";
import { brownOutMcp4725 } from "./chip/mcp4725.ts";
import { resetTmp117 } from "./chip/tmp117.ts";
import { brownOutW25q32 } from "./chip/w25q32.ts";
import type { Fitted } from "./fitted.ts";
import type { Streams } from "./random.ts";

/** Power of the chip in the place `target` ("dac", "adc", "loadCell", "thermometer", "clock",
 *  "log") fails for an instant; the clock has its battery, and `tear` (sim/tear.ts) says where a
 *  write of the log's flash stands. False = no chip of these is in that place. */
export function brownOutFitted(
  fitted: Fitted,
  target: string,
  nowMs: number,
  random: Streams,
  tear: number,
): boolean {
  const { mcp4725, dac8571, ads122c04, hx711, tmp117, ds3231, w25q32 } = fitted;
  if (target === "dac" && mcp4725 !== null) brownOutMcp4725(mcp4725, nowMs, random.flash);
  else if (target === "dac" && dac8571 !== null) resetDac8571(dac8571);
  else if (target === "adc" && ads122c04 !== null) resetAds122c04(ads122c04);
  else if (target === "loadCell" && hx711 !== null) resetHx711(hx711, nowMs);
  else if (target === "thermometer" && tmp117 !== null) resetTmp117(tmp117, nowMs);
  else if (target === "clock" && ds3231 !== null) brownOutDs3231(ds3231, nowMs, nowMs, true);
  else if (target === "log" && w25q32 !== null) brownOutW25q32(w25q32, nowMs, tear, random.flash);
  else return false;
  return true;
}
