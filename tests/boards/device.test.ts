// The bundles that are flashed, as rollup and terser make them, against the TypeScript they came
// from: whole runs at register level, in a global scope like the interpreter's.
import { crc32 as zlibCrc32 } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import { FAULT_CONFIG } from "../../firmware/fault.ts";
import type { EventMessage } from "../../firmware/telemetry.ts";
import { EVENT_FAULT, EVENT_PROOF, EVENT_START } from "../../firmware/telemetry.ts";
import { EVENT_VERDICT, METHOD_BOUND, METHOD_HALF_CURRENT } from "../../firmware/telemetry.ts";
import { METHOD_INTERRUPT, METHOD_SINE, VERDICT_HARD } from "../../firmware/telemetry.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { deviceBoards } from "../../rollup.config.ts";
import { FRAM_ADDRESS } from "../../sim/chip/fram.ts";
import { DEVICE_BOARDS, ESPRUINO_PICO, MDBT42Q } from "./boards.ts";
import { plainBundle, shippedBundle } from "./build.ts";
import { boot } from "./device.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { createMachine } from "./machine.ts";
import { eventsOf, evidenceOf, expectSameStory } from "./same-events.ts";
import type { Runnable } from "./specimen.ts";
import { START_MS, runToVerdict, simulate, specimen, worldOf } from "./specimen.ts";

const DEADLINE_MS = 10 * 3600e3;
// The pellet of the reference study, from 0.3 mA/cm²: shorts in its third level.
const STAIRCASE = { start: 0.3, step: 0.1, charge: 0.2, thickness: 0.162 };
/** Without the rules that learn a short is told while its bridge still grows, and its resistance at
 *  that moment hangs on the microseconds of a timer; less so with the second seed. */
const SEED = 1;
const SEED_OF_STEADY_BRIDGE = 3;

/** Boards whose bundle differs from that of stm32f405 in pins, probe and load cell only. */
const COMPOSED_ALIKE = ["espruino-wifi", "jolt", "esp32", "pico2"];

interface Run {
  device: Runnable;
  machine: Machine;
  events: EventMessage[];
}

test("all boards that are built are tested", () => {
  expect(DEVICE_BOARDS.map(({ name }) => name)).toEqual(deviceBoards);
});

describe.each(DEVICE_BOARDS)("the bundle of $name", (board) => {
  const { button, scl, sda, tx, rx, hx711Clock, hx711Data } = board.pins;
  const { norClock, norIn, norOut } = board.pins;
  const ofButton = board.buttonMode === "" ? [] : [`${button}.mode ${board.buttonMode}`];
  const bareNa = specimen(STAIRCASE, board === MDBT42Q ? SEED_OF_STEADY_BRIDGE : SEED);
  let code: string;
  let shipped: Run;

  function machineOf(options: MachineOptions = {}): Machine {
    return createMachine(board, worldOf(bareNa, board), options);
  }

  async function run(bundle: string, options: MachineOptions = {}): Promise<Run> {
    const machine = machineOf(options);
    const device = boot(bundle, machine);
    await runToVerdict(device, DEADLINE_MS);
    return { device, machine, events: eventsOf(device.lines) };
  }

  beforeAll(async () => {
    code = await shippedBundle(board.name);
    shipped = await run(code);
  });

  describe("a CCD test of bare sodium", () => {
    test("ends with the hard short's bracket", () => {
      const verdict = shipped.events.at(-1);
      expect(verdict?.code).toBe(EVENT_VERDICT);
      expect(verdict?.values[0]).toBe(VERDICT_HARD);
    });

    test("is told as by the TypeScript core on the simulated board", async () => {
      const core = simulate(bareNa, board);
      await runToVerdict(core, DEADLINE_MS);
      expectSameStory(shipped.device.lines, core.lines);
    });

    if (!COMPOSED_ALIKE.includes(board.name)) {
      test("is told to the byte as before minification", async () => {
        const plain = await run(await plainBundle(board.name));
        expect(shipped.device.lines).toEqual(plain.device.lines);
        expect(shipped.machine.trace).toEqual(plain.machine.trace);
      });

      test("is told the same with the clock of a chip, 32768 Hz", async () => {
        const coarse = await run(code, { tickMs: 1000 / 32768 });
        expectSameStory(coarse.device.lines, shipped.device.lines);
      });
    }

    test("comes with the proofs and the evidence that the board carries, and no other", () => {
      const proofs = shipped.events.filter((event) => event.code === EVENT_PROOF);
      const methods = [...new Set(proofs.map(({ values }) => values[0]))].sort((a, b) => a - b);
      const evidence = evidenceOf(shipped.device.lines);
      // A symmetric cell at rest has nothing to say; all other methods have.
      const few = board === MDBT42Q || board === ESPRUINO_PICO;
      const all = few ? [] : [METHOD_HALF_CURRENT, METHOD_SINE];
      expect(methods).toEqual([METHOD_INTERRUPT, ...all, METHOD_BOUND]);
      const kinds = board === MDBT42Q ? [] : [false, true];
      expect(new Set(evidence.map(([, isBurst]) => isBurst))).toEqual(new Set(kinds));
    });
  });

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
      // A bus that asks each chip is set up after each question.
      expect([...new Set(shipped.machine.trace.calls)]).toEqual([
        ...ofButton,
        `${board.serial}.setup 115200 ${tx} ${rx}`,
        'E.setConsole null {"force":true}',
        ...(hx711Data === ""
          ? []
          : [`SPI.setup ${hx711Clock} ${hx711Data} 1`, `${hx711Data}.mode input_pullup`]),
        ...(norClock === "" ? [] : [`SPI1.setup ${norClock} ${norIn} ${norOut} 8000000`]),
        `${scl}.mode opendrain`,
        `${sda}.mode opendrain`,
        `I2C1.setup ${scl} ${sda} 400000`,
        `${board.serial}.on data`,
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

    test("is left alone while the button is held: no bus, no console, no relay", async () => {
      const machine = machineOf({ buttonHeld: true });
      const device = boot(code, machine);
      device.send("start");
      await device.runUntil(60_000);
      const none = { beats: 0, kicks: 0, transfers: 0, flashes: 0 };
      const nothing = { lines: [], calls: ofButton, closings: [], ...none };
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
      const accepted = await startOn(machineOf());
      expect(accepted.events[0].code).toBe(EVENT_START);
      expect(accepted.events.some((event) => event.code === EVENT_FAULT)).toBe(false);
      // The same polynomial without its final inversion.
      const other = (bytes: Uint8Array): number => ~zlibCrc32(bytes) >>> 0;
      expectRefused(await startOn(machineOf(), other));
    });

    test("that does not answer keeps the channel off, and no exception escapes", async () => {
      const machine = machineOf();
      const deaf: Machine = {
        ...machine,
        writeTo: (address, bytes) => address !== FRAM_ADDRESS && machine.writeTo(address, bytes),
      };
      expectRefused(await startOn(deaf));
    });
  });
});
