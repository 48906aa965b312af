// Cycles as cyclers give them: capacities, energies, efficiencies, mean and end voltages, areal
// resistances. Gathered from frames while the run goes on, in bounded memory.
import type { FrameMessage } from "../firmware/telemetry.ts";
import type { HalfCycle } from "./half-cycle.ts";
import { addToHalfCycle, beginHalfCycle } from "./half-cycle.ts";

/** What a cycle moved in one direction. */
export interface CycleSide {
  /** C and J. */
  charge: number;
  energy: number;
  /** Energy over charge, and the last voltage, V; null = no charge was moved. */
  meanVolts: number | null;
  endVolts: number | null;
  /** Voltage step over current step at the begin of its first half cycle, Ω cm². */
  arealOhm: number | null;
}

/** A cycle. Efficiencies are discharge over charge, null where one of them is not complete or, for
 *  energies, not positive: a symmetric cell gives none back. */
export interface Cycle {
  readonly number: number;
  readonly beganMs: number;
  endedMs: number;
  readonly charge: CycleSide;
  readonly discharge: CycleSide;
  coulombicEfficiency: number | null;
  energyEfficiency: number | null;
  /** Discharge over that of the first whole cycle; null before there is one. */
  capacityRetention: number | null;
  /** Its last half cycle came to its own end. */
  whole: boolean;
}

/** Cycles of a run, on an electrode of `areaCm2`; `onCycle` gets each when it is over. */
export interface Cycles {
  readonly areaCm2: number;
  readonly onCycle: (cycle: Cycle) => void;
  half: HalfCycle | null;
  cycle: Cycle | null;
  /** Discharge of the first whole cycle, C. */
  firstDischarge: number | null;
}

/** No cycle yet. */
export function createCycles(areaCm2: number, onCycle: (cycle: Cycle) => void): Cycles {
  return { areaCm2, onCycle, half: null, cycle: null, firstDischarge: null };
}

function emptySide(): CycleSide {
  return { charge: 0, energy: 0, meanVolts: null, endVolts: null, arealOhm: null };
}

function beginCycle(half: HalfCycle): Cycle {
  return {
    number: half.cycle,
    beganMs: half.before.timeMs,
    endedMs: half.before.timeMs,
    charge: emptySide(),
    discharge: emptySide(),
    coulombicEfficiency: null,
    energyEfficiency: null,
    capacityRetention: null,
    whole: true,
  };
}

function addSide(side: CycleSide, charge: number, energy: number): void {
  side.charge += charge;
  side.energy += energy;
  if (side.charge > 0) side.meanVolts = side.energy / side.charge;
}

function endHalf(cycles: Cycles): void {
  const { half } = cycles;
  if (half === null) return;
  const cycle = (cycles.cycle ??= beginCycle(half));
  addSide(cycle.charge, half.charged, half.energyIn);
  addSide(cycle.discharge, half.discharged, half.energyOut);
  cycle.endedMs = half.last.timeMs;
  if (half.direction === 0) return;
  const side = half.direction > 0 ? cycle.charge : cycle.discharge;
  side.endVolts = half.endVolts;
  if (half.ohms !== null) side.arealOhm ??= half.ohms * cycles.areaCm2;
}

/** b over a; null unless both are more than nothing. */
function ratio(a: number, b: number): number | null {
  return a > 0 && b > 0 ? b / a : null;
}

// Without any charge it was rests alone.
function endCycle(cycles: Cycles): void {
  const { cycle } = cycles;
  cycles.cycle = null;
  if (cycle === null) return;
  if (cycle.charge.endVolts === null && cycle.discharge.endVolts === null) return;
  const both = cycle.charge.endVolts !== null && cycle.discharge.endVolts !== null;
  if (both && cycle.whole) {
    cycle.coulombicEfficiency = ratio(cycle.charge.charge, cycle.discharge.charge);
    cycle.energyEfficiency = ratio(cycle.charge.energy, cycle.discharge.energy);
    cycles.firstDischarge ??= cycle.discharge.charge;
    cycle.capacityRetention = ratio(cycles.firstDischarge, cycle.discharge.charge);
  }
  cycles.onCycle(cycle);
}

/** Takes in a frame; it is of the step that it names. */
export function addToCycles(cycles: Cycles, frame: FrameMessage): void {
  const { half } = cycles;
  if (half === null || frame.stepCount !== half.stepCount) {
    endHalf(cycles);
    if (half !== null && frame.cycleCount !== half.cycle) endCycle(cycles);
    cycles.half = beginHalfCycle(half?.last ?? frame, frame);
  }
  if (cycles.half !== null) addToHalfCycle(cycles.half, frame);
}

/** Ends the last cycle; `whole` = the program came to its own end. */
export function endCycles(cycles: Cycles, whole: boolean): void {
  endHalf(cycles);
  cycles.half = null;
  if (cycles.cycle !== null) cycles.cycle.whole = whole;
  endCycle(cycles);
}
