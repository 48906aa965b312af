// The default channel on the simulated bench: the drivers and firmware of the real boards over
// virtual chips. Frames of 1 s, so that months run quickly.
import { approaching } from "../firmware/approach.ts";
import type { Datalog } from "../firmware/datalog.ts";
import type { Features } from "../firmware/features.ts";
import type { Shell } from "../firmware/main.ts";
import { start } from "../firmware/main.ts";
import { createHx711 } from "../hal/loadcell/hx711.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { createArrayMemory } from "../hal/memory/array.ts";
import { crc32 } from "../hal/memory/crc32.ts";
import type { Board, Capabilities, Memory, Part } from "../hal/port.ts";
import type { Translate } from "../sim/copy.ts";
import { copyInto } from "../sim/copy.ts";
import type { Oracle, Statement } from "../sim/oracle-state.ts";
import { createStatement } from "../sim/oracle-state.ts";
import { tell } from "../sim/oracle-tell.ts";
import type { SimPort, TaskFunction } from "../sim/port.ts";
import { createPort } from "../sim/port.ts";
import { survive } from "../sim/reset.ts";
import type { World, WorldOptions } from "../sim/world.ts";
import { createWorld } from "../sim/world.ts";
import { CIRCUIT, COMPLIANCE_V, ENVELOPE, MEMORY_AREAS, RANGES_A } from "./default-channel.ts";
import { fitDrivers } from "./default-drivers.ts";
import { EVERY_FEATURE } from "./every-feature.ts";
import type { Link } from "./simulated-link.ts";
import { createLink } from "./simulated-link.ts";
import { createLog } from "./simulated-log.ts";
import { tasksOf } from "./simulated-tasks.ts";
import { testify } from "./simulated-witness.ts";

export type { CellInput } from "../sim/cell-state.ts";
export { CIRCUIT, MEMORY_AREAS } from "./default-channel.ts";

/** Readings in 200 ms at the simulated board's shortest period. */
const BURST_MAX = 160;
/** Zero current, before calibration. */
export const NOMINAL_CODE_MID = 32768;

/** What the simulated board can do. */
export const SIMULATED: Capabilities = {
  name: "simulated",
  framePeriodMinMs: 20,
  framePeriodMs: 1000,
  burstPeriodUs: 1250,
  rangesA: RANGES_A,
  complianceV: COMPLIANCE_V,
};

/** All there is but a light and a button; nearer frames before a cut-off. */
const FEATURES: Features = {
  ...EVERY_FEATURE,
  panel: undefined,
  prover: EVERY_FEATURE.prover && approaching(EVERY_FEATURE.prover),
};

/** `cell` and `seed` make the world, `plan` breaks it, an `oracle` watches it (with a plan, unless
 *  said otherwise); `memory` is what the board's FRAM holds at power-on. `completion` is when I2C
 *  answers: inside the call (Espruino) or later (Firmata). */
export interface SimulatedOptions extends Omit<WorldOptions, "fram"> {
  memory: Uint8Array;
  /** What the board carries beyond the core; all there is unless given. */
  features?: Features;
  /** In place of the simulated board's own, to stand for another board. */
  capabilities?: Partial<Capabilities>;
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
  /** That of the firmware that runs now: a reset of the processor replaces it. */
  readonly shell: Shell;
  /** The judge at the cell's terminals, null when nobody watches. */
  readonly oracle: Oracle | null;
  /** Another channel that goes on from here on its own; it has no listener yet. */
  fork(): SimulatedChannel;
}

interface Rig {
  readonly world: World;
  readonly port: SimPort;
  readonly link: Link;
  readonly told: Statement;
  /** The memory of a board whose bus answers later: a file, which outlives a reset. */
  readonly file: Memory & Part;
  firmware: Firmware;
}

/** What a reset of the processor loses. */
interface Firmware {
  readonly shell: Shell;
  readonly parts: readonly Part[];
  readonly log: Datalog | null;
}

/** Tells the oracle what the firmware means to do now: with each frame, before it takes effect. */
function testifyFor(rig: Rig): void {
  const { world, told, link } = rig;
  if (world.oracle === null) return;
  testify(told, rig.firmware.shell.channel, link.said.reasons);
  tell(world, world.oracle, told);
}

