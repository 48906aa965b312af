// The emulated Uno by itself: real firmata-io and johnny-five through real machine code to the
// simulated chips, and the ways in which it is quicker than avr8js are no differences.
import { beforeAll, expect, test } from "vitest";
import { createWorld } from "../../../sim/world.ts";
import { cellOf } from "../../boards/rig.ts";
import type { Io } from "./io.ts";
import { connectIo, five, readOnce } from "./io.ts";
import { CONVERTERS } from "./cable.ts";
import type { Lab } from "./lab.ts";
import { createLab } from "./lab.ts";
import { describeOnUno } from "./needed.ts";
import type { Pace } from "./silicon.ts";
import type { Sketch } from "./sketch.ts";

const ADC = 0x48;
const DAC = 0x4c;
const RANGE = 0x20;
const LOAD_CELL = 0x2a;
const NOBODY_ADDRESS = 0x33;
const RELAY = 7;
const HEARTBEAT = 8;
/** A turn of StandardFirmata's loop takes less. */
const LOOP_MS = 0.05;

/** The message that firmata-io sends for a read of two bytes from the DAC, register not named. */
const READ_DAC = Uint8Array.of(0xf0, 0x76, DAC, 0x08, 2, 0, 0xf7);

function labOf(sketch: Sketch, pace?: Pace): Lab {
  const world = createWorld({ cell: cellOf("bareNa"), seed: 1 });
  return createLab({
    world,
    code: sketch.code,
    relayPin: RELAY,
    heartbeatPin: HEARTBEAT,
    ...(pace && { pace }),
  });
}

describeOnUno("the emulated Uno", (sketch) => {
  let lab: Lab;
  let io: Io;
  const said: string[] = [];

  beforeAll(async () => {
    lab = labOf(sketch);
    io = await connectIo(lab, lab.plug().transport);
    io.on("string", (text: string) => said.push(text));
    io.i2cConfig();
  });

  test("shakes hands as StandardFirmata 2.5 after its boot, in virtual time", () => {
    expect(io.firmware.name).toBe("StandardFirmata.ino");
    expect(io.firmware.version).toEqual({ major: 2, minor: 5 });
    expect(io.pins.length).toBe(20);
    expect(lab.now()).toBeGreaterThan(1500);
    expect(lab.now()).toBeLessThan(3000);
  });

  test("reads the ADS1115: a conversion started over the wire, its result as in the chip", () => {
    io.i2cWrite(ADC, [1, 0xc3, 0xe3]);
    expect(readOnce(lab, io, ADC, 1, 2)).toEqual([0xc3, 0xe3]);
    const code = lab.world.adc.registers[0];
    expect(code).not.toBe(0);
    expect(readOnce(lab, io, ADC, 0, 2)).toEqual([code >> 8, code & 0xff]);
    expect(readOnce(lab, io, ADC, -1, 2)).toEqual([code >> 8, code & 0xff]);
  });

  test("writes the AD5693R, and reads it back", () => {
    io.i2cWrite(DAC, [0x30, 0x12, 0x34]);
    expect(readOnce(lab, io, DAC, -1, 2)).toEqual([0x12, 0x34]);
    expect(lab.world.dac.dacRegister).toBe(0x1234);
    io.i2cWrite(DAC, [0x30, 0x80, 0x00]);
    expect(readOnce(lab, io, DAC, -1, 2)).toEqual([0x80, 0x00]);
  });

  test("switches the MCP23008's outputs and reads register after register", () => {
    io.i2cWrite(RANGE, [0x00, 0xf0]);
    io.i2cWrite(RANGE, [0x0a, 0x02]);
    expect(readOnce(lab, io, RANGE, 0x0a, 1)).toEqual([2]);
    expect(readOnce(lab, io, RANGE, 0x00, 3)).toEqual([0xf0, 0, 0]);
    expect(lab.world.frontend.ranges.map(({ wanted }) => wanted)).toEqual([0, 1, 0, 0]);
  });

  test("reads the NAU7802, whose result register clears its ready bit once read", () => {
    io.i2cWrite(LOAD_CELL, [0x00, 0x06]);
    lab.run(lab.now() + 300);
    io.i2cWrite(LOAD_CELL, [0x00, 0x96]);
    lab.run(lab.now() + 700);
    const ready = readOnce(lab, io, LOAD_CELL, 0x00, 1) ?? [0];
    expect(ready[0] & 0x20).toBe(0x20);
    const value = readOnce(lab, io, LOAD_CELL, 0x12, 3) ?? [];
    expect(value).toEqual(Array.from(lab.world.loadCell.registers.subarray(0x12, 0x15)));
    expect(value).not.toEqual([0, 0, 0]);
    const after = readOnce(lab, io, LOAD_CELL, 0x00, 1) ?? [0xff];
    expect(after[0] & 0x20).toBe(0);
  });

  test("says so when nobody answers a read, and nothing when nobody takes a write", () => {
    said.length = 0;
    io.i2cWrite(NOBODY_ADDRESS, [1, 2, 3]);
    lab.run(lab.now() + 20);
    expect(said).toEqual([]);
    readOnce(lab, io, NOBODY_ADDRESS, 0, 2);
    expect(said).toEqual(["I2C: Too few bytes received"]);
  });

  test("loses bytes when more are on their way than its ring of 64 holds", () => {
    for (let i = 0; i < 60; i++) io.transport.write(READ_DAC);
    let wire = 0;
    io.on(`I2C-reply-${DAC}-0`, () => wire++);
    lab.run(lab.now() + 1000);
    expect(wire).toBeGreaterThan(20);
    expect(wire).toBeLessThan(60);
    // Whatever half a message it was left with.
    io.transport.write(Uint8Array.of(0xf7));
    expect(readOnce(lab, io, DAC, -1, 2)).toEqual([0x80, 0x00]);
  });
});

