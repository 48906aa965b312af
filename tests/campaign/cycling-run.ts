// Months of cycling through the firmware, with power cuts in the middle: what the host's own
// statistics make of each cycle, beside what an ideal meter saw at the cell's terminals.
import type { CellInput } from "../../boards/simulated.ts";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import type { EventMessage, FrameMessage } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeFrame } from "../../firmware/telemetry.ts";
import { EVENT_GAP, EVENT_SHORT, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import type { Cell } from "../../host/cell-file.ts";
import { compile } from "../../host/compile.ts";
import type { Cycle } from "../../host/cycle.ts";
import { addToCycles, createCycles, endCycles } from "../../host/cycle.ts";
import { configOf, memoryImage } from "../../host/program.ts";
import type { ProtocolStep } from "../../host/protocol/form.ts";
import { lastEvents } from "../../sim/oracle-events.ts";
import type { CellCycle } from "./cell-cycles.ts";
import { cyclesOf, noteDirection } from "./cell-cycles.ts";
import { cutOf } from "./cut.ts";

const HOUR_MS = 3_600_000;
/** Frames of a half cycle after which the current has certainly turned. */
const TURNED_FRAMES = 4;

/** What is run, on which cell, and when the power fails, h. */
export interface Cycling {
  cell: Cell & CellInput;
  method: ProtocolStep[];
  seed: number;
  cutsH: readonly number[];
}

/** What came of it. */
export interface Cycled {
  cycles: Cycle[];
  terminals: CellCycle[];
  /** Numbers of the cycles in which the power failed. */
  cut: Set<number>;
  shorts: EventMessage[];
  verdict: EventMessage | null;
  violations: string[];
  frames: number;
  hours: number;
}

function open({ cell, method, seed, cutsH }: Cycling) {
  const steps = compile({ name: "cycling", method }, cell);
  const memory = memoryImage(MEMORY_AREAS, configOf(cell, NOMINAL_CODE_MID), steps);
  const plan = cutsH.flatMap((hour) => cutOf(hour * 3600));
  return createSimulated({ cell, seed, memory, plan, oracle: true });
}

/** Runs to the verdict. */
export function cycleOn(cycling: Cycling): Cycled {
  const channel = open(cycling);
  const passed = cyclesOf(channel.world.cell);
  const result: Cycled = {
    ...{ cycles: [], terminals: passed.whole, cut: new Set(), shorts: [], verdict: null },
    ...{ violations: [], frames: 0, hours: 0 },
  };
  const cycles = createCycles(cycling.cell.areaCm2, (cycle) => result.cycles.push(cycle));
  let last: FrameMessage | null = null;
  let since = 0;
  const takeFrame = (frame: FrameMessage): void => {
    result.frames++;
    addToCycles(cycles, frame);
    since = frame.direction !== 0 && frame.stepCount === last?.stepCount ? since + 1 : 0;
    if (since === TURNED_FRAMES) noteDirection(passed, frame.direction);
    last = frame;
  };
  channel.onLine((line) => {
    const frame = decodeFrame(line);
    if (frame !== null) takeFrame(frame);
    const event = frame === null ? decodeEvent(line) : null;
    if (event?.code === EVENT_GAP && last !== null) result.cut.add(last.cycleCount);
    if (event?.code === EVENT_SHORT) result.shorts.push(event);
    if (event?.code === EVENT_VERDICT) result.verdict = event;
  });
  channel.send("start");
  const longestMs = cycling.method.length * 100_000 * HOUR_MS;
  while (result.verdict === null && channel.now() < longestMs) {
    channel.runUntil(channel.now() + HOUR_MS);
  }
  endCycles(cycles, true);
  noteDirection(passed, 1);
  const { oracle } = channel;
  result.violations = (oracle?.violations ?? []).map(({ rule, timeS }) => `${rule} at ${timeS} s`);
  if (oracle !== null && result.violations.length > 0)
    result.violations.push(...lastEvents(oracle));
  result.hours = channel.now() / HOUR_MS;
  return result;
}
