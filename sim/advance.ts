// Moves the world through time: hardware events at their exact time, and between them the cell
// under whatever the loop drives.

import { advanceCell } from "./cell.ts";
import { finishAds1115, integrateAds1115, negativeInput, positiveInput } from "./chip/ads1115.ts";
import { outputsMcp23008 } from "./chip/mcp23008.ts";
import { ADC_FINISHES, DAC_SETTLES, FAULT_DUE, KEEP_ALIVE_EXPIRES } from "./clock.ts";
import { OUTPUT_CONTACT, RANGE_CONTACT, scheduleHardware, takeHardware } from "./clock.ts";
import { driveContact, moveContact, REST, WORKED } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import { refreshDrift } from "./drift.ts";
import { applyFaults } from "./fault-apply.ts";
import { armFaults } from "./fault-clock.ts";
import { McuReset } from "./fault-state.ts";
import { flawed, hold } from "./flaws.ts";
import { conversionEndMs, finishPrecise, integratePrecise } from "./precise.ts";
import { driveDummy, humV, inputV, LOAD_CELL, LOAD_DUMMY, refreshLoop } from "./frontend.ts";
import { meanHum } from "./mains.ts";
import { turnMonitor } from "./monitor.ts";
import { monitoredV } from "./monitored.ts";
import { excuse, watch } from "./oracle.ts";
import { setpointV } from "./setpoint.ts";
import { recover } from "./transient.ts";
import type { World } from "./world.ts";

const MONITOR_PIN = 4;

/** Lets virtual time reach `timeMs` (never backwards), with every hardware event on its way. Throws
 *  McuReset when a planned reset of the processor lies on it. */
export function advanceTo(world: World, timeMs: number): void {
  const clock = world.clock;
  // Whoever was interrupted and caught it is still not there.
  if (world.faults.resetPending) throw new McuReset();
  while (clock.hardwareNextMs <= timeMs) {
    const id = takeHardware(clock);
    if (id === ADC_FINISHES) finishConversion(world);
    else if (id === DAC_SETTLES) changeLoop(world);
    else if (id === OUTPUT_CONTACT) moveAndGoOn(world, id, world.frontend.output);
    else if (id === KEEP_ALIVE_EXPIRES) expire(world);
    else if (id === FAULT_DUE) befall(world);
    else moveAndGoOn(world, id, world.frontend.ranges[id - RANGE_CONTACT]);
  }
  if (timeMs > clock.nowMs) clock.nowMs = timeMs;
}

/** Brings cell, loop and a conversion under way up to the present: call before reading truth
 *  (`world.cell`), or before anything that the loop depends on changes. */
export function observe(world: World): void {
  const nowMs = world.clock.nowMs;
  const frontend = world.frontend;
  const cell = world.cell;
  const onCell = frontend.load === LOAD_CELL;
  const targetA = onCell ? frontend.targetA : 0;
  const limitV = frontend.complianceV - Math.abs(targetA) * frontend.leads.ohm;
  advanceCell(cell, world.random, nowMs / 1000, targetA, limitV);
  if (onCell) {
    frontend.loadA = cell.currentA;
    frontend.rail = cell.limited;
  }
  if (world.oracle !== null) watch(world, world.oracle);
  const adc = world.adc;
  const precise = world.fitted.ads122c04;
  if (adc.converting === 0 && precise === null) return;
  const senseV = monitoredV(world);
  if (precise !== null) {
    integratePrecise(world, precise, senseV);
    return;
  }
  const plus = inputV(frontend, positiveInput(adc), senseV, cell.temperatureC);
  const minus = inputV(frontend, negativeInput(adc), senseV, cell.temperatureC);
  const input = positiveInput(adc);
  const volts = flawed(world.flaws, input, plus - minus, frontend.senseGain, nowMs);
  integrateAds1115(adc, volts, nowMs);
}

