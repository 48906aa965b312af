// Full cells: a bridge hardly moves their voltage, but the charge it takes is missing afterwards.
// Charging goes on and on, and the coulombic efficiency falls.

/** A charge this many times the last discharge is endless. */
const ENDLESS = 1.2;
/** Fall of the efficiency below its mean, in so many cycles in a row. */
const EFFICIENCY_FALL = 0.015;
const LOW_CYCLES = 2;
/** Cycles that the rule learns from before it speaks; memory of the mean, in cycles. */
const LEARN_CYCLES = 3;
const MEMORY_CYCLES = 10;

/** State; charges in C, of half cycles. */
export interface ChargeRule {
  charge: number;
  lastIn: number;
  lastOut: number;
  cycles: number;
  efficiency: number;
  low: number;
  told: boolean;
  /** Of the last answer: charge over the last discharge, or efficiency; and its bound. */
  value: number;
  bound: number;
}

/** A rule that has seen nothing. */
export function createChargeRule(): ChargeRule {
  return {
    charge: 0,
    lastIn: 0,
    lastOut: 0,
    cycles: 0,
    efficiency: 1,
    low: 0,
    told: false,
    value: 0,
    bound: 0,
  };
}

/** Learns afresh: another cell, or another current. */
export function forget(rule: ChargeRule): void {
  rule.charge = 0;
  rule.lastIn = 0;
  rule.lastOut = 0;
  rule.cycles = 0;
  rule.low = 0;
  rule.told = false;
}

/** A half cycle is over, `charging` or not; true = the efficiency has fallen. */
export function turn(rule: ChargeRule, charging: boolean): boolean {
  const charge = rule.charge;
  rule.charge = 0;
  rule.told = false;
  if (charging) {
    rule.lastIn = charge;
    return false;
  }
  rule.lastOut = charge;
  if (rule.lastIn === 0) return false;
  const efficiency = charge / rule.lastIn;
  rule.cycles++;
  if (rule.cycles > LEARN_CYCLES && efficiency < rule.efficiency - EFFICIENCY_FALL) {
    rule.value = efficiency;
    rule.bound = rule.efficiency - EFFICIENCY_FALL;
    return ++rule.low === LOW_CYCLES;
  }
  rule.low = 0;
  const memory = Math.min(rule.cycles, MEMORY_CYCLES);
  rule.efficiency += (efficiency - rule.efficiency) / memory;
  return false;
}

/** Counts `charge` (C) of one frame; true = this charge has no end. */
export function count(rule: ChargeRule, charge: number, charging: boolean): boolean {
  rule.charge += charge;
  const known = charging && rule.cycles >= LEARN_CYCLES && rule.lastOut > 0;
  if (!known || rule.told || rule.charge < ENDLESS * rule.lastOut) return false;
  rule.told = true;
  rule.value = rule.charge / rule.lastOut;
  rule.bound = ENDLESS;
  return true;
}
