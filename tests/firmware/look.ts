// Frames of a cell of known areal resistance, shown to the detectors one by one, and the physics
// that the tests expect of them.
import type { Config } from "../../firmware/config.ts";
import { ACTIVATION_ENERGY_EV, AREA_CM2, CONDUCTIVITY_S_PER_CM } from "../../firmware/config.ts";
import { TEMPERATURE_C, THICKNESS_CM } from "../../firmware/config.ts";
import { UNDECIDABLE_SHIFT } from "../../firmware/findings.ts";
import { LEARNED } from "../../firmware/learned.ts";
import type { Loop } from "../../firmware/loop.ts";
import { VOLTAGE_REREAD } from "../../firmware/sample.ts";
import type { Shorts } from "../../firmware/shorts-state.ts";
import { detect } from "../../firmware/shorts.ts";
import type { Readings } from "./specimen.ts";
import { cellOf, liveLoop, sampleOf } from "./specimen.ts";

export const CELL = cellOf();
export const CURRENT = 5e-4;
/** An anode's interfaces on top of the pellet, Ω cm². */
export const INTERFACES = 7;

/** Areal resistance of the pellet, Ω cm²: L/σ with Arrhenius' law, R ~ exp(Ea/kT). */
export function pelletAt(celsius: number, cell = CELL): number {
  const k = 1.380649e-23 / 1.602176634e-19;
  const inverse = 1 / (celsius + 273.15) - 1 / (cell[TEMPERATURE_C] + 273.15);
  const factor = Math.exp((cell[ACTIVATION_ENERGY_EV] / k) * inverse);
  return (cell[THICKNESS_CM] / cell[CONDUCTIVITY_S_PER_CM]) * factor;
}

/** One sigma of the pellet's resistance: length, conductivity, area, and 0.5 K of 3.9 %/K. */
export const UNCERTAINTY = Math.hypot(0.05, 0.1, 0.03, 0.02);

export function leastAt(celsius: number): number {
  return (1 - 2 * UNCERTAINTY) * pelletAt(celsius);
}

export function bridgeAt(celsius: number): number {
  return Math.sqrt(3.3 * leastAt(celsius));
}

/** The finding that these rules cannot speak. */
export function unable(...rules: number[]): number {
  return rules.reduce((bits, rule) => bits | (1 << (UNDECIDABLE_SHIFT + rule)), 0);
}

export interface Look {
  resistance: number;
  celsius?: number;
  current?: number;
  setpoint?: number;
  time?: number;
  halfCycle?: number;
  changes?: Partial<Readings>;
  loop?: Partial<Loop>;
  cell?: Config;
  /** On a board without the rules that learn from the cell. */
  physicalOnly?: boolean;
}

/** One frame of a cell of this areal resistance. */
export function look(shorts: Shorts, each: Look): number {
  const { resistance, celsius = 25, current = CURRENT, time = 100, cell = CELL } = each;
  const sample = sampleOf({
    timeVoltage: time,
    voltage: (resistance * current) / cell[AREA_CM2],
    current,
    loopCurrent: current,
    relay: 1,
    temperature: celsius,
    ...each.changes,
  });
  const loop = liveLoop(each.setpoint ?? current, each.loop);
  const rules = each.physicalOnly === true ? null : LEARNED;
  return detect(shorts, sample, loop, cell, each.halfCycle ?? 1, rules);
}

export const reread = { changes: { status: VOLTAGE_REREAD } };

/** Frames `period` apart of these resistances: [s after the first, found], what is 0 left out. */
export function watch(
  shorts: Shorts,
  resistances: number[],
  period: number,
  from = 100,
  each: Partial<Look> = {},
): number[][] {
  return resistances
    .map((resistance, i) => {
      const time = from + i * period;
      return [i * period, look(shorts, { ...each, resistance, time })];
    })
    .filter(([, found]) => found !== 0)
    .map(([after, found]) => [Number(after.toFixed(6)), found]);
}

/** `count` times the same. */
export function times(count: number, resistance: number): number[] {
  return Array<number>(count).fill(resistance);
}