function finishConversion(world: World): void {
  observe(world);
  const precise = world.fitted.ads122c04;
  if (precise !== null) {
    finishPrecise(world, precise);
    return;
  }
  const adc = world.adc;
  const frontend = world.frontend;
  const hum = humV(frontend, positiveInput(adc)) - humV(frontend, negativeInput(adc));
  if (hum !== 0) {
    const mean = hum * meanHum(frontend.mains, adc.startMs, adc.endMs);
    adc.integral += mean * (adc.endMs - adc.startMs);
  }
  adc.integral *= 1 + frontend.drift.adc;
  finishAds1115(adc, world.random.adc);
  hold(world.flaws, adc);
  scheduleHardware(world.clock, ADC_FINISHES, world.adc.endMs);
}

/** Something in the loop has changed at this instant: the past under the old state, then the
 *  new state at once. */
function changeLoop(world: World): void {
  observe(world);
  const frontend = world.frontend;
  const before = frontend.load;
  refreshDrift(frontend.drift, world.cell.temperatureC);
  const { dac, fitted, cell } = world;
  const drift = frontend.drift.dac;
  const asSet = setpointV(dac, fitted, frontend.supplyV, cell.temperatureC, drift);
  const stuck = world.flaws.outputV;
  refreshLoop(frontend, stuck === stuck ? stuck : asSet);
  frontend.loadA = 0;
  frontend.dummyV = 0;
  if (frontend.load === LOAD_DUMMY) driveDummy(frontend);
  if (frontend.load !== before) recover(world, before);
  observe(world);
}

/** Faults that are due begin or end; whatever they touched takes effect at this instant. */
export function befall(world: World): void {
  observe(world);
  applyFaults(world);
  armFaults(world.clock, world.faults, world.oracle !== null);
  scheduleHardware(world.clock, ADC_FINISHES, conversionEndMs(world));
  driveRanges(world);
  driveOutput(world);
  if (world.oracle !== null) excuse(world, world.oracle, true);
  changeLoop(world);
  if (world.oracle !== null) excuse(world, world.oracle, false);
  // Again and again, should whoever was interrupted have caught the first one.
  if (world.faults.resetPending && world.faults.resetMs === world.clock.nowMs) throw new McuReset();
}

function moveAndGoOn(world: World, id: number, contact: Contact): void {
  observe(world);
  const delayMs = moveContact(contact, world.random.bounce);
  scheduleHardware(world.clock, id, world.clock.nowMs + delayMs);
  changeLoop(world);
}

/** The hardware keep-alive releases the output relay; the relay's command is lost with it. */
function expire(world: World): void {
  world.keepAlive.expired = true;
  world.keepAlive.alive = false;
  world.keepAlive.relayWanted = false;
  driveOutput(world);
}

/** Drives the output relay's coil from its command and the keep-alive. */
export function driveOutput(world: World): void {
  const energised = world.keepAlive.relayWanted && world.keepAlive.alive;
  const delayMs = driveContact(world.frontend.output, energised ? WORKED : REST);
  if (delayMs === Infinity) return;
  scheduleHardware(world.clock, OUTPUT_CONTACT, world.clock.nowMs + delayMs);
}

/** Drives the range relays' coils from the expander's pins GP0..GP3, and the switch before the
 *  voltage input from GP4. */
export function driveRanges(world: World): void {
  const pins = outputsMcp23008(world.expander);
  const shown = (pins >> MONITOR_PIN) & 1;
  if (shown !== world.frontend.monitor.wanted) {
    observe(world);
    turnMonitor(world.frontend.monitor, shown);
  }
  const ranges = world.frontend.ranges;
  for (let i = 0; i < ranges.length; i++) {
    const delayMs = driveContact(ranges[i], (pins >> i) & 1);
    if (delayMs === Infinity) continue;
    scheduleHardware(world.clock, RANGE_CONTACT + i, world.clock.nowMs + delayMs);
  }
}
