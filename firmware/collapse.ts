// A voltage that was held, and is gone although its step's largest current flows: a hard short,
// also of a full cell, whose own voltage hides a bridge from the rule `hard`. Nothing else takes
// half of a cell's voltage away: growing voids need less current for the same voltage, not more.
import { AREA_CM2 } from "./config.ts";
import { FOUND_HARD } from "./findings.ts";
import { LIVE } from "./loop.ts";
import { confidenceOf } from "./physical.ts";
import type { Controlled } from "./potential-state.ts";
import { AT_LIMIT, COLLAPSES, HELD_VOLTS, isVoltage, largest } from "./potential-state.ts";
import { AMPS, NOISE_VOLTS, STATUS, VOLTS } from "./sample.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { APPARENT, BRIDGE, CONFIDENCE, HARD } from "./shorts-places.ts";

/** With less than this share of the held voltage in so many frames the cell is shorted. */
const COLLAPSED = 0.5;
const COLLAPSED_FRAMES = 2;

/** As `Potential.judge`. */
export function judgeHeld(channel: Controlled): number {
  const grip = channel.grip;
  const sample = channel.sample;
  const setpoint = Math.abs(channel.loop.setpoint);
  const s = channel.run.shorts.numbers;
  const held = Math.abs(grip[HELD_VOLTS]);
  const live = channel.loop.rung === LIVE && isVoltage(channel.run);
  const failed = (sample[STATUS] & (VOLTAGE_FAILED | CURRENT_FAILED)) !== 0;
  const gone = Math.abs(sample[VOLTS]) < COLLAPSED * held;
  const driven = setpoint >= AT_LIMIT * largest(channel);
  grip[COLLAPSES] = live && !failed && gone && driven ? grip[COLLAPSES] + 1 : 0;
  if (grip[COLLAPSES] < COLLAPSED_FRAMES) return 0;
  const density = Math.abs(sample[AMPS]) / channel.config[AREA_CM2];
  s[APPARENT] = Math.abs(sample[VOLTS]) / density;
  s[BRIDGE] = (COLLAPSED * held) / density;
  s[HARD] |= FOUND_HARD;
  const noise = sample[NOISE_VOLTS] / Math.max(Math.abs(sample[VOLTS]), sample[NOISE_VOLTS]);
  s[CONFIDENCE] = confidenceOf(channel.config, held / density, s[APPARENT], noise);
  return FOUND_HARD;
}
