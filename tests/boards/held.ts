// Whole runs of steps that hold or sweep a voltage.
import type { SimulatedChannel, SimulatedOptions } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import type { Step } from "../../firmware/protocol.ts";
import { STEP_REST, STEP_SCAN, STEP_VOLTAGE, createStep } from "../../firmware/protocol.ts";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import { assertClean } from "../../sim/oracle-events.ts";
import { cellOf, listen, memoryOf } from "./rig.ts";

/** C/2 of the full cell, A. */
export const HALF_C = 0.5 * 0.11177e-3 * 0.9747;
export const BASE = { ...createStep(), budget: 1e5 };

export function hold(voltage: number, currentMax: number, duration: number): Step {
  return { ...BASE, kind: STEP_VOLTAGE, voltage, currentMax, duration };
}

export function scan(voltage: number, voltageEnd: number, rate: number, currentMax: number): Step {
  return { ...BASE, kind: STEP_SCAN, voltage, voltageEnd, rate, currentMax };
}

export const REST: Step = { ...BASE, kind: STEP_REST, duration: 30 };

export function fullCell(): CellInput {
  return cellOf("hNa", { sim: { anode: "hNa", noise: 0.05, shorts: false, fullCell: true } });
}

export function symmetric(anode: "hNa" | "bareNa"): CellInput {
  return cellOf(anode, { sim: { anode, noise: 0, shorts: false } });
}

export type Look = (channel: SimulatedChannel) => void;

export interface Setting extends Partial<SimulatedOptions> {
  /** Of a full cell. */
  stateOfCharge?: number;
  /** Looks at the channel so often, ms. */
  everyMs?: number;
}

/** Runs the steps to the end; without errors of the parts, so that what is read is what is. */
export function run(
  cell: CellInput,
  steps: Step[],
  setting: Setting = {},
  look: Look = () => undefined,
) {
  const { stateOfCharge, everyMs = 1000, ...options } = setting;
  const memory = memoryOf(cell, steps);
  const ideal = { errors: 0, oracle: true };
  const channel = createSimulated({ cell, seed: 1, memory, ...ideal, ...options });
  if (stateOfCharge !== undefined) channel.world.cell.cathode.stateOfCharge = stateOfCharge;
  const record = listen(channel, true);
  channel.send("start");
  while (record.verdict === null && channel.now() < 4 * 3600e3) {
    channel.runUntil(channel.now() + everyMs);
    look(channel);
  }
  assertClean(channel.oracle);
  const codes = record.events.map(({ code }) => code);
  return { channel, record, codes, verdict: record.verdict?.values ?? [] };
}

/** Frames of a step while it drives the cell. */
export function flowing(record: { frames: FrameMessage[] }, step: number): FrameMessage[] {
  const frames = record.frames.filter((frame) => frame.step === step);
  return frames.filter(({ setpointPa, currentPa }) => setpointPa !== 0 && currentPa !== 0);
}
