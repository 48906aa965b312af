// The independent judge at the cell's terminals. It sees the truth (current into the cell, voltage,
// force, contacts, code) at every analogue event, knows nothing of any firmware, and holds what
// happens against what it was told is allowed.

import { outputAd5693r } from "./chip/ad5693r.ts";
import { WORKED } from "./contacts.ts";
import { LOAD_CELL, setpointV } from "./frontend.ts";
import { CODE_MOVED, CONTACT_MOVED, RANGES_SWITCHED, RELAY_COMMANDED } from "./oracle-events.ts";
import { note, TRANSACTION, violate } from "./oracle-events.ts";
import type { Oracle } from "./oracle-state.ts";
import type { World } from "./world.ts";

/** Volts across the sense resistor that count as no current: 1 % of the full scale of 1 V. */
const NO_CURRENT_V = 0.01;
/** 2 % of it, and what tolerances add: 5 %. */
const PROVING_V = 0.021;
const PROVING_SLACK = 1.05;
const SHUNT_MAX_OHM = 1e5;
/** A code moved this shortly before the relay's command was meant to come after it. */
const SAME_MOMENT_MS = 10;
/** What an offset of the current measurement may hide: 0.05 % of full scale, as a charge. */
const OFFSET_V = 5e-4;
const KICK_SLACK_MS = 10;
const MS_PER_S = 1000;
const NANO = 1e9;

// Conditions with a time bound.
const OFF_SETPOINT = 0;
const VOLTAGE_OUT = 1;
const FORCE_OUT = 2;
const TEMPERATURE_OUT = 3;

/** Whether the cell carries more than 1 % of the full scale of the closed ranges; of the smallest
 *  while none is closed. */
function flows(world: World, currentA: number): boolean {
  const shuntOhm = Math.min(world.frontend.shuntOhm, SHUNT_MAX_OHM);
  return Math.abs(currentA) * shuntOhm > NO_CURRENT_V;
}

/** Looks at the truth of this instant; cell and loop have just been brought up to it. */
export function watch(world: World, oracle: Oracle): void {
  const nowMs = world.clock.nowMs;
  integrate(world, oracle, nowMs);
  const live = flows(world, world.cell.currentA);
  if (world.frontend.output.position !== oracle.position) outputMoved(world, oracle, nowMs);
  const load = world.frontend.load;
  if (load !== oracle.load) {
    oracle.load = load;
    // Unannounced: the account cannot know when it was, between two frames.
    if (oracle.told.mayFlow) oracle.slackC += (oracle.peakA * oracle.bounds.periodMs) / MS_PER_S;
    if (load === LOAD_CELL && live && !oracle.excused) {
      violate(oracle, nowMs, "closed-under-current", world.cell.currentA);
    }
  }
  lookAtRelay(world, oracle, nowMs);
  if (live) judgeLive(world, oracle, nowMs);
  judgeBounds(world, oracle, live, nowMs);
}

/** From here until it is called with false, a planned fault touches the loop: what it closes or
 *  switches was not done by anybody. */
export function excuse(world: World, oracle: Oracle, excused: boolean): void {
  oracle.excused = excused;
  oracle.ranges = rangeCoils(world);
}

/** The range relays' coils, a bit each. */
function rangeCoils(world: World): number {
  const ranges = world.frontend.ranges;
  let coils = 0;
  for (let i = 0; i < ranges.length; i++) if (ranges[i].wanted === WORKED) coils |= 1 << i;
  return coils;
}

/** Charge by the trapezoid rule: between two looks the loop's target does not change. */
function integrate(world: World, oracle: Oracle, nowMs: number): void {
  const seconds = (nowMs - oracle.seenMs) / MS_PER_S;
  const currentA = world.cell.currentA;
  if (seconds > 0) {
    const charge = ((oracle.currentA + currentA) / 2) * seconds;
    if (charge > 0) oracle.chargeInC += charge;
    else oracle.chargeOutC -= charge;
    if (oracle.load === LOAD_CELL) {
      oracle.slackC += (OFFSET_V / world.frontend.shuntOhm) * seconds;
    }
  }
  oracle.peakA = Math.max(oracle.peakA, Math.abs(currentA), Math.abs(oracle.currentA));
  oracle.runPeakA = Math.max(oracle.runPeakA, oracle.peakA);
  oracle.seenMs = nowMs;
  oracle.currentA = currentA;
}

function outputMoved(world: World, oracle: Oracle, nowMs: number): void {
  oracle.position = world.frontend.output.position;
  note(oracle, nowMs, CONTACT_MOVED, oracle.position, Math.round(world.cell.currentA * NANO));
}

/** The relay's command and coil: never opened after its current had been taken away in the same
 *  breath, never fallen without a reason. */
