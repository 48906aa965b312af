// Telemetry frames as rows of the Battery Data Format (battery-data-alliance, ontology 1.3.0:
// preferred labels; charging is positive; accumulators run from the test's start and never reset).
import type { Step } from "../../firmware/protocol.ts";
import { STEP_IMPEDANCE, STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
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
  "Step ID",
  "Step Type",
  "Step Time / s",
  "Charging Capacity / Ah",
  "Discharging Capacity / Ah",
  "Cumulative Capacity / Ah",
  "Net Capacity / Ah",
  "Step Charging Capacity / Ah",
  "Step Discharging Capacity / Ah",
  "Charging Energy / Wh",
  "Discharging Energy / Wh",
  "Surface Temperature / degC",
  "Surface Pressure / Pa",
  "Clamp Force / N",
] as const;

/** 1 Wh in µV times µC. */
const WATT_HOUR = 3600e12;

// Both directions are rounded to the same whole unit first, 1e-12 Ah, so that their sum and
// difference in the file are exact. 1 µC = 2500/9 pAh.
function picoAmpereHours(microcoulombs: number): number {
  return Math.round((microcoulombs * 2500) / 9);
}

function picoWattHours(microvoltMicrocoulombs: number): number {
  return Math.round((microvoltMicrocoulombs / WATT_HOUR) * 1e12);
}

const MODES: Readonly<Record<number, string>> = { [STEP_VOLTAGE]: "CV", [STEP_SCAN]: "SCAN" };

function stepType(direction: number, kind: number | undefined): string {
  if (kind === STEP_IMPEDANCE) return "EIS";
  if (direction === 0) return "REST";
  return `${MODES[kind ?? -1] ?? "CC"}_${direction > 0 ? "CHG" : "DCH"}`;
}

/** What has been added up on the way. */
interface Sums {
  last: FrameMessage;
  /** When the step as executed began, ms, and the charges then, pAh. */
  stepMs: number;
  chargedBefore: number;
  dischargedBefore: number;
  /** Energy the cell took while charging and gave while discharging, µV times µC. */
  taken: number;
  given: number;
}

function beginSums(frame: FrameMessage): Sums {
  const chargedBefore = picoAmpereHours(frame.chargeInUc);
  const dischargedBefore = picoAmpereHours(frame.chargeOutUc);
  return { last: frame, stepMs: 0, chargedBefore, dischargedBefore, taken: 0, given: 0 };
}

function beginStep(sums: Sums): void {
  sums.stepMs = sums.last.timeMs;
  sums.chargedBefore = picoAmpereHours(sums.last.chargeInUc);
  sums.dischargedBefore = picoAmpereHours(sums.last.chargeOutUc);
}

// Neither ever falls: what a symmetric cell takes while it is discharged is not given.
function addEnergy(sums: Sums, frame: FrameMessage): void {
  const { last } = sums;
  const mean = (last.voltageUv + frame.voltageUv) / 2;
  // Where the current changes each direction has the voltage of the step that it belongs to.
  const isSame = last.stepCount === frame.stepCount;
  const volts = (direction: number): number => {
    if (isSame) return mean;
    return direction * frame.direction > 0 ? frame.voltageUv : last.voltageUv;
  };
  sums.taken += Math.max(0, volts(1) * (frame.chargeInUc - last.chargeInUc));
  sums.given += Math.max(0, volts(-1) * (frame.chargeOutUc - last.chargeOutUc));
}

/** What the rows of a run have in common. */
interface Ground {
  areaCm2: number;
  epochMs: number;
  steps: readonly Step[];
}

function texts(frame: FrameMessage, sums: Sums, { areaCm2, epochMs, steps }: Ground): string[] {
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
    stepType(frame.direction, steps[frame.step]?.kind),
    decimal(frame.timeMs - sums.stepMs, 3),
    decimal(charged, 12),
    decimal(discharged, 12),
    decimal(charged + discharged, 12),
    decimal(charged - discharged, 12),
    decimal(charged - sums.chargedBefore, 12),
    decimal(discharged - sums.dischargedBefore, 12),
    decimal(picoWattHours(sums.taken), 12),
    decimal(picoWattHours(sums.given), 12),
    decimal(frame.temperatureMc, 3),
    // 1 mN on 1 cm² is 10 Pa.
    decimal((frame.forceMn * 10) / areaCm2, 0),
    decimal(frame.forceMn, 3),
  ];
}

/** Makes rows of a run's frames, one after the other, as texts in the order of `BDF_COLUMNS`.
 *  `epochMs` is the Unix time of test time 0; the pressure is the clamp force over `areaCm2`;
 *  `steps` are the program's, whose ids count from 1. */
export function createBdfRows(
  areaCm2: number,
  epochMs: number,
  steps: readonly Step[],
): (frame: FrameMessage) => string[] {
  const ground = { areaCm2, epochMs, steps };
  let sums: Sums | null = null;
  return (frame) => {
    sums ??= beginSums(frame);
    addEnergy(sums, frame);
    if (frame.stepCount !== sums.last.stepCount) beginStep(sums);
    sums.last = frame;
    return texts(frame, sums, ground);
  };
}
