// What a self-test tells: one bit for each check that failed. Those with a current are the
// start-up's own (startup.ts); the others say by name what the fault table judges in every frame.
import type { Memory } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { AREA_CM2 } from "./config.ts";
import { PROVEN } from "./loop.ts";
import { FORCE_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import { CELSIUS_AGE, CODE, LOOP_AMPS, NEWTONS, NEWTONS_AGE, RANGE, STATUS } from "./sample.ts";
import { VOLTS, VOLTS_AT } from "./sample.ts";
import { SLOW_AGE_S } from "./supervise.ts";

// The first six are the slots of a frame, as in its status.
export const CHECK_SLOTS = 63;
export const CHECK_CODE = 64;
export const CHECK_RANGE = 128;
/** Current although the relay is at rest and the code is zero. */
export const CHECK_LEAK = 256;
export const CHECK_MEMORY = 512;
export const CHECK_CONFIG = 1024;
export const CHECK_PROGRAM = 2048;
/** Frames come late. */
export const CHECK_LATE = 4096;
/** The cell's voltage is outside its window. */
export const CHECK_VOLTAGE = 8192;
/** The clamp force is less than a run starts with. */
export const CHECK_FORCE = 16384;
/** The start-up's proof was not passed: the fault that is latched says why. */
export const CHECK_PROOF = 32768;

/** Share of full scale that may flow at zero code. */
const LEAK_SHARE = 0.01;
/** A frame later than so many periods is late. */
const LATE_PERIODS = 2;
/** Ages from 0 to twice this, s. */
const HALF_AGE_S = SLOW_AGE_S / 2;
/** The last bytes of the configuration's area are nobody's. */
const SCRATCH_BYTES = 4;

/** Whether memory gives back what is written, two patterns in a spare place. */
function remembers(memory: Memory): boolean {
  const at = memory.areas.protocol - SCRATCH_BYTES;
  const bytes = new Uint8Array(SCRATCH_BYTES);
  for (let pattern = 0x55; pattern <= 0xaa; pattern += 0x55) {
    for (let i = 0; i < SCRATCH_BYTES; i++) bytes[i] = pattern;
    if (!memory.program(at, bytes)) return false;
    bytes[0] = 0;
    if (!memory.read(at, bytes)) return false;
    for (let i = 0; i < SCRATCH_BYTES; i++) if (bytes[i] !== pattern) return false;
  }
  return true;
}

/** The checks that failed in the last frame of a channel at rest, and of its memory. */
export function selfTest(channel: Channel, memory: Memory): number {
  const sample = channel.sample;
  const limits = channel.limits;
  const period = channel.command.periodMs / 1000;
  const fullScale = channel.capabilities.rangesA[channel.loop.range];
  const elapsed = sample[VOLTS_AT] - channel.previous[VOLTS_AT];
  let failed = sample[STATUS] & CHECK_SLOTS;
  // Neither read at all, nor lately.
  if (!(Math.abs(sample[NEWTONS_AGE] - HALF_AGE_S) <= HALF_AGE_S)) failed |= FORCE_FAILED;
  if (!(Math.abs(sample[CELSIUS_AGE] - HALF_AGE_S) <= HALF_AGE_S)) failed |= TEMPERATURE_FAILED;
  if (sample[CODE] !== channel.command.code) failed |= CHECK_CODE;
  if (sample[RANGE] !== channel.command.range) failed |= CHECK_RANGE;
  if (Math.abs(sample[LOOP_AMPS]) > LEAK_SHARE * fullScale) failed |= CHECK_LEAK;
  if (!remembers(memory)) failed |= CHECK_MEMORY;
  if (channel.config[AREA_CM2] <= 0) failed |= CHECK_CONFIG;
  if (channel.run.steps < 0) failed |= CHECK_PROGRAM;
  if (elapsed > LATE_PERIODS * period) failed |= CHECK_LATE;
  if (sample[NEWTONS] < limits.forceStart) failed |= CHECK_FORCE;
  if (channel.loop.test !== PROVEN) failed |= CHECK_PROOF;
  const outside = sample[VOLTS] < limits.voltageMin || sample[VOLTS] > limits.voltageMax;
  if (!(failed & (CHECK_CONFIG | VOLTAGE_FAILED)) && outside) failed |= CHECK_VOLTAGE;
  return failed;
}
