// The bundle that is flashed, as rollup and terser make it, against the TypeScript it came from:
// whole runs at register level, in a global scope like the interpreter's.
import { beforeAll, describe, expect, test } from "vitest";
import { crc32 as zlibCrc32 } from "node:zlib";
import { NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import { FAULT_CONFIG } from "../../firmware/fault.ts";
import type { EventMessage } from "../../firmware/telemetry.ts";
import { EVENT_FAULT, EVENT_SHORT, EVENT_START, EVENT_STEP } from "../../firmware/telemetry.ts";
import { EVENT_VERDICT, VERDICT_HARD, decodeEvent } from "../../firmware/telemetry.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { FRAM_ADDRESS } from "../../sim/chip/fram.ts";
import { plainBundle, shippedBundle } from "./build.ts";
import { boot } from "./device.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { createMachine } from "./machine.ts";
import type { Runnable } from "./specimen.ts";
import { START_MS, runToVerdict, simulate, specimen, worldOf } from "./specimen.ts";

const BOARD = "mdbt42q";
const DEADLINE_MS = 10 * 3600e3;
// The pellet of the reference study, from 0.3 mA/cm²: shorts in its third level.
const bareNa = specimen({ start: 0.3, step: 0.1, charge: 0.2, thickness: 0.162 }, 1);

interface Run {
  device: Runnable;
  machine: Machine;
  events: EventMessage[];
}

function eventsOf(lines: readonly string[]): EventMessage[] {
  return lines.map(decodeEvent).filter((event) => event !== null);
}

async function run(code: string, options: MachineOptions = {}): Promise<Run> {
  const machine = createMachine(worldOf(bareNa), options);
  const device = boot(code, machine);
  await runToVerdict(device, DEADLINE_MS);
  return { device, machine, events: eventsOf(device.lines) };
}

let code: string;
let shipped: Run;

beforeAll(async () => {
  code = await shippedBundle(BOARD);
  shipped = await run(code);
});

describe("a CCD test of bare sodium", () => {
  test("ends with the hard short's bracket", () => {
    const verdict = shipped.events.at(-1);
    expect(verdict?.code).toBe(EVENT_VERDICT);
    expect(verdict?.values[0]).toBe(VERDICT_HARD);
  });

  test("is told to the byte as before minification", async () => {
    const plain = await run(await plainBundle(BOARD));
    expect(shipped.device.lines).toEqual(plain.device.lines);
    expect(shipped.machine.trace).toEqual(plain.machine.trace);
  });

  test("is told as by the TypeScript core on the simulated board", async () => {
    const core = simulate(bareNa);
    await runToVerdict(core, DEADLINE_MS);
    const events = eventsOf(core.lines);
    expect(shipped.events.map(({ code }) => code)).toEqual(events.map(({ code }) => code));
    shipped.events.forEach((event, i) => expectSame(event, events[i]));
  });

  test("comes to the same events with the clock of the chip, 32768 Hz", async () => {
    const coarse = await run(code, { tickMs: 1000 / 32768 });
    expect(shipped.events.map(({ code }) => code)).toEqual(coarse.events.map(({ code }) => code));
    coarse.events.forEach((event, i) => expectSame(event, shipped.events[i]));
  });
});

// The board's frames are at least 50 ms apart, the simulated board's 20 ms: a half cycle that its
// charge ends may end up to 30 ms later. Each frame more or less also shifts the drawn noise, so a
// short, which takes some tens of frames to be believed, may be so some seconds earlier or later.
// Its evidence, a resistance at that moment, then differs by the fluctuation of the cell's contact
// (standard deviation 0.1); all that is counted up over the run differs by far less.
const STEP_MS = 30;
const SHORT_MS = 10_000;
const RESISTANCE = 0.1;
const RELATIVE = 0.005;
const PER_MILLE = 20;

/** Fields of the two that are measured or counted up; all other fields must be equal. */
const measured: Record<number, number[]> = {
  [EVENT_SHORT]: [2, 3, 4],
  [EVENT_VERDICT]: [1, 9, 10],
};

function expectSame(event: EventMessage, other: EventMessage): void {
  const label = `${event.code} at ${other.timeMs} ms`;
  const fields = measured[event.code] ?? [];
  const exact = ({ values }: EventMessage): number[] =>
    values.filter((_, i) => !fields.includes(i));
  expect(exact(event), label).toEqual(exact(other));
  const toleranceMs = event.code === EVENT_STEP ? STEP_MS * event.values[1] : SHORT_MS;
  expect(Math.abs(event.timeMs - other.timeMs), label).toBeLessThanOrEqual(toleranceMs);
  for (const i of fields) {
    const relative = event.code === EVENT_SHORT ? RESISTANCE : RELATIVE;
    const tolerance = Math.max(PER_MILLE, relative * Math.abs(other.values[i]));
    expect(Math.abs(event.values[i] - other.values[i]), label).toBeLessThanOrEqual(tolerance);
  }
}

describe("the relay", () => {
  test("goes to the cell only after the zero code was written and read back", () => {
    const { closings } = shipped.machine.trace;
    expect(closings.length).toBeGreaterThan(0);
    for (const { code, codeRead } of closings) {
      expect([code, codeRead]).toEqual([NOMINAL_CODE_MID, NOMINAL_CODE_MID]);
    }
    expect(closings[0].timeMs).toBeGreaterThan(START_MS);
  });

  test("is at rest after the verdict, and no current flows through the cell", () => {
    shipped.machine.next(shipped.device.now() + 20);
    expect(shipped.machine.world.keepAlive.relayWanted).toBe(false);
    expect(shipped.machine.world.cell.currentA).toBeCloseTo(0, 15);
  });
});

describe("the platform", () => {
  test("is set up once, in this order, the console last to be freed", () => {
    expect(shipped.machine.trace.calls).toEqual([
      "I2C1.setup D15 D14 400000",
      "Serial1.setup 115200 D6 D8",
      'E.setConsole null {"force":true}',
      "Serial1.on data",
      "E.enableWatchdog 2 false",
    ]);
  });

  test("gets a heartbeat and a kick with every frame, and the keep-alive never expires", () => {
    const { trace, world } = shipped.machine;
    const frames = JSON.parse(
      shipped.device.lines.filter((l) => l.startsWith('["d"')).at(-1) ?? "",
    );
    expect(trace.beats).toBe(trace.kicks);
    expect(trace.beats).toBeGreaterThanOrEqual(frames[1]);
    expect(world.keepAlive.expired).toBe(false);
  });

  test("is left alone while the button is held at boot: no bus, no console, no relay", async () => {
    const machine = createMachine(worldOf(bareNa), { buttonHeld: true });
    const device = boot(code, machine);
    device.send("start");
    await device.runUntil(60_000);
    const nothing = { lines: [], calls: [], closings: [], beats: 0, kicks: 0, transfers: 0 };
    expect(machine.trace).toEqual(nothing);
    expect(machine.world.keepAlive).toMatchObject({ relayWanted: false, kicks: 0 });
  });
});

describe("memory", () => {
  async function startOn(machine: Machine, crc?: (bytes: Uint8Array) => number): Promise<Run> {
    const device = boot(code, machine, crc);
    await device.runUntil(START_MS);
    device.send("start");
    await device.runUntil(START_MS + 1000);
    return { device, machine, events: eventsOf(device.lines) };
  }

  function expectRefused({ events, machine }: Run): void {
    const fault = events.find((event) => event.code === EVENT_FAULT);
    expect(fault?.values).toEqual([FAULT_CONFIG]);
    expect(machine.trace.closings).toEqual([]);
  }

  test("is checked by E.CRC32, which is CRC-32/IEEE like ours", async () => {
    const check = Uint8Array.from("123456789", (digit) => digit.charCodeAt(0));
    const block = bareNa.memory.subarray(0, 300);
    for (const bytes of [check, block, new Uint8Array(0)]) {
      expect(crc32(bytes)).toBe(zlibCrc32(bytes));
    }
    expect(crc32(check)).toBe(0xcbf43926);
    const accepted = await startOn(createMachine(worldOf(bareNa)));
    expect(accepted.events[0].code).toBe(EVENT_START);
    expect(accepted.events.some((event) => event.code === EVENT_FAULT)).toBe(false);
    // The same polynomial without its final inversion.
    const other = (bytes: Uint8Array): number => ~zlibCrc32(bytes) >>> 0;
    expectRefused(await startOn(createMachine(worldOf(bareNa)), other));
  });

  test("that does not answer keeps the channel off, and no exception escapes", async () => {
    const machine = createMachine(worldOf(bareNa));
    const deaf: Machine = {
      ...machine,
      writeTo: (address, bytes) => address !== FRAM_ADDRESS && machine.writeTo(address, bytes),
    };
    expectRefused(await startOn(deaf));
  });
});