function lookAtRelay(world: World, oracle: Oracle, nowMs: number): void {
  const { keepAlive, faults } = world;
  if (faults.resets !== oracle.resets) {
    oracle.resets = faults.resets;
    oracle.fellMs = Infinity;
    oracle.commanded = false;
    // Whatever was claimed before is void, and the reset is the reason.
    oracle.told.mayFlow = false;
    oracle.told.running = false;
    oracle.refusedMs = nowMs;
  }
  if (!keepAlive.alive && oracle.alive && oracle.told.mayFlow) {
    oracle.fellMs = nowMs;
    oracle.fellReasons = oracle.told.reasons;
  } else if (keepAlive.relayWanted !== oracle.commanded) {
    note(oracle, nowMs, RELAY_COMMANDED, keepAlive.relayWanted ? 1 : 0, 0);
    const zeroed = !keepAlive.relayWanted && nowMs - oracle.zeroedMs < SAME_MOMENT_MS;
    if (zeroed) violate(oracle, nowMs, "zeroed-before-opened", oracle.code);
  }
  oracle.alive = keepAlive.alive;
  oracle.commanded = keepAlive.relayWanted;
  const late = nowMs - oracle.fellMs > oracle.bounds.reasonMs;
  if (late && oracle.told.reasons === oracle.fellReasons) {
    violate(oracle, nowMs, "stopped-without-reason", oracle.fellMs / MS_PER_S);
  }
}

/** The one exception to "no current when none is allowed": what a start-up sends to find a weld,
 *  no more than it has said and than 2 % of full scale, with the relay told to rest, and for one
 *  frame. */
function isProving(world: World, oracle: Oracle, nowMs: number): boolean {
  const amperes = Math.abs(world.cell.currentA);
  const small = amperes * world.frontend.shuntOhm <= PROVING_V;
  const said = amperes <= Math.abs(oracle.told.provingA) * PROVING_SLACK;
  const isBrief = nowMs - oracle.provedMs <= oracle.bounds.provingMs;
  return small && said && isBrief && !world.keepAlive.relayWanted;
}

/** What holds whenever a current flows. */
function judgeLive(world: World, oracle: Oracle, nowMs: number): void {
  const { bounds, told } = oracle;
  const output = world.frontend.output;
  const welded = output.weld === WORKED && output.position === WORKED;
  const allowedMs = welded ? bounds.weldMs : bounds.graceMs;
  // While the link is stalled nobody can reach the relay; the keep-alive bounds that.
  const reachedMs = Math.max(oracle.refusedMs, world.faults.heldUntilMs);
  const proves = welded && isProving(world, oracle, nowMs);
  if (!told.mayFlow && !proves && nowMs - reachedMs > allowedMs) {
    violate(oracle, nowMs, "current-not-allowed", world.cell.currentA);
  }
  const silentMs = nowMs - world.keepAlive.kickedMs;
  if (silentMs > world.keepAlive.timeoutMs + KICK_SLACK_MS) {
    violate(oracle, nowMs, "silent-controller", silentMs / MS_PER_S);
  }
}

function judgeBounds(world: World, oracle: Oracle, live: boolean, nowMs: number): void {
  const { told, bounds } = oracle;
  const { currentA, voltageV, forceN, temperatureC } = world.cell;
  const off = told.mayFlow && (currentA < told.currentMinA || currentA > told.currentMaxA);
  const outV = live && (voltageV < told.voltageMinV || voltageV > told.voltageMaxV);
  const outN = live && (forceN < told.forceMinN || forceN > told.forceMaxN);
  const outC = live && (temperatureC < told.temperatureMinC || temperatureC > told.temperatureMaxC);
  lasting(oracle, OFF_SETPOINT, off, nowMs, bounds.followMs, "current-off-setpoint", currentA);
  lasting(oracle, VOLTAGE_OUT, outV, nowMs, bounds.outsideMs, "voltage-outside", voltageV);
  lasting(oracle, FORCE_OUT, outN, nowMs, bounds.slowMs, "force-outside", forceN);
  lasting(oracle, TEMPERATURE_OUT, outC, nowMs, bounds.slowMs, "temperature-outside", temperatureC);
}

function lasting(
  oracle: Oracle,
  condition: number,
  broken: boolean,
  nowMs: number,
  allowedMs: number,
  rule: string,
  value: number,
): void {
  if (!broken) oracle.sinceMs[condition] = Infinity;
  else if (oracle.sinceMs[condition] === Infinity) oracle.sinceMs[condition] = nowMs;
  else if (nowMs - oracle.sinceMs[condition] > allowedMs) violate(oracle, nowMs, rule, value);
}

/** A transaction has passed: what it did to ranges and code, and whether the relay was still at the
 *  cell then. Called before anything else can happen, so the order of relay and code is exact. */
export function noteTransaction(world: World, oracle: Oracle, address: number, ok: boolean): void {
  const nowMs = world.clock.nowMs;
  note(oracle, nowMs, TRANSACTION, address, ok ? 1 : 0);
  const ranges = rangeCoils(world);
  if (ranges !== oracle.ranges) {
    oracle.ranges = ranges;
    note(oracle, nowMs, RANGES_SWITCHED, ranges, Math.round(world.cell.currentA * NANO));
    if (flows(world, world.cell.currentA)) {
      violate(oracle, nowMs, "range-switched-live", world.cell.currentA);
    }
  }
  const code = world.dac.dacRegister;
  if (code === oracle.code) return;
  oracle.code = code;
  note(oracle, nowMs, CODE_MOVED, code, Math.round(world.cell.currentA * NANO));
  const setV = setpointV(world.frontend, outputAd5693r(world.dac, world.frontend.supplyV));
  const taken = Math.abs(setV) < NO_CURRENT_V && flows(world, world.cell.currentA);
  if (world.keepAlive.relayWanted && taken) oracle.zeroedMs = nowMs;
}
