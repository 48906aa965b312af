// Time of a frame: the whole register-level simulation, the core's tick alone, the bare cell. The
// cell is the floor of what a simulated second can cost; the others are held to multiples of it.
import { AMPS_AT, SEQUENCE, VOLTS_AT } from "../firmware/sample.ts";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import { tick } from "../firmware/channel.ts";
import { LIVE } from "../firmware/loop.ts";
import type { RawFrame } from "../hal/port.ts";
import { builtinCell } from "../host/builtin-cells.ts";
import { configOf, memoryImage } from "../host/program.ts";
import { createStep, STEP_CURRENT } from "../firmware/protocol.ts";
import { advanceCell, createCell } from "../sim/cell.ts";
import { createStreams } from "../sim/random.ts";

/** Ratios to the bare cell that may not be exceeded. */
const FRAME_MAX = 20;
const TICK_MAX = 3;
const SECONDS = 100000;
/** Small enough for the metal to last, on the 100 µA range. */
const AMPERES = 2e-5;

const found = builtinCell("hNa");
if (!found?.sim) throw new Error("no built-in cell hNa");
const cell = { ...found, sim: found.sim };

function microseconds(work: () => void, count: number): number {
  const start = performance.now();
  work();
  return ((performance.now() - start) * 1000) / count;
}

function openChannel(framePeriodMs = 1000) {
  const current = { ...createStep(), kind: STEP_CURRENT, current: AMPERES, budget: 1e9 };
  const config = configOf(cell, NOMINAL_CODE_MID);
  const memory = memoryImage(MEMORY_AREAS, config, [{ ...current, duration: 1e8 }, createStep()]);
  const channel = createSimulated({ cell, seed: 1, memory, framePeriodMs });
  channel.send("start");
  channel.runUntil(60e3);
  return channel;
}

/** A frame as the simulated board takes it in a steady half cycle. */
function steadyFrame(channel: ReturnType<typeof openChannel>): RawFrame {
  const { sample, command } = channel.shell.channel;
  return {
    sequence: sample[SEQUENCE],
    timeVoltage: sample[VOLTS_AT] * 1000,
    timeCurrent: sample[AMPS_AT] * 1000,
    voltage: 50,
    current: 25600,
    voltageGain: 3,
    currentGain: 3,
    force: 2.5e6,
    forceAge: 100,
    temperature: -20000,
    temperatureAge: 100,
    code: command.code,
    range: command.range,
    status: 0,
  };
}

const channel = openChannel();
const whole = microseconds(() => channel.runUntil(channel.now() + SECONDS * 1000), SECONDS);

const quick = openChannel(100);
const tenth = microseconds(() => quick.runUntil(quick.now() + SECONDS * 100), SECONDS);

const core = openChannel();
const frame = steadyFrame(core);
const alone = microseconds(() => {
  for (let i = 0; i < SECONDS; i++) {
    frame.sequence++;
    frame.timeVoltage += 1000;
    frame.timeCurrent += 1000;
    frame.code = core.shell.channel.command.code;
    tick(core.shell.channel, frame, core.shell.features);
  }
}, SECONDS);

for (const each of [channel, quick, core]) {
  if (each.shell.channel.loop.rung !== LIVE) throw new Error("the run has ended under way");
}

const bare = createCell(cell);
const streams = createStreams(1);
const floor = microseconds(() => {
  for (let i = 1; i <= SECONDS; i++) advanceCell(bare, streams, i, AMPERES, 5.2);
}, SECONDS);

function report(name: string, time: number, limit: number, seconds = 1): void {
  const ratio = time / floor;
  const hours = Number(((seconds * 1e6) / time / 3600).toPrecision(2));
  const verdict = ratio <= limit ? "ok" : "TOO SLOW";
  console.log(
    `${name}: ${time.toFixed(2)} µs, ${hours} simulated h/s, ` +
      `${ratio.toFixed(1)} x the bare cell (at most ${limit}): ${verdict}`,
  );
  if (ratio > limit) process.exitCode = 1;
}

console.log(`bare cell, one second: ${floor.toFixed(2)} µs`);
report("tick alone", alone, TICK_MAX);
report("frame of 1 s, register level", whole, FRAME_MAX);
report("frame of 0.1 s, register level", tenth, FRAME_MAX, 0.1);
