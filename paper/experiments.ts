// Galvanostatic experiments of the paper as protocols, and the numbers that go with them.
import type { ProtocolStep } from "../host/protocol/form.ts";

/** All of the paper's cells rested for two hours first, s. */
export const REST_S = 7200;
/** 5 C of NVP at 117 mAh/g and 1 mg/cm2. */
export const FIVE_C_MA_CM2 = 0.585;
/** Limits of the full cell (assumed; the paper's text does not give them), V, and how long a
 *  charge may take, s. */
export const CHARGED_V = 3.8;
export const DISCHARGED_V = 2.5;
export const CHARGE_LIMIT_S = 3600;

const rest: ProtocolStep = { step: "rest", timeS: REST_S };

/** `cycles` of half cycles of `mahCm2` in and out. */
export function cycling(maCm2: number, mahCm2: number, cycles: number): ProtocolStep[] {
  const until = { arealChargeMahCm2: mahCm2 };
  return [
    rest,
    { step: "current", currentDensityMaCm2: maCm2, until },
    { step: "current", currentDensityMaCm2: -maCm2, until },
    { step: "loop", to: 2, count: cycles },
  ];
}

/** Stripping one way up to `limitV`. */
export function stripping(maCm2: number, limitV: number): ProtocolStep[] {
  const until = { voltageAboveV: limitV, timeS: 36_000 };
  return [rest, { step: "current", currentDensityMaCm2: maCm2, until }];
}

/** The staircase: levels of 0.1 mA/cm2, 0.2 mAh/cm2 a half cycle, one cycle a level. */
export function staircase(maxMaCm2: number): ProtocolStep[] {
  const levels = { startMaCm2: 0.1, stepMaCm2: 0.1, maxMaCm2 };
  return [rest, { step: "ccd", ...levels, arealChargeMahCm2: 0.2, cyclesPerLevel: 1 }];
}

/** The full cell at 5 C between its limits; a charge that never ends is broken off by its time, and
 *  the cell goes on, as in the paper. */
export function fullCycling(cycles: number): ProtocolStep[] {
  const currentDensityMaCm2 = FIVE_C_MA_CM2;
  const charge = { voltageAboveV: CHARGED_V, timeS: CHARGE_LIMIT_S };
  const discharge = { voltageBelowV: DISCHARGED_V, timeS: CHARGE_LIMIT_S };
  return [
    rest,
    { step: "current", currentDensityMaCm2, until: charge, on: { charge: "continue" } },
    { step: "current", currentDensityMaCm2: -currentDensityMaCm2, until: discharge },
    { step: "loop", to: 2, count: cycles },
  ];
}
