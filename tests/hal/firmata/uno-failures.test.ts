// What can fail between the core and the cell, each failure struck while a current flows: with the
// keep-alive no current flows 2 s later, the oracle finds no rule broken, and the user reads why.
import { expect, test } from "vitest";
import { observe } from "../../../sim/advance.ts";
import type { FaultPlan } from "../../../sim/fault.ts";
import { EVENT_FAULT } from "../../../firmware/telemetry.ts";
import { decodeAnswer, VERB_STATUS } from "../../../firmware/console.ts";
import { isRunOn } from "../../../host/status-lines.ts";
import { eventsOf } from "../../boards/same-events.ts";
import { specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig, cutOff, followUp, killHost } from "./rig.ts";
import type { Sketch } from "./sketch.ts";
import { BOOTLOADER_MS } from "./uno.ts";

const RELAY = 7;
/** The first level lasts two minutes. */
const CELL = specimen({ start: 0.3, step: 0.1, charge: 0.01, thickness: 0.162 }, 1);
/** Current that the first level sets, A. */
const LEVEL_A = 0.3e-3 * CELL.cell.areaCm2;
const NOTHING_A = 1e-9;
const GONE_MS = 2000;
const WARM_UP_MS = 3000;
/** Rest of the program before its first level, and some of that. */
const UNTIL_LIVE_MS = 10_000;
/** When planned faults strike, s: WARM_UP and UNTIL_LIVE after a start that takes 2.2. */
const STRIKE_S = 16;

function currentOf(rig: Rig): number {
  observe(rig.lab.world);
  return rig.lab.world.cell.currentA;
}

/** A rig in the middle of its first level. */
async function live(sketch: Sketch, plan: FaultPlan = []): Promise<Rig> {
  const rig = await createRig({ sketch, specimen: CELL, plan });
  const { lab } = rig;
  lab.run(lab.now() + WARM_UP_MS);
  rig.channel.send("start");
  lab.run(lab.now() + UNTIL_LIVE_MS);
  expect(lab.now()).toBeLessThan(STRIKE_S * 1000);
  expect(currentOf(rig)).toBeCloseTo(LEVEL_A, 6);
  return rig;
}

/** No current flows 2 s from now, nor in the minute after, and no rule was broken. */
function expectRest(rig: Rig): void {
  const { lab } = rig;
  lab.run(lab.now() + GONE_MS);
  for (let i = 0; i < 60; i++) {
    expect(Math.abs(currentOf(rig))).toBeLessThan(NOTHING_A);
    lab.run(lab.now() + 1000);
  }
  expect(lab.world.oracle?.violations).toEqual([]);
}

function faultsOf(rig: Rig): number {
  return eventsOf(rig.lines).filter(({ code }) => code === EVENT_FAULT).length;
}

