// A telemetry frame as a row of the Battery Data Format (battery-data-alliance, ontology 1.3.0:
// preferred labels; charging is positive; accumulators run from the test's start and never reset).
import type { FrameMessage } from "../../firmware/telemetry.ts";
import { decimal } from "./decimal.ts";

/** Version of the ontology whose labels these are. */
export const BDF_VERSION = "1.3.0";

/** The header row. `Clamp Force / N` is ours: the reading behind the pressure. */
export const BDF_COLUMNS = [
  "Test Time / s",
  "Voltage / V",
  "Current / A",
  "Unix Time / s",
  "Cycle Count / 1",
  "Step Count / 1",
  "Step ID / 1",
  "Step Type / 1",
  "Charging Capacity / Ah",
  "Discharging Capacity / Ah",
  "Cumulative Capacity / Ah",
  "Net Capacity / Ah",
  "Surface Temperature / degC",
  "Surface Pressure / Pa",
  "Clamp Force / N",
] as const;

// Both directions are rounded to the same whole unit first, 1e-12 Ah, so that their sum and
// difference in the file are exact. 1 µC = 2500/9 pAh.
function picoAmpereHours(microcoulombs: number): number {
  return Math.round((microcoulombs * 2500) / 9);
}

function stepType(direction: number): string {
  if (direction === 0) return "REST";
  return direction > 0 ? "CC_CHG" : "CC_DCH";
}

/** A frame as texts in the order of `BDF_COLUMNS`. `epochMs` is the Unix time of test time 0;
 *  the pressure is the clamp force over `areaCm2`; step ids count from 1. */
export function bdfRow(frame: FrameMessage, areaCm2: number, epochMs: number): string[] {
  const charged = picoAmpereHours(frame.chargeInUc);
  const discharged = picoAmpereHours(frame.chargeOutUc);
  return [
    decimal(frame.timeMs, 3),
    decimal(frame.voltageUv, 6),
    decimal(frame.currentPa, 12),
    decimal(epochMs + frame.timeMs, 3),
    decimal(frame.cycleCount, 0),
    decimal(frame.stepCount, 0),
    decimal(frame.step + 1, 0),
    stepType(frame.direction),
    decimal(charged, 12),
    decimal(discharged, 12),
    decimal(charged + discharged, 12),
    decimal(charged - discharged, 12),
    decimal(frame.temperatureMc, 3),
    // 1 mN on 1 cm² is 10 Pa.
    decimal((frame.forceMn * 10) / areaCm2, 0),
    decimal(frame.forceMn, 3),
  ];
}
