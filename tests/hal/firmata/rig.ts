// A whole channel over Firmata: the core and the adapter of a board, johnny-five on firmata-io, a
// cable, the emulated Uno, and the simulated chips, cell and keep-alive, watched by the oracle.
import type { FirmataBoard, FirmataChannel } from "../../../boards/firmata-channel.ts";
import { crc32, HEARTBEAT_PIN, MEMORY_AREAS } from "../../../boards/firmata-channel.ts";
import { RELAY_PIN, startFirmata } from "../../../boards/firmata-channel.ts";
import { FIRMATA_UNO } from "../../../boards/firmata-uno.ts";
import { testify } from "../../../boards/simulated-witness.ts";
import type { FirmataIo } from "../../../hal/firmata/io.ts";
import type { Flash } from "../../../hal/bus.ts";
import { createArrayMemory } from "../../../hal/memory/array.ts";
import type { Memory } from "../../../hal/port.ts";
import type { FaultPlan } from "../../../sim/fault.ts";
import { createStatement } from "../../../sim/oracle-state.ts";
import { tell } from "../../../sim/oracle-tell.ts";
import { createWorld } from "../../../sim/world.ts";
import type { Specimen } from "../../boards/specimen.ts";
import type { Cable, Converter } from "./cable.ts";
import { connectBoard } from "./io.ts";
import type { Lab } from "./lab.ts";
import { createLab } from "./lab.ts";
import type { PumpParts } from "./pump.ts";
import type { Sketch } from "./sketch.ts";

const FRAME_MS = 200;
/** The oracle is told so often, besides whenever something leaves for the Uno. */
const TOLD_MS = 50;
/** A fault or a verdict, see firmware/telemetry.ts. */
const REASON = /^\["e",[68],/;

export interface RigOptions {
  sketch: Sketch;
  specimen: Specimen;
  converter?: Converter;
  board?: Partial<FirmataBoard>;
  /** What breaks in the simulated channel, and when, s since power-on. */
  plan?: FaultPlan;
  /** Whether the channel is told that its keep-alive is fitted; it is unless this says no. */
  keepAlive?: boolean;
  /** Distance of frames, ms, where it is not the usual one; and a keep-alive that goes with it. */
  framePeriodMs?: number;
  pump?: PumpParts;
  /** In place of an array with the specimen's memory in it. */
  memory?: Memory;
  /** Where the sample log goes, if anywhere. */
  log?: Flash;
}

/** What a host holds: its cable, its channel, and what that has said. */
export interface Host {
  readonly cable: Cable;
  readonly channel: FirmataChannel;
  readonly lines: string[];
  alive: boolean;
}

export interface Rig extends Host {
  readonly lab: Lab;
  /** What the channel keeps when its host dies. */
  readonly memory: Memory;
}

/** Tells the oracle what the firmware means to do; a host that is dead means nothing. */
function bearWitness(lab: Lab, host: Host): void {
  const { oracle } = lab.world;
  if (oracle === null) return;
  const told = createStatement();
  const reasons = host.lines.filter((line) => REASON.test(line)).length;
  if (host.alive) testify(told, host.channel.shell.channel, reasons);
  else told.reasons = reasons + 1;
  tell(lab.world, oracle, told);
}

/** The host that speaks for the channel: the last one. */
const present = new WeakMap<Lab, Host>();

/** Opens the port and starts the channel, much as the command line does, but in virtual time. */
async function attach(lab: Lab, memory: Memory, options: RigOptions): Promise<Host> {
  const cable = lab.plug(options.converter);
  const io = (await connectBoard(lab, cable.transport)) as unknown as FirmataIo;
  const board = { ...FIRMATA_UNO, ...options.board };
  const clock = lab.beginHost();
  const { keepAlive = true, log } = options;
  const channel = startFirmata(io, board, { keepAlive, memory, clock, ...(log && { log }) });
  const { framePeriodMs } = options;
  if (framePeriodMs !== undefined) {
    Object.assign(channel.shell.channel.capabilities, { framePeriodMs });
  }
  const lines: string[] = [];
  channel.onLine((text) => lines.push(text));
  const host = { cable, channel, lines, alive: true };
  cable.onWrite = () => bearWitness(lab, host);
  present.set(lab, host);
  return host;
}

/** The host dies at this instant. */
export function killHost(rig: Rig): void {
  rig.alive = false;
  rig.lab.killHost();
  bearWitness(rig.lab, rig);
}

/** Nothing of the host's commands reaches the relay from now on: only the keep-alive does, within
 *  `ms`, for which the oracle waits. */
export function cutOff(rig: Rig, ms: number): void {
  rig.lab.world.faults.heldUntilMs = rig.lab.now() + ms;
}

/** A channel on an Uno that has just been powered. */
export async function createRig(options: RigOptions): Promise<Rig> {
  const { specimen, sketch, plan = [], pump, framePeriodMs = FRAME_MS } = options;
  const { cell, seed } = specimen;
  const judged = { oracle: true, completion: "deferred", framePeriodMs } as const;
  const world = createWorld({ cell, seed, plan, ...judged });
  const pins = { relayPin: RELAY_PIN, heartbeatPin: HEARTBEAT_PIN };
  const lab = createLab({ world, code: sketch.code, ...pins, ...(pump && { pump }) });
  const array = createArrayMemory(specimen.memory, MEMORY_AREAS, crc32) as unknown as Memory;
  const memory = options.memory ?? array;
  const rig = Object.assign(await attach(lab, memory, options), { lab, memory });
  lab.watch(TOLD_MS, () => bearWitness(lab, present.get(lab) ?? rig));
  return rig;
}

/** The next host on the same Uno, after the last one's end, with what that has left in memory. */
export async function followUp(rig: Rig, options: RigOptions): Promise<Rig> {
  const { lab } = rig;
  const memory = options.memory ?? rig.memory;
  return Object.assign(await attach(lab, memory, options), { lab, memory });
}