describeOnUno("while a current flows through the cell", (sketch) => {
  test("the host is killed: the keep-alive acts, and a new host finds all at rest", async () => {
    const rig = await live(sketch);
    cutOff(rig, GONE_MS);
    killHost(rig);
    expectRest(rig);
    // Nobody has told the board anything: it stands as it was left.
    expect(rig.lab.uno.pin(RELAY)).toBe(true);
    const again = await followUp(rig, { sketch, specimen: CELL });
    expect(rig.lab.uno.pin(RELAY)).not.toBe(true);
    // The journal brings the run back, and with it the question what is to become of it.
    again.channel.send("status");
    again.channel.send("stop");
    rig.lab.run(rig.lab.now() + 1000);
    const status = again.lines.map(decodeAnswer).find((answer) => answer?.verb === VERB_STATUS);
    expect(isRunOn(status?.values ?? [0])).toBe(true);
    expect(again.channel.link.lost()).toBe(null);
    expect(rig.lab.uno.pin(RELAY)).not.toBe(true);
    expectRest(again);
  });

  test("the board is reset: told as that, its pins stay low when it is back", async () => {
    const rig = await live(sketch);
    rig.lab.uno.reset(BOOTLOADER_MS);
    let high = false;
    for (let i = 0; i < 500; i++) {
      rig.lab.run(rig.lab.now() + 10);
      high ||= rig.lab.uno.pin(RELAY) === true;
    }
    // The copy of the port in the host still had the relay's bit.
    expect(high).toBe(false);
    expectRest(rig);
    expect(rig.channel.link.lost()).toMatch(/^the board was reset/);
    expect(faultsOf(rig)).toBeGreaterThan(0);
    expect(rig.lab.uno.wires.overclocked).toBe(0);
  });

  test("the cable is pulled: told as that", async () => {
    const rig = await live(sketch);
    cutOff(rig, GONE_MS);
    rig.cable.pull(true);
    expectRest(rig);
    expect(rig.channel.link.lost()).toMatch(/the serial port was closed/);
    expect(faultsOf(rig)).toBeGreaterThan(0);
  });

  test("the cable is pulled and no close event comes: the board is silent", async () => {
    const rig = await live(sketch);
    cutOff(rig, GONE_MS);
    rig.cable.pull(false);
    expectRest(rig);
    expect(rig.channel.link.lost()).toMatch(/^the board does not answer any more/);
    expect(faultsOf(rig)).toBeGreaterThan(0);
  });

  test("SCL is stuck low, so that even the relay cannot be commanded any more", async () => {
    const rig = await live(sketch);
    cutOff(rig, GONE_MS);
    rig.lab.uno.wires.stuck = true;
    rig.lab.run(rig.lab.now() + GONE_MS);
    // What the keep-alive is for.
    expect(rig.lab.uno.pin(RELAY)).toBe(true);
    expectRest(rig);
    expect(rig.channel.link.lost()).toMatch(/a chip holds the I2C bus/);
    expect(faultsOf(rig)).toBeGreaterThan(0);
  });

  test.each(["dac", "adc", "range"])("chip %s acknowledges nothing any more", async (target) => {
    const rig = await live(sketch, [
      { at: { timeS: STRIKE_S }, kind: "nack", target, durationS: 1e6 },
    ]);
    rig.lab.run(STRIKE_S * 1000);
    expectRest(rig);
    expect(faultsOf(rig)).toBeGreaterThan(0);
    expect(rig.channel.link.lost()).toBe(null);
  });

  test("a single read is not acknowledged: the frame after it goes on", async () => {
    const rig = await live(sketch, [
      { at: { timeS: STRIKE_S }, kind: "nack", target: "adc", count: 1 },
    ]);
    rig.lab.run(STRIKE_S * 1000 + 5000);
    expect(rig.lab.world.faults.fired).toBe(1);
    expect(faultsOf(rig)).toBe(0);
    expect(currentOf(rig)).toBeCloseTo(LEVEL_A, 6);
    expect(rig.lab.world.oracle?.violations).toEqual([]);
  });

  test.each([97, 211, 503])("one byte of %i towards the board is lost", async (every) => {
    const rig = await live(sketch);
    const { loop } = rig.channel.shell.channel;
    rig.cable.loses = (index) => index % every === 0;
    // The lost byte may be one of the message that opens the relay: the keep-alive's time then.
    cutOff(rig, 30_000);
    let refusedMs = 0;
    let longestMs = 0;
    for (let i = 0; i < 3000; i++) {
      rig.lab.run(rig.lab.now() + 10);
      const current = currentOf(rig);
      const none = Math.abs(current) < NOTHING_A;
      if (loop.setpoint !== 0) refusedMs = rig.lab.now();
      if (!none) longestMs = Math.max(longestMs, rig.lab.now() - refusedMs);
      expect(none || Math.abs(current - LEVEL_A) < 0.03 * LEVEL_A, `${current} A`).toBe(true);
    }
    expect(longestMs).toBeLessThan(GONE_MS);
    expect(rig.channel.link.failures()).toBeGreaterThan(0);
    expect(rig.lab.world.oracle?.violations).toEqual([]);
    cutOff(rig, GONE_MS);
    killHost(rig);
    expectRest(rig);
    console.log(`a byte of ${every} lost: current for ${longestMs.toFixed(0)} ms after its end`);
  });

  test("somebody floods the board's ring: what is lost is noticed", async () => {
    const rig = await live(sketch);
    const reads = Array.from({ length: 60 }, () => [0xf0, 0x76, 0x4c, 0x08, 2, 0, 0xf7]).flat();
    rig.cable.transport.write(Uint8Array.from(reads));
    rig.lab.run(rig.lab.now() + 10_000);
    expect(rig.channel.link.failures()).toBeGreaterThan(0);
    expect(rig.lab.world.oracle?.violations).toEqual([]);
    cutOff(rig, GONE_MS);
    killHost(rig);
    expectRest(rig);
  });
});
