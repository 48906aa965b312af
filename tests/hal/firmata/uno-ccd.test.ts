// A whole CCD test of bare sodium through johnny-five and StandardFirmata's machine code: the same
// verdict and bracket as on the simulated board with the same cell and chips. A thin pellet at high
// currents comes to its short within half an hour; CYCLET_UNO_LONG=1 takes the usual staircase.
import { expect, test } from "vitest";
import { createSimulated } from "../../../boards/simulated.ts";
import { ACTION_LOG, ACTIONS_SOFT } from "../../../firmware/protocol.ts";
import type { EventMessage } from "../../../firmware/telemetry.ts";
import { decodeFrame, EVENT_VERDICT, VERDICT_HARD } from "../../../firmware/telemetry.ts";
import { eventsOf } from "../../boards/same-events.ts";
import type { Specimen, Staircase } from "../../boards/specimen.ts";
import { runToVerdict, specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import { PUMP } from "./pump.ts";
import type { Rig } from "./rig.ts";
import { createRig } from "./rig.ts";
import type { Sketch } from "./sketch.ts";

const LONG = process.env["CYCLET_UNO_LONG"] !== undefined;
const STAIRCASE: Staircase = LONG
  ? { start: 0.3, step: 0.1, charge: 0.2, thickness: 0.05 }
  : { start: 1, step: 1, charge: 0.2, thickness: 0.05 };
/** A cell whose hard short follows a soft one. */
const SOFT_FIRST: Staircase = { start: 1, step: 0.5, charge: 0.1, thickness: 0.05 };
const DEADLINE_MS = LONG ? 4 * 3600e3 : 3600e3;
const FRAME_MS = 200;

/** Verdict, end, soft and hard level, completed and failing level, censored. */
function bracket(verdict: EventMessage | undefined): number[] {
  const values = verdict?.values ?? [];
  return [values[0], values[2], ...values.slice(4, 9)];
}

/** Frames of a second, which a keep-alive for slow frames outlasts: 10 µF with 390 kΩ. */
const SLOW_MS = 1000;
const SLOW_PUMP = { ...PUMP, decayMs: 3900 };
/** Distance of frames around a short, ms, and by how much a line's time may differ from it. */
const FAST_MS = 100;
const NEARLY_MS = 20;

/** The simulated board's run. */
async function simulated(bareNa: Specimen, framePeriodMs: number): Promise<string[]> {
  const board = createSimulated({ ...bareNa, framePeriodMs });
  const lines: string[] = [];
  board.onLine((text) => lines.push(text));
  const { send, now } = board;
  await runToVerdict({ lines, send, now, runUntil: (ms) => board.runUntil(ms) }, DEADLINE_MS);
  return lines;
}

/** The same over Firmata, to its verdict. */
async function emulated(sketch: Sketch, bareNa: Specimen, slow: boolean): Promise<Rig> {
  const slowly = slow ? { framePeriodMs: SLOW_MS, pump: SLOW_PUMP } : {};
  const rig = await createRig({ sketch, specimen: bareNa, ...slowly });
  const { lab, channel, lines } = rig;
  // The slow sensors have answered by then.
  lab.run(lab.now() + 3000);
  await runToVerdict({ lines, send: channel.send, now: lab.now, runUntil: lab.run }, DEADLINE_MS);
  return rig;
}

/** The run has ended as on the simulated board, with nothing lost and nothing left flowing. */
function expectSame(rig: Rig, expected: readonly string[]): void {
  const { lab, channel, lines } = rig;
  const verdict = eventsOf(lines).at(-1);
  expect(verdict?.code).toBe(EVENT_VERDICT);
  expect(verdict?.values[0]).toBe(VERDICT_HARD);
  expect(bracket(verdict)).toEqual(bracket(eventsOf(expected).at(-1)));
  expect(lab.world.oracle?.violations).toEqual([]);
  expect(channel.link.lost()).toBe(null);
  expect(lab.uno.silicon?.serial.overruns).toBe(0);
  expect(lab.uno.wires.overclocked).toBe(0);
  lab.run(lab.now() + 50);
  expect(lab.world.keepAlive.relayWanted).toBe(false);
  expect(lab.world.cell.currentA).toBeCloseTo(0, 12);
  const seconds = (lab.now() / 1000).toFixed(0);
  console.log(`${seconds} s of virtual time, ${rig.cable.sent} bytes down`, bracket(verdict));
}

/** Distances of the frames that were told, ms. */
function distancesOf(lines: readonly string[]): number[] {
  const times = lines.map(decodeFrame).filter((frame) => frame !== null);
  return times.slice(1).map(({ timeMs }, i) => timeMs - times[i].timeMs);
}

describeOnUno("a CCD test of bare sodium", (sketch) => {
  const bareNa = specimen(STAIRCASE, 1);

  test("comes to the simulated board's verdict and bracket, and breaks no rule", async () => {
    const expected = await simulated(bareNa, FRAME_MS);
    expectSame(await emulated(sketch, bareNa, false), expected);
  });

  test("does so with frames of 1 s, and of 100 ms around the short", async () => {
    const soft = specimen({ ...SOFT_FIRST, actions: ACTION_LOG << ACTIONS_SOFT }, 2);
    const expected = await simulated(soft, SLOW_MS);
    const rig = await emulated(sketch, soft, true);
    expectSame(rig, expected);
    const fast = (ms: number): boolean => Math.abs(ms - FAST_MS) < NEARLY_MS;
    const distances = distancesOf(rig.lines);
    expect(distances.filter(fast).length).toBeGreaterThan(50);
    expect(distances.filter((ms) => ms > SLOW_MS - NEARLY_MS).length).toBeGreaterThan(500);
  });
});