describeOnUno("the emulated Uno under johnny-five", (sketch) => {
  test("feeds a relay through the keep-alive, until 2 s after the last beat at most", async () => {
    const lab = labOf(sketch);
    const io = await connectIo(lab, lab.plug().transport);
    const board = new five.Board({ io, repl: false, debug: false, sigint: false });
    let ready = false;
    board.once("ready", () => (ready = true));
    expect(await lab.settle(1000, () => ready)).toBe(true);
    const relay = new five.Relay({ board, pin: RELAY });
    const { output } = lab.world.frontend;
    relay.close();
    lab.run(lab.now() + 50);
    expect(lab.uno.pin(RELAY)).toBe(true);
    // Nothing has fed the pump yet.
    expect(output.position).toBe(0);
    io.pinMode(HEARTBEAT, io.MODES["OUTPUT"]);
    let level: 0 | 1 = 0;
    for (let i = 0; i < 20; i++) {
      level = level === 0 ? 1 : 0;
      io.digitalWrite(HEARTBEAT, level);
      lab.run(lab.now() + 100);
    }
    expect(lab.uno.beats).toBe(20);
    expect(output.position).toBe(1);
    const last = lab.now();
    while (output.position === 1 && lab.now() < last + 5000) lab.run(lab.now() + 10);
    expect(lab.now() - last).toBeGreaterThan(300);
    expect(lab.now() - last).toBeLessThan(2000);
    expect(lab.uno.pin(RELAY)).toBe(true);
  });
});

/** What left the chip and came to the host, and when, in ms. */
interface Story {
  what: string[];
  when: number[];
}

/** A run that uses all of the chip. */
async function story(sketch: Sketch, pace: Pace): Promise<Story> {
  const told: Story = { what: [], when: [] };
  const note = (what: string, when: number): void => {
    told.what.push(what);
    told.when.push(when);
  };
  const lab = labOf(sketch, pace);
  const cable = lab.plug(CONVERTERS.none);
  const { onSend } = lab.uno;
  lab.uno.onSend = (byte, timeMs) => {
    note(`sent ${byte}`, timeMs);
    onSend(byte, timeMs);
  };
  lab.uno.wires.onWrite = (address, bytes) => note(`to ${address}: ${String(bytes)}`, lab.now());
  const io = await connectIo(lab, cable.transport);
  io.i2cConfig();
  io.pinMode(HEARTBEAT, io.MODES["OUTPUT"]);
  io.reportAnalogPin(0, 1);
  for (let i = 0; i < 40; i++) {
    io.i2cWrite(ADC, [1, 0xc3, 0xe3]);
    io.i2cWrite(DAC, [0x30, 0x80, i]);
    for (const [address, count] of [
      [ADC, 2],
      [DAC, 2],
      [RANGE, 3],
    ]) {
      note(`read ${String(readOnce(lab, io, address, 0, count))}`, lab.now());
    }
    io.digitalWrite(HEARTBEAT, i % 2 === 0 ? 1 : 0);
    lab.run(lab.now() + 10 * (i % 5));
    note(`${lab.uno.beats} beats`, lab.now());
  }
  return told;
}

describeOnUno("the emulation's shortcuts", (sketch) => {
  let steps: Story;

  beforeAll(async () => {
    steps = await story(sketch, "steps");
    expect(steps.what.length).toBeGreaterThan(1000);
  });

  test("passing over idle loops changes nothing, to the cycle", async () => {
    expect(await story(sketch, "quick")).toEqual(steps);
  });

  test("a timer without an event a count changes no byte, and its time hardly", async () => {
    // avr8js carries out one event an instruction: its timers keep the others waiting, and what
    // waits for the sketch's loop comes a turn of it sooner or later.
    const timers = await story(sketch, "timers");
    expect(timers.what).toEqual(steps.what);
    const apart = timers.when.map((ms, i) => Math.abs(ms - steps.when[i]));
    expect(Math.max(...apart)).toBeLessThan(LOOP_MS);
  });
});
