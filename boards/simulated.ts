// The default channel on the simulated bench: the drivers and firmware of the real boards over
// virtual chips. Frames of 1 s, so that months run quickly.
import type { Shell } from "../firmware/main.ts";
import { start } from "../firmware/main.ts";
import {
  AIN0_AIN3,
  AIN1_AIN3,
  AIN2_AIN3,
  ads1115Input,
  createAds1115,
} from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { createMcp23008 } from "../hal/gpio/mcp23008.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { createArrayMemory } from "../hal/memory/array.ts";
import { crc32 } from "../hal/memory/crc32.ts";
import { createFram } from "../hal/memory/fram.ts";
import type { Board, Capabilities, Line, Memory, Part } from "../hal/port.ts";
import { createScan } from "../hal/scan.ts";
import type { Translate } from "../sim/copy.ts";
import { copyInto } from "../sim/copy.ts";
import type { SimPort, TaskFunction } from "../sim/port.ts";
import { createPort } from "../sim/port.ts";
import type { World, WorldOptions } from "../sim/world.ts";
import { createWorld } from "../sim/world.ts";
import { CIRCUIT, COMPLIANCE_V, MEMORY_AREAS, RANGES_A } from "./default-channel.ts";

export type { CellInput } from "../sim/cell-state.ts";
export { CIRCUIT, MEMORY_AREAS } from "./default-channel.ts";

/** Zero current, before calibration. */
export const NOMINAL_CODE_MID = 32768;

/** What the simulated board can do. */
export const SIMULATED: Capabilities = {
  name: "simulated",
  framePeriodMinMs: 20,
  framePeriodMs: 1000,
  rangesA: RANGES_A,
  complianceV: COMPLIANCE_V,
};

const ENVELOPE = {
  currentMaxA: 0.0125,
  voltageMaxV: COMPLIANCE_V,
  temperatureMinC: 0,
  temperatureMaxC: 60,
  forceMaxN: 9000,
};

/** `cell` and `seed` make the world, `memory` is what the board's FRAM holds at power-on.
 *  `completion` is when I2C answers: inside the call (Espruino) or later (Firmata). */
export interface SimulatedOptions extends Omit<WorldOptions, "fram"> {
  memory: Uint8Array;
  completion?: "inline" | "deferred";
  /** Distance of frames, ms; 1000 unless said otherwise. */
  framePeriodMs?: number;
}

/** A simulated channel, switched on. */
export interface SimulatedChannel {
  /** A line to the firmware: "start" or "stop". */
  send(line: string): void;
  onLine(listener: (text: string) => void): void;
  /** Virtual ms since power-on. */
  now(): number;
  runUntil(timeMs: number): void;
  readonly world: World;
  readonly shell: Shell;
  /** Another channel that goes on from here on its own; it has no listener yet. */
  fork(): SimulatedChannel;
}

interface Rig {
  readonly world: World;
  readonly port: SimPort;
  readonly shell: Shell;
  readonly parts: readonly Part[];
  readonly link: Link;
}

interface Link {
  readonly line: Line;
  toBoard: (text: string) => void;
  toHost: (text: string) => void;
}

function createLink(): Link {
  const link: Link = {
    line: {
      open: (onLine) => {
        link.toBoard = onLine;
      },
      write: (text) => {
        link.toHost(text);
        return true;
      },
    },
    toBoard: () => {},
    toHost: () => {},
  };
  return link;
}

function createRig(options: SimulatedOptions): Rig {
  const inline = options.completion !== "deferred";
  const world = createWorld({ ...options, fram: options.memory });
  const port = createPort(world, inline ? "inline" : "deferred");
  const adc = createAds1115(port.i2c, 0x48);
  const dac = createAd5693r(port.i2c, 0x4c);
  const range = createMcp23008(port.i2c, 0x20);
  const force = createNau7802(port.i2c);
  const fram = createFram(port.i2c, 0x50, MEMORY_AREAS, crc32);
  const file = createArrayMemory(options.memory, MEMORY_AREAS, crc32);
  const memory: Memory = inline ? fram : file;
  const scan = createScan({
    clock: port.clock,
    voltage: ads1115Input(adc, AIN0_AIN3),
    current: ads1115Input(adc, AIN1_AIN3),
    temperature: ads1115Input(adc, AIN2_AIN3),
    force,
    dac,
    range,
    relay: port.relay,
    mainsHz: 50,
  });
  const parts: Part[] = [adc, dac, range, force, fram, file, scan];
  for (const part of parts) port.declare(part.tasks as readonly TaskFunction[]);
  const framePeriodMs = options.framePeriodMs ?? SIMULATED.framePeriodMs;
  const link = createLink();
  const board: Board = {
    clock: port.clock,
    scan,
    dac,
    range,
    relay: port.relay,
    memory,
    line: link.line,
    watchdog: port.watchdog,
    circuit: CIRCUIT,
    capabilities: { ...SIMULATED, framePeriodMs },
  };
  return { world, port, shell: start(board, ENVELOPE), parts, link };
}

/** Makes `to`, a rig of the same options, stand where `from` stands. */
function align(to: Rig, from: Rig): void {
  const translate: Translate = (found) => to.port.taskOf(from.port.idOf(found as TaskFunction));
  copyInto(to.world, from.world, translate);
  to.parts.forEach((part, i) => copyInto(part.state, from.parts[i].state, translate));
  copyInto(to.shell.channel, from.shell.channel, translate);
  copyInto(to.shell.state, from.shell.state, translate);
}

function wrap(rig: Rig, options: SimulatedOptions): SimulatedChannel {
  return {
    send: (line) => rig.link.toBoard(line),
    onLine: (listener) => {
      rig.link.toHost = listener;
    },
    now: () => rig.port.clock.now(),
    runUntil: (timeMs) => rig.port.runUntil(timeMs),
    world: rig.world,
    shell: rig.shell,
    fork: () => {
      const other = createRig(options);
      align(other, rig);
      return wrap(other, options);
    },
  };
}

/** A simulated channel with its chips powered and its firmware booted. */
export function createSimulated(options: SimulatedOptions): SimulatedChannel {
  return wrap(createRig(options), options);
}
