// What each detector costs a frame: the rules one by one over the same frames, against the floor of
// a whole tick without any of them.
import { AMPS_AT, SEQUENCE, VOLTS_AT } from "../firmware/sample.ts";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import { tick } from "../firmware/channel.ts";
import * as covariates from "../firmware/covariates.ts";
import * as decay from "../firmware/decay.ts";
import type { Features } from "../firmware/features.ts";
import * as evidence from "../firmware/evidence.ts";
import { createEvidence } from "../firmware/evidence-state.ts";
import * as excursions from "../firmware/excursions.ts";
import * as charge from "../firmware/charge-rule.ts";
import { createStep, FLAG_PROOF, STEP_CURRENT } from "../firmware/protocol.ts";
import { UNSETTLED, detect } from "../firmware/shorts.ts";
import { createShorts } from "../firmware/shorts-state.ts";
import * as step from "../firmware/step-rule.ts";
import type { RawFrame } from "../hal/port.ts";
import { builtinCell } from "../host/builtin-cells.ts";
import { configOf, memoryImage } from "../host/program.ts";

/** All detectors together may cost this many times a tick without them. */
const TOGETHER_MAX = 4;
const FRAMES = 300000;
const PERIOD_S = 0.1;
const AMPERES = 4e-4;

const found = builtinCell("hNa");
if (!found?.sim) throw new Error("no built-in cell hNa");
const cell = { ...found, sim: found.sim };

/** A channel in the midst of a half cycle. */
function openChannel() {
  const current = { ...createStep(), kind: STEP_CURRENT, flags: FLAG_PROOF, current: AMPERES };
  const config = configOf(cell, NOMINAL_CODE_MID);
  const steps = [{ ...current, duration: 1e8, budget: 1e9 }, createStep()];
  const memory = memoryImage(MEMORY_AREAS, config, steps);
  const channel = createSimulated({ cell, seed: 1, memory, framePeriodMs: 100 });
  channel.send("start");
  channel.runUntil(120e3);
  return channel;
}

function nanoseconds(work: (n: number) => void): number {
  for (let n = 0; n < FRAMES / 10; n++) work(n);
  const start = performance.now();
  for (let n = FRAMES / 10; n < FRAMES * 1.1; n++) work(n);
  return ((performance.now() - start) * 1e6) / FRAMES;
}

const sine = Float64Array.from({ length: 997 }, (_, n) => 1e-3 * Math.sin(n * n));

function frameOf(core: ReturnType<typeof openChannel>): RawFrame {
  const { sample, command, loop } = core.shell.channel;
  return {
    ...{ sequence: sample[SEQUENCE], timeVoltage: sample[VOLTS_AT] * 1000 },
    ...{ timeCurrent: sample[AMPS_AT] * 1000, voltage: 900, current: 25600 },
    ...{ voltageGain: command.voltageGain, currentGain: command.currentGain },
    ...{ force: 2.5e6, forceAge: 100, temperature: -20000, temperatureAge: 100 },
    ...{ code: loop.code, range: loop.range, status: 0 },
  };
}

/** A whole tick with some features, ns. */
function tickWith(features: (all: Features) => Features): number {
  const core = openChannel();
  const frame = frameOf(core);
  const chosen = features(core.shell.features);
  const middle = frame.voltage;
  return nanoseconds((n) => {
    frame.sequence++;
    frame.timeVoltage += 1000 * PERIOD_S;
    frame.timeCurrent += 1000 * PERIOD_S;
    frame.voltage = middle * (1 + sine[n % 997]);
    tick(core.shell.channel, frame, chosen);
  });
}

function rows(): [string, number][] {
  const [told, other] = [createEvidence(), createShorts()];
  const s = other.numbers;
  const core = openChannel();
  const { sample, loop, run, config } = core.shell.channel;
  return [
    ["hard", nanoseconds(() => detect(run.shorts, sample, loop, config, UNSETTLED, null))],
    ["step", nanoseconds((n) => step.followStep(s, sine[n % 997], n * PERIOD_S, 1e-3, 0.02))],
    ["slope, void", nanoseconds((n) => decay.follow(other, sine[n % 997], PERIOD_S, config))],
    ["charge", nanoseconds((n) => charge.count(s, 1e-5, n % 2 === 0 ? 4e-4 : -4e-4))],
    ["dips (each)", nanoseconds((n) => excursions.dipped(s, n))],
    ["covariates", nanoseconds((n) => covariates.sense(s, 25, 5884, n * PERIOD_S, PERIOD_S))],
    ["evidence", nanoseconds(() => evidence.WITNESS.remember(told, sample))],
  ];
}

const bare = tickWith(() => ({ rules: null, prover: null, witness: null }));
const ruled = tickWith(({ rules }) => ({ rules, prover: null, witness: null }));
const all = tickWith((features) => features);
console.log(`tick without learning rules  ${bare.toFixed(0)} ns (floor)`);
console.log(`with them                    ${ruled.toFixed(0)} ns, ${(ruled / bare).toFixed(2)} x`);
console.log(`and with the active proof    ${all.toFixed(0)} ns, ${(all / bare).toFixed(2)} x`);
for (const [name, ns] of rows()) {
  console.log(`  ${name.padEnd(14)} ${ns.toFixed(0).padStart(5)} ns, ${(ns / bare).toFixed(2)} x`);
}
if (all / bare > TOGETHER_MAX) {
  console.log(`above ${TOGETHER_MAX} x the floor`);
  process.exitCode = 1;
}
