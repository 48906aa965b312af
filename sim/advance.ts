// Moves the world through time: hardware events at their exact time, and between them the cell
// under whatever the loop drives.

import { advanceCell } from "./cell.ts";
import { finishAds1115, integrateAds1115, negativeInput, positiveInput } from "./chip/ads1115.ts";
import { outputAd5693r } from "./chip/ad5693r.ts";
import { outputsMcp23008 } from "./chip/mcp23008.ts";
import { ADC_FINISHES, DAC_SETTLES, KEEP_ALIVE_EXPIRES, OUTPUT_CONTACT } from "./clock.ts";
import { RANGE_CONTACT, scheduleHardware, takeHardware } from "./clock.ts";
import { driveContact, moveContact, REST, WORKED } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import { driveDummy, inputV, LOAD_CELL, LOAD_DUMMY, refreshLoop } from "./frontend.ts";
import type { World } from "./world.ts";

/** Lets virtual time reach `timeMs` (never backwards), with every hardware event on its way. */
export function advanceTo(world: World, timeMs: number): void {
  const clock = world.clock;
  while (clock.hardwareNextMs <= timeMs) {
    const id = takeHardware(clock);
    if (id === ADC_FINISHES) finishConversion(world);
    else if (id === DAC_SETTLES) changeLoop(world);
    else if (id === OUTPUT_CONTACT) moveAndGoOn(world, id, world.frontend.output);
    else if (id === KEEP_ALIVE_EXPIRES) expire(world);
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
  advanceCell(cell, world.random, nowMs / 1000, targetA, frontend.complianceV);
  if (onCell) {
    frontend.loadA = cell.currentA;
    frontend.rail = cell.limited;
  }
  const adc = world.adc;
  if (adc.converting === 0) return;
  const plus = inputV(frontend, positiveInput(adc), cell.voltageV, cell.temperatureC);
  const minus = inputV(frontend, negativeInput(adc), cell.voltageV, cell.temperatureC);
  integrateAds1115(adc, plus - minus, nowMs);
}

function finishConversion(world: World): void {
  observe(world);
  finishAds1115(world.adc, world.random.adc);
  scheduleHardware(world.clock, ADC_FINISHES, world.adc.endMs);
}

/** Something in the loop has changed at this instant: the past under the old state, then the
 *  new state at once. */
function changeLoop(world: World): void {
  observe(world);
  const frontend = world.frontend;
  refreshLoop(frontend, outputAd5693r(world.dac, frontend.supplyV));
  frontend.loadA = 0;
  frontend.dummyV = 0;
  if (frontend.load === LOAD_DUMMY) driveDummy(frontend);
  observe(world);
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

/** Drives the range relays' coils from the expander's pins GP0..GP3. */
export function driveRanges(world: World): void {
  const pins = outputsMcp23008(world.expander);
  const ranges = world.frontend.ranges;
  for (let i = 0; i < ranges.length; i++) {
    const delayMs = driveContact(ranges[i], (pins >> i) & 1);
    if (delayMs === Infinity) continue;
    scheduleHardware(world.clock, RANGE_CONTACT + i, world.clock.nowMs + delayMs);
  }
}
