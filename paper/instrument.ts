// One experiment through the firmware: a simulated channel that nobody has calibrated, with a cell
// file that is only as good as it says. All that is read from it is its telemetry.
import type { CellInput, SimulatedChannel } from "../boards/simulated.ts";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import type { EventMessage } from "../firmware/telemetry.ts";
import { decodeEvent, EVENT_FAULT, EVENT_SHORT, EVENT_VERDICT } from "../firmware/telemetry.ts";
import type { Cell } from "../host/cell-file.ts";
import { compile } from "../host/compile.ts";
import { configOf, memoryImage } from "../host/program.ts";
import type { ProtocolStep } from "../host/protocol/form.ts";
import { assertClean } from "../sim/oracle-events.ts";

const HOUR_MS = 3_600_000;

/** A recorded frame, as far as the experiments read it: V, A, s, C. */
export interface Frame {
  timeS: number;
  voltageV: number;
  currentA: number;
  stepCount: number;
  direction: number;
  chargeInC: number;
  chargeOutC: number;
}

/** Takes frames one after the other, always the same object; true = seen enough. */
export type Watch = (frame: Frame) => boolean | void;

/** What a run left behind. */
export interface Outcome {
  verdict: EventMessage;
  shorts: number;
  faults: number;
  frames: number;
}

function blankFrame(): Frame {
  const zero = { timeS: 0, voltageV: 0, currentA: 0, stepCount: 0, direction: 0 };
  return { ...zero, chargeInC: 0, chargeOutC: 0 };
}

const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const CLOSE = 93;
/** Characters before the first number of `["d",1,2,...]`. */
const FIRST = 5;
const fields = new Float64Array(13);

// The whole numbers of firmware/telemetry.ts, without the cost of JSON: months are tens of millions
// of lines.
function readFields(line: string): void {
  let field = 0;
  let size = 0;
  let sign = 1;
  for (let at = FIRST; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === COMMA || code === CLOSE) {
      fields[field++] = sign * size;
      size = 0;
      sign = 1;
    } else if (code === MINUS) sign = -1;
    else size = size * 10 + code - ZERO;
  }
}

function readFrame(line: string, frame: Frame): void {
  readFields(line);
  frame.timeS = fields[1] / 1e3;
  frame.voltageV = fields[2] / 1e6;
  frame.currentA = fields[3] / 1e12;
  frame.stepCount = fields[8];
  frame.direction = fields[10];
  frame.chargeInC = fields[11] / 1e6;
  frame.chargeOutC = fields[12] / 1e6;
}

function powerOn(cell: CellInput, belief: Cell, method: ProtocolStep[], seed: number) {
  const steps = compile({ name: "paper", method }, belief);
  const memory = memoryImage(MEMORY_AREAS, configOf(belief, NOMINAL_CODE_MID), steps);
  return createSimulated({ cell, seed, memory, oracle: true });
}

function goOn(channel: SimulatedChannel, verdict: () => EventMessage | null): EventMessage {
  for (;;) {
    const found = verdict();
    if (found !== null) return found;
    channel.runUntil(channel.now() + HOUR_MS);
  }
}

/** Runs `method` on `cell` as `belief` describes it; the same seed gives the same run. Every step
 *  has a budget, so a run ends. */
export function measure(
  cell: CellInput,
  belief: Cell,
  method: ProtocolStep[],
  seed: number,
  watch: Watch,
): Outcome {
  const channel = powerOn(cell, belief, method, seed);
  const frame = blankFrame();
  const counts = { shorts: 0, faults: 0, frames: 0 };
  let verdict: EventMessage | null = null;
  channel.onLine((line) => {
    if (verdict !== null) return;
    if (line.charCodeAt(2) === 100) {
      counts.frames++;
      readFrame(line, frame);
      if (watch(frame) === true) channel.send("stop");
      return;
    }
    const event = decodeEvent(line);
    if (event?.code === EVENT_SHORT) counts.shorts++;
    if (event?.code === EVENT_FAULT) counts.faults++;
    if (event?.code === EVENT_VERDICT) verdict = event;
  });
  channel.send("start");
  const found = goOn(channel, () => verdict);
  assertClean(channel.oracle);
  return { verdict: found, ...counts };
}