function createRig(options: SimulatedOptions): Rig {
  const world = createWorld({ ...options, fram: options.memory });
  const port = createPort(world, options.completion ?? "inline");
  const rig = {
    world,
    port,
    link: createLink(() => world.faults.hostLost || world.faults.resetPending),
    told: createStatement(),
    file: createArrayMemory(options.memory, MEMORY_AREAS, crc32),
  } as Rig;
  while (!boot(rig, options)) port.restart();
  return rig;
}

/** Starts the firmware; false = a reset struck while it did. */
function boot(rig: Rig, options: SimulatedOptions): boolean {
  return survive(rig.world, () => {
    rig.firmware = startFirmware(rig, options);
  });
}

/** The channel's drivers on this port's bus, and what of them a copy has to carry over. */
function fit({ port, file }: Rig, options: SimulatedOptions) {
  const { i2c, clock, relay } = port;
  const handClocked = options.chips?.loadCell === "hx711";
  const force = handClocked ? createHx711(port.twoWire) : createNau7802(i2c);
  const drivers = fitDrivers(i2c, clock, relay, force, BURST_MAX, crc32);
  const memory = options.completion === "deferred" ? file : drivers.memory;
  const { adc, dac, range, scan } = drivers;
  const parts: Part[] = [adc, dac, range, force, drivers.memory, file, scan];
  for (const part of parts) port.declare(tasksOf(part) as TaskFunction[]);
  return { scan, dac, range, memory, parts };
}

function startFirmware(rig: Rig, options: SimulatedOptions): Firmware {
  const { port, link } = rig;
  const { parts, ...fitted } = fit(rig, options);
  const framePeriodMs = options.framePeriodMs ?? SIMULATED.framePeriodMs;
  const board: Board = {
    ...fitted,
    clock: port.clock,
    relay: port.relay,
    line: link.line,
    watchdog: port.watchdog,
    circuit: CIRCUIT,
    capabilities: { ...SIMULATED, framePeriodMs, ...options.capabilities },
  };
  const seen = witnessed(rig, board);
  const log = options.chips?.log === "w25q32" ? createLog(seen, port.spi) : null;
  const shell = start(log?.board ?? seen, ENVELOPE, options.features ?? FEATURES);
  log?.follow(shell);
  port.declare(shell.tasks as readonly TaskFunction[]);
  return { shell, parts, log };
}

/** The board with the oracle told twice a frame, after its command and before the next frame; and
 *  ahead of a code that lets a current flow. */
function witnessed(rig: Rig, board: Board): Board {
  if (rig.world.oracle === null) return board;
  const { scan, watchdog, dac } = board;
  const request: typeof scan.request = (settings) => {
    testifyFor(rig);
    scan.request(settings);
  };
  const kick = (): void => {
    testifyFor(rig);
    watchdog.kick();
  };
  const write: typeof dac.write = (code) => {
    if (rig.firmware.shell.channel.loop.setpoint !== 0) testifyFor(rig);
    return dac.write(code);
  };
  const told = { dac: { ...dac, write }, scan: { ...scan, request } };
  return { ...board, ...told, watchdog: { ...watchdog, kick } };
}

/** Runs until `timeMs` of virtual time; a processor that was reset is started again. */
function runRig(rig: Rig, options: SimulatedOptions, timeMs: number): void {
  while (!rig.port.runUntil(timeMs)) {
    do rig.port.restart();
    while (!boot(rig, options));
  }
}

/** Makes `to`, a rig of the same options, stand where `from` stands. */
function align(to: Rig, from: Rig): void {
  const translate: Translate = (found) => to.port.taskOf(from.port.idOf(found as TaskFunction));
  copyInto(to.world, from.world, translate);
  const [ours, theirs] = [to.firmware, from.firmware];
  ours.parts.forEach((part, i) => copyInto(part.state, theirs.parts[i].state, translate));
  copyInto(ours.shell.channel, theirs.shell.channel, translate);
  copyInto(ours.shell.state, theirs.shell.state, translate);
  if (ours.log && theirs.log) copyInto(ours.log.state, theirs.log.state, translate);
  to.link.said.reasons = from.link.said.reasons;
}

function wrap(rig: Rig, options: SimulatedOptions): SimulatedChannel {
  return {
    send: (line) => {
      if (!rig.world.faults.hostLost) rig.link.toBoard(line);
    },
    onLine: (listener) => {
      rig.link.toHost = listener;
    },
    now: () => rig.world.clock.nowMs,
    runUntil: (timeMs) => runRig(rig, options, timeMs),
    world: rig.world,
    get shell() {
      return rig.firmware.shell;
    },
    oracle: rig.world.oracle,
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
