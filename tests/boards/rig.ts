// A simulated channel with a program in its memory, for whole runs.
import type { CellInput, SimulatedChannel, SimulatedOptions } from "../../boards/simulated.ts";
import { MEMORY_AREAS, NOMINAL_CODE_MID, createSimulated } from "../../boards/simulated.ts";
import type { CellConfig } from "../../firmware/config.ts";
import { CONFIG_BYTES, createConfig, encodeConfig, setCell } from "../../firmware/config.ts";
import type { Step, Whole } from "../../firmware/protocol.ts";
import { createWhole, encodeProgram } from "../../firmware/encode.ts";
import { STEP_CCD, STEP_REST, createStep } from "../../firmware/protocol.ts";
import type { EventMessage, FrameMessage } from "../../firmware/telemetry.ts";
import { EVENT_VERDICT, decodeEvent, decodeFrame } from "../../firmware/telemetry.ts";
import { crc32 } from "../../hal/memory/crc32.ts";

const HOUR_MS = 3600e3;

/** The cell of the reference study; noise as for bare metal, half of it for hybrids. */
export function cellOf(anode: CellInput["sim"]["anode"], changes: Partial<CellInput> = {}) {
  const cell: CellInput = {
    name: "test",
    areaCm2: 0.9747,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
    clampForceN: 5884,
    temperatureC: 25,
    sim: { anode, noise: anode === "bareNa" ? 0.1 : 0.05 },
    ...changes,
  };
  return cell;
}

/** A rest of 2 h, then the staircase; densities in mA/cm², charge in mAh/cm². */
export function ccdProgram(cell: CellInput, max = 5, changes: Partial<Step> = {}): Step[] {
  const unit = 1e-3 * cell.areaCm2;
  const rest = { ...createStep(), kind: STEP_REST, duration: 7200, budget: 7260 };
  const staircase = {
    ...createStep(),
    kind: STEP_CCD,
    count: 1,
    current: 0.1 * unit,
    increment: 0.1 * unit,
    currentMax: max * unit,
    charge: 0.2 * 3.6 * cell.areaCm2,
    voltageMin: -4,
    voltageMax: 4,
    budget: 1e6,
    ...changes,
  };
  return [rest, staircase];
}

/** Memory content: the cell as it is but for changes, no calibration, and the steps (END is
 *  added). */
export function memoryOf(
  cell: CellInput,
  steps: Step[],
  changes: Partial<CellConfig> = {},
  whole: Whole = createWhole(),
): Uint8Array {
  const memory = new Uint8Array(MEMORY_AREAS.end);
  const config = createConfig(NOMINAL_CODE_MID);
  setCell(config, {
    areaCm2: cell.areaCm2,
    ...cell.electrolyte,
    clampForceN: cell.clampForceN,
    temperatureC: cell.temperatureC,
    voltageMinV: -4,
    voltageMaxV: 4,
    thicknessUncertainty: 0.05,
    conductivityUncertainty: 0.1,
    areaUncertainty: 0.03,
    ...changes,
  });
  encodeConfig(config, memory.subarray(0, CONFIG_BYTES), crc32);
  const program = encodeProgram([...steps, createStep()], whole, 1, crc32);
  memory.set(program, MEMORY_AREAS.protocol);
  return memory;
}

/** What a run has sent. */
export interface Record {
  lines: string[];
  frames: FrameMessage[];
  events: EventMessage[];
  verdict: EventMessage | null;
}

/** Listens to a channel; frames are kept when `keepFrames`. */
export function listen(channel: SimulatedChannel, keepFrames = false): Record {
  const record: Record = { lines: [], frames: [], events: [], verdict: null };
  channel.onLine((text) => {
    if (keepFrames) record.lines.push(text);
    const event = decodeEvent(text);
    if (event !== null) record.events.push(event);
    if (event?.code === EVENT_VERDICT) record.verdict = event;
    const frame = keepFrames ? decodeFrame(text) : null;
    if (frame !== null) record.frames.push(frame);
  });
  return record;
}

/** Advances until the verdict, or fails after `hours` of virtual time. */
export function finish(channel: SimulatedChannel, record: Record, hours = 100): EventMessage {
  const end = channel.now() + hours * HOUR_MS;
  while (record.verdict === null && channel.now() < end) channel.runUntil(channel.now() + HOUR_MS);
  if (record.verdict === null) throw new Error(`no verdict within ${hours} h`);
  return record.verdict;
}

/** A whole CCD test from power-on to verdict. */
export function runCcd(
  cell: CellInput,
  options: Partial<SimulatedOptions> = {},
  max = 5,
  keepFrames = false,
) {
  const memory = memoryOf(cell, ccdProgram(cell, max));
  const channel = createSimulated({ cell, seed: 1, memory, ...options });
  const record = listen(channel, keepFrames);
  channel.send("start");
  finish(channel, record);
  return { channel, record, ...verdictOf(record, cell) };
}

const PICO_MILLI = 1e-9;

/** The verdict's bracket in mA/cm², rounded as the host does. */
export function verdictOf(record: Record, cell: CellInput) {
  const values = record.verdict?.values ?? [];
  const density = (pico: number): number | null =>
    pico < 0 ? null : Number(((pico * PICO_MILLI) / cell.areaCm2).toFixed(6));
  return {
    verdict: values[0],
    end: values[2],
    soft: density(values[4]),
    hard: density(values[5]),
    completed: density(values[6]),
    failing: density(values[7]),
    censored: values[8] === 1,
    arealMahCm2: values[9] / 3.6e6,
  };
}
