// A full cell that begins to leak: through the firmware, until the charge that has no end stops the
// run by itself. And one that is sound, through all rates and through changes of temperature: no
// word. `--long` tries sixty leaks, and the whole rate series; beside it stand the 7300 cycles of
// cycling.test.ts.
import { expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import { END_FINISHED, END_SHORT, EVENT_SHORT, RULE_CHARGE } from "../../firmware/telemetry.ts";
import { VERDICT_SOFT } from "../../firmware/telemetry.ts";
import { compile } from "../../host/compile.ts";
import { configOf, memoryImage } from "../../host/program.ts";
import { preset } from "../../host/presets.ts";
import type { ProtocolStep } from "../../host/protocol/form.ts";
import { targetCell } from "../../host/target.ts";
import { setTemperature } from "../../sim/cell.ts";
import { createStream, uniform } from "../../sim/random.ts";
import { finish, listen } from "../boards/rig.ts";
import { long, seedsWanted } from "./bench.ts";
import "./breathe.ts";
import { createTally } from "./tally.ts";

const LEAKS = seedsWanted > 0 ? seedsWanted : long ? 60 : 4;
const HOUR_MS = 3.6e6;
const MINUTE_MS = 6e4;
const CURRENT_MA = 0.5702;
/** A cycle at this current, h; so many are sound, and so many follow. */
const CYCLE_H = 0.38;
const SOUND_CYCLES = 5;
const CYCLES = 12;
const LEAST_MS_CM2 = 0.02;
const ENDLESS = 1.2;

const cell = targetCell("sim:nvp");

function open(method: ProtocolStep[], seed: number) {
  const steps = compile({ name: "full cell", method }, cell);
  const memory = memoryImage(MEMORY_AREAS, configOf(cell, NOMINAL_CODE_MID), steps);
  const input = { ...cell, sim: { ...cell.sim, shorts: false } };
  const channel = createSimulated({ cell: input, seed, memory, oracle: true });
  const record = listen(channel);
  channel.send("start");
  return { channel, record };
}

/** Cycles between the limits of NVP, broken off by no time; `first` is the number of its step. */
function cycling(currentMa: number, cycles: number, first: number): ProtocolStep[] {
  return [
    { step: "current", currentMa, until: { voltageAboveV: 3.8 } },
    { step: "current", currentMa: -currentMa, until: { voltageBelowV: 2.5 } },
    { step: "loop", to: first, count: cycles },
  ];
}

const rest: ProtocolStep = { step: "rest", timeS: 60 };

/** Up and down: what a cell holds at one current it need not hold at another. */
function someRates(): ProtocolStep[] {
  const rates = [1, 5, 2, 0.5, 5];
  return [rest, ...rates.flatMap((rate, i) => cycling((rate * CURRENT_MA) / 5, 4, 2 + 3 * i))];
}

/** Charge that the board has counted in, C. */
function taken(channel: SimulatedChannel): number {
  return channel.shell.channel.run.totals.stepCharge;
}

/** One leak of 0.02 to 0.2 mS/cm², from any moment of the sixth cycle on: what stopped the run, how
 *  long after, and how much more than a sound charge was taken by then, % of it. */
function leakOf(seed: number) {
  const stream = createStream(seed, "leaks of full cells");
  const { channel, record } = open([rest, ...cycling(CURRENT_MA, CYCLES, 2)], seed);
  const fromMs = (SOUND_CYCLES + uniform(stream)) * CYCLE_H * HOUR_MS;
  const msCm2 = LEAST_MS_CM2 * 10 ** uniform(stream);
  let sound = 0;
  while (channel.now() < fromMs) {
    channel.runUntil(channel.now() + MINUTE_MS / 6);
    sound = Math.max(sound, taken(channel));
  }
  channel.world.cell.short.state = 1;
  channel.world.cell.short.conductanceMsCm2 = msCm2;
  const verdict = finish(channel, record, 1000);
  const told = record.events.filter(({ code }) => code === EVENT_SHORT);
  const [rule, value] = [told.at(-1)?.values[1], (told.at(-1)?.values[2] ?? 0) / 1e6];
  const minutes = (verdict.timeMs - fromMs) / MINUTE_MS;
  const soft = verdict.values[0] === VERDICT_SOFT;
  const stopped = verdict.values[2] === END_SHORT && soft && rule === RULE_CHARGE;
  const extra = 100 * (taken(channel) / sound - 1);
  const { violations = [] } = channel.oracle ?? {};
  return { msCm2, told: told.length, stopped, value, minutes, extra, violations };
}

function middle(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

test("leaks of 0.02 to 0.2 mS/cm²: the charge without end stops the run", () => {
  const tally = createTally();
  const stops: ReturnType<typeof leakOf>[] = [];
  for (let seed = 1; seed <= LEAKS; seed++) {
    const leak = leakOf(seed);
    expect(leak.violations).toEqual([]);
    const size = `${leak.msCm2.toFixed(4)} mS/cm²`;
    if (leak.stopped) {
      stops.push(leak);
      tally.add("stopped");
      expect(leak.value).toBeGreaterThanOrEqual(ENDLESS);
      expect(leak.extra).toBeLessThan(100 * (ENDLESS - 1) + 2);
    } else if (leak.told > 0) tally.add("told by the efficiency alone");
    else tally.fail("not told", size);
  }
  tally.print("leaks of full cells");
  const extra = stops.map((stop) => stop.extra);
  const minutes = stops.map((stop) => stop.minutes);
  console.log(
    `  extra charge until the stop: median ${middle(extra).toFixed(1)} %, most ` +
      `${Math.max(...extra).toFixed(1)} %; after the leak's begin: median ` +
      `${middle(minutes).toFixed(1)} min, longest ${Math.max(...minutes).toFixed(1)} min`,
  );
  expect(tally.wrong).toEqual([]);
  expect(stops.length).toBeGreaterThan(0.8 * LEAKS);
});

test("a sound cell, many rates and a temperature that steps: no word", () => {
  const series = long ? preset("full-cell", cell, 0.01)?.method : someRates();
  const { channel, record } = open(series ?? [], 7);
  const stream = createStream(7, "temperatures");
  let wanted = 25;
  while (record.verdict === null && channel.now() < 300 * HOUR_MS) {
    channel.runUntil(channel.now() + 2 * MINUTE_MS);
    const is = channel.world.cell.temperatureC;
    setTemperature(channel.world.cell, is + Math.max(-1, Math.min(1, wanted - is)));
    // Another room every hour or so, half a kelvin a minute.
    if (uniform(stream) < 0.03) wanted = 15 + 20 * uniform(stream);
  }
  const faults = JSON.stringify(record.events.slice(-4));
  expect(record.verdict?.values.slice(0, 3), faults).toEqual([0, -1, END_FINISHED]);
  expect(record.events.filter(({ code }) => code === EVENT_SHORT)).toEqual([]);
  expect(channel.oracle?.violations).toEqual([]);
});
