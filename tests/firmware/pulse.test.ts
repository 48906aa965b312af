// The pulse resistance of a change of the set-point.
import { describe, expect, test } from "vitest";
import { createPulse, follow } from "../../firmware/pulse.ts";
import { CLOSING, LIVE } from "../../firmware/loop.ts";
import { CURRENT_FAILED, VOLTAGE_FAILED } from "../../firmware/sample.ts";
import { liveLoop, sampleOf } from "./specimen.ts";

const AREA = 2;

/** A cell of `ohms` and `emf` with a meter that is off by `offset`; the set-point goes from
 *  `from` to `to` at 10 s, frames come at `times`. The answers. */
function pulses(
  times: number[],
  { from = 0, to = 1e-3, ohms = 50, emf = 0, offset = 0, rung = LIVE, status = 0 } = {},
): number[] {
  const pulse = createPulse();
  return times.map((time) => {
    const current = time < 10 ? from : to;
    const loop = liveLoop(current, { changedAt: time < 10 ? 0 : 10, rung });
    const voltage = emf + offset + current * ohms;
    const changes = { timeVoltage: time, voltage, current, status };
    return follow(pulse, sampleOf(changes), loop, AREA);
  });
}

describe("a pulse", () => {
  test.each([
    ["from rest", { from: 0, to: 1e-3 }],
    ["from rest, discharging", { from: 0, to: -1e-3 }],
    ["from the reverse", { from: -1e-3, to: 1e-3 }],
    ["to another level", { from: 1e-3, to: 2e-3 }],
  ])("is read once, a second after the change %s", (_, setpoints) => {
    const answers = pulses([8, 9, 10.1, 10.5, 11, 11.5, 12], setpoints);
    expect(answers.map((each) => Number(each.toFixed(6)))).toEqual([0, 0, 0, 0, 100, 0, 0]);
  });

  test("knows neither the cell's own voltage nor the meter's offset", () => {
    expect(pulses([9, 10.1, 11], { emf: 3.4, offset: 1e-3 })[2]).toBeCloseTo(100, 6);
  });

  test("is none of a small change, nor on the way to rest, nor off the cell", () => {
    const times = [7, 8, 9, 10.1, 11, 12];
    const none = times.map(() => 0);
    expect(pulses(times, { from: 1e-3, to: 1.5e-3 })).toEqual(none);
    expect(pulses(times, { from: 1e-3, to: 0 })).toEqual(none);
    expect(pulses(times, { rung: CLOSING })).toEqual(none);
  });

  test("is none when its frame comes too late, or fails", () => {
    expect(pulses([9, 10.1, 15, 16])).toEqual([0, 0, 0, 0]);
    expect(pulses([9, 10.1, 11], { status: VOLTAGE_FAILED })).toEqual([0, 0, 0]);
    expect(pulses([9, 10.1, 11], { status: CURRENT_FAILED })).toEqual([0, 0, 0]);
  });

  test("with frames of a second is that of the first one", () => {
    const answers = pulses([8, 9, 10, 11, 12]);
    expect(answers.map((each) => Number(each.toFixed(6)))).toEqual([0, 0, 0, 100, 0]);
  });
});
