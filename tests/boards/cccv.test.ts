// CC-CV of the full cell, through chip registers.
import { describe, expect, test } from "vitest";
import { STEP_CURRENT } from "../../firmware/protocol.ts";
import { RUNNING } from "../../firmware/schedule.ts";
import { END_FINISHED, VERDICT_HEALTHY } from "../../firmware/telemetry.ts";
import { WORKED } from "../../sim/contacts.ts";
import { BASE, HALF_C, flowing, fullCell, hold, run } from "./held.ts";

describe.each([200, 1000])("CC-CV of the full cell at C/2, frames of %i ms", (framePeriodMs) => {
  const charge = { ...BASE, kind: STEP_CURRENT, current: HALF_C, voltageMax: 3.8 };
  let overshoot = -Infinity;
  let largest = 0;
  let opened = 0;
  const truth = { charge: 0, energy: 0, at: 0, volts: 0, amps: 0 };
  const seen = run(
    fullCell(),
    [charge, hold(3.8, HALF_C, 300)],
    { framePeriodMs, stateOfCharge: 0.9, everyMs: 10 },
    ({ world, shell, now }) => {
      const { loop, run: course } = shell.channel;
      const { voltageV, currentA } = world.cell;
      const seconds = (now() - truth.at) / 1000;
      truth.charge += ((truth.amps + currentA) / 2) * seconds;
      truth.energy += ((truth.amps + currentA) / 2) * ((truth.volts + voltageV) / 2) * seconds;
      Object.assign(truth, { at: now(), volts: voltageV, amps: currentA });
      const flows = loop.tracking !== 0 && course.schedule.phase === RUNNING;
      if (
        flows &&
        now() / 1000 < course.totals.stepStartedAt + 10 &&
        world.frontend.output.position !== WORKED
      )
        opened++;
      overshoot = Math.max(overshoot, world.cell.voltageV - 3.8);
      if (loop.tracking !== 0) largest = Math.max(largest, Math.abs(world.cell.currentA));
    },
  );
  const frames = flowing(seen.record, 1);

  test("ends by itself, healthy, its voltage over by less than 5 mV", () => {
    expect(seen.verdict.slice(0, 3)).toEqual([VERDICT_HEALTHY, -1, END_FINISHED]);
    expect(overshoot).toBeLessThan(0.005);
    expect(largest).toBeLessThan(1.002 * HALF_C);
  });

  test("holds the voltage, while the current fades to less than 1 %", () => {
    const last = frames.slice(-100);
    // 1 % of the current, and for single frames of the range's full scale.
    const mean = last.reduce((sum, { currentPa }) => sum + currentPa / 1e12, 0) / last.length;
    expect(Math.abs(mean)).toBeLessThan(0.01 * HALF_C);
    for (const frame of last) {
      expect(Math.abs(frame.voltageUv - 3.8e6)).toBeLessThan(500);
      expect(Math.abs(frame.currentPa) / 1e12).toBeLessThan(1e-6);
    }
    expect(frames[0].currentPa).toBeGreaterThan(0);
    expect(frames.every((frame) => frame.direction >= 0)).toBe(true);
  });

  test("follows the charge with the relay closed and no jump of the current", () => {
    expect(opened).toBe(0);
    const charging = seen.record.frames.filter(({ step, setpointPa }) => {
      return step === 0 && setpointPa !== 0;
    });
    const before = charging[charging.length - 1];
    const [after] = frames;
    expect(after.timeMs - before.timeMs).toBeLessThan(1.5 * Math.max(1000, framePeriodMs));
    expect(after.currentPa).toBeLessThan(1.002 * before.currentPa);
  });

  test("accounts charge and energy within 0.1 %", () => {
    const all = seen.record.frames;
    const last = all[all.length - 1];
    let energy = 0;
    for (let i = 1; i < all.length; i++) {
      const charge = all[i].chargeInUc - all[i - 1].chargeInUc;
      const back = all[i].chargeOutUc - all[i - 1].chargeOutUc;
      energy += ((charge - back) * (all[i].voltageUv + all[i - 1].voltageUv)) / 2 / 1e12;
    }
    const net = (last.chargeInUc - last.chargeOutUc) / 1e6;
    expect(Math.abs(net / truth.charge - 1)).toBeLessThan(1e-3);
    expect(Math.abs(energy / truth.energy - 1)).toBeLessThan(1e-3);
  });
});
