// Faults of the world around the bus: what each does to the world's data when it begins, and how
// it is undone. The caller (advance.ts) lets the changes take effect.

import { resetAd5693r } from "./chip/ad5693r.ts";
import { resetAds1115 } from "./chip/ads1115.ts";
import { resetMcp23008 } from "./chip/mcp23008.ts";
import { resetNau7802 } from "./chip/nau7802.ts";
import { brownOutFitted } from "./fitted-power.ts";
import { TEAR_HALF } from "./tear.ts";
import { KEEP_ALIVE_EXPIRES, scheduleHardware } from "./clock.ts";
import { FREE } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import { FAULTS } from "./fault.ts";
import { ACTING, OVER, WAITING } from "./fault-state.ts";
import type { FaultProgress } from "./fault-state.ts";
import { flaw, repair } from "./flaws.ts";
import { openSense, sensedV } from "./leads.ts";
import { NOT_STUCK, turnMonitor } from "./monitor.ts";
import { FAULT_BEGINS, FAULT_ENDS, note } from "./oracle-events.ts";
import type { World } from "./world.ts";

const MS_PER_S = 1000;

/** Begins and ends whatever is due at this moment and transaction. */
export function applyFaults(world: World): void {
  const nowMs = world.clock.nowMs;
  const entries = world.faults.entries;
  const transaction = world.wire.transactions + 1;
  for (let i = 0; i < entries.length; i++) {
    const progress = entries[i];
    const at = progress.entry.at;
    const reached = "timeS" in at ? at.timeS * MS_PER_S <= nowMs : at.transaction <= transaction;
    if (progress.stage === WAITING && reached) begin(world, progress, i);
    else if (progress.stage === ACTING && progress.endMs <= nowMs) end(world, progress, i);
  }
}

function begin(world: World, progress: FaultProgress, index: number): void {
  const { kind, durationS } = progress.entry;
  world.faults.fired++;
  progress.stage = ACTING;
  if (durationS !== undefined) progress.endMs = world.clock.nowMs + durationS * MS_PER_S;
  if (world.oracle !== null) note(world.oracle, world.clock.nowMs, FAULT_BEGINS, index, 0);
  if (FAULTS[kind].wire) return;
  if (!flaw(world.flaws, kind, valueOf(progress))) strike(world, progress);
  if (!FAULTS[kind].lasts) progress.stage = OVER;
}

function end(world: World, progress: FaultProgress, index: number): void {
  progress.stage = OVER;
  if (world.oracle !== null) note(world.oracle, world.clock.nowMs, FAULT_ENDS, index, 0);
  const { kind } = progress.entry;
  if (!FAULTS[kind].wire && !repair(world.flaws, kind)) mend(world, progress);
}

/** The value of an entry, or its kind's usual one. */
export function valueOf(progress: FaultProgress): number {
  return progress.entry.value ?? FAULTS[progress.entry.kind].value?.[2] ?? 0;
}

function strike(world: World, progress: FaultProgress): void {
  const { frontend, faults } = world;
  const value = valueOf(progress);
  const { kind, target = "" } = progress.entry;
  switch (kind) {
    case "sdaLow":
      faults.sdaLow = true;
      break;
    case "hostLoss":
      faults.hostLost = true;
      break;
    case "brownOut":
      powerOn(world, target);
      break;
    case "mcuReset":
      resetProcessor(world, value);
      break;
    case "clockJump":
      jump(world, target, value);
      break;
    case "clockDrift":
      setRate(world, 1 + value);
      break;
    case "leadOpen":
      disconnect(world, target, true);
      break;
    case "weld":
      contactOf(world, target).weld = value;
      break;
    case "referenceDrift":
      drift(world, target, value);
      break;
    case "forceSaturation":
      frontend.bridgeStuck = value;
      break;
    case "senseResistor":
      frontend.shuntsOhm[rangeOf(target)] *= 1 + value;
      break;
    case "monitorStuck":
      frontend.monitor.stuck = value;
      turnMonitor(frontend.monitor, frontend.monitor.wanted);
      break;
    default:
      progress.before = frontend.supplyV;
      frontend.supplyV = value;
  }
}

function mend(world: World, progress: FaultProgress): void {
  const { frontend, faults } = world;
  const target = progress.entry.target ?? "";
  switch (progress.entry.kind) {
    case "sdaLow":
      faults.sdaLow = false;
      break;
    case "hostLoss":
      faults.hostLost = false;
      break;
    case "clockDrift":
      setRate(world, 1);
      break;
    case "leadOpen":
      disconnect(world, target, false);
      break;
    case "weld":
      release(contactOf(world, target));
      break;
    case "referenceDrift":
      drift(world, target, -valueOf(progress));
      break;
    case "forceSaturation":
      frontend.bridgeStuck = 0;
      break;
    case "senseResistor":
      frontend.shuntsOhm[rangeOf(target)] /= 1 + valueOf(progress);
      break;
    case "monitorStuck":
      frontend.monitor.stuck = NOT_STUCK;
      turnMonitor(frontend.monitor, frontend.monitor.wanted);
      break;
    default:
      frontend.supplyV = progress.before;
  }
}

/** A brown-out: the chip's own power-on values; a memory keeps its content. */
function powerOn(world: World, chip: string): void {
  const nowMs = world.clock.nowMs;
  if (brownOutFitted(world.fitted, chip, nowMs, world.random, TEAR_HALF)) return;
  if (chip === "dac") resetAd5693r(world.dac);
  else if (chip === "adc") resetAds1115(world.adc);
  else if (chip === "range") resetMcp23008(world.expander);
  else if (chip === "loadCell") resetNau7802(world.loadCell);
  else world.fram.address = 0;
}

/** All that the processor held is gone; its pins float, and the relay's driver pulls down. */
function resetProcessor(world: World, bootAfterMs: number): void {
  const { clock, faults, keepAlive, queue } = world;
  clock.cpuCount = 0;
  queue.count = 0;
  queue.lastMs = clock.nowMs;
  keepAlive.relayWanted = false;
  keepAlive.alive = true;
  keepAlive.timeoutMs = Infinity;
  scheduleHardware(clock, KEEP_ALIVE_EXPIRES, Infinity);
  faults.heldUntilMs = 0;
  faults.resetPending = true;
  faults.resetMs = clock.nowMs;
  faults.bootMs = clock.nowMs + bootAfterMs;
  faults.resets++;
}

/** The board's own clock is monotonic: it never jumps back. */
function jump(world: World, which: string, seconds: number): void {
  const clock = world.clock;
  if (which === "wall") clock.wallAtZeroS += seconds;
  else clock.bootMs -= (Math.max(seconds, 0) * MS_PER_S) / clock.rate;
}

/** Another speed of the board's clock from now on; what it shows does not jump. */
function setRate(world: World, rate: number): void {
  const clock = world.clock;
  const shown = (clock.nowMs - clock.bootMs) * clock.rate;
  clock.rate = rate;
  clock.bootMs = clock.nowMs - shown / rate;
}

function disconnect(world: World, lead: string, open: boolean): void {
  const leads = world.frontend.leads;
  const { voltageV, currentA } = world.cell;
  const nowMs = world.clock.nowMs;
  if (lead === "current") leads.currentOpen = open ? 1 : 0;
  else openSense(leads, open, sensedV(leads, voltageV, currentA, nowMs), nowMs);
}

function drift(world: World, reference: string, step: number): void {
  const drifts = world.frontend.drift;
  if (reference === "adc") drifts.adcStep += step;
  else if (reference === "dac") drifts.dacStep += step;
  else drifts.comStep += step;
}

function rangeOf(name: string): number {
  return Number(name.slice("range".length));
}

function contactOf(world: World, name: string): Contact {
  const { output, ranges } = world.frontend;
  return name === "output" ? output : ranges[rangeOf(name)];
}

/** A weld that breaks: the contact is where it is, and follows its coil again. */
function release(contact: Contact): void {
  contact.weld = FREE;
  contact.wanted = contact.position;
  contact.phase = 0;
}
