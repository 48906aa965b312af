// Clocks that jump, run at the wrong pace, come to the end of their digits, or frames that come
// when they can: charge is accounted for within 0.1 % of the truth, no step is longer or shorter by
// more than a frame, and what cannot be told from a stall ends the run.
import { describe, expect, test } from "vitest";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { EVERY_FEATURE } from "../../boards/every-feature.ts";
import { FAULT_CLOCK } from "../../firmware/fault.ts";
import { compareClocks } from "../../firmware/second-clock.ts";
import { EVENT_FAULT, EVENT_STEP } from "../../firmware/telemetry.ts";
import { advanceTo } from "../../sim/advance.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { createStream, uniform } from "../../sim/random.ts";
import { complaint, cycles, long, openBench, outcomeOf } from "./bench.ts";

const PERIOD_MS = 500;
const STEP_S = 60;
const STEPS = cycles(1, STEP_S);
const PROGRAM_S = 3.5 * STEP_S + 5;
const END_MS = 400e3;
/** Parts without errors: what is left is the firmware's own. */
const IDEAL = { errors: 0, noise: 0, framePeriodMs: PERIOD_MS, oracle: true };
const SHARE = 1e-3;
const EVERY_S = long ? 1 : 40;
const DAY_S = 86_400;

/** Runs the program on a board that was changed by `prepare`. */
function run(plan: FaultPlan, prepare?: (channel: SimulatedChannel) => void) {
  const { channel, record } = openBench(STEPS, { ...IDEAL, plan }, prepare);
  channel.runUntil(END_MS);
  return { channel, record, plan, outcome: outcomeOf(channel, record) };
}

type Ran = ReturnType<typeof run>;

/** Accounted for over true, less one, of the worse direction. */
function chargeError({ channel }: Ran): number {
  const totals = channel.shell.channel.run.totals;
  const oracle = channel.oracle;
  if (oracle === null) throw new Error("nobody has watched");
  const into = Math.abs(totals.chargeIn / oracle.chargeInC - 1);
  return Math.max(into, Math.abs(totals.chargeOut / oracle.chargeOutC - 1));
}

/** When each step began, in test time, ms. */
function beginnings({ record }: Ran): number[] {
  return record.events.filter(({ code }) => code === EVENT_STEP).map(({ timeMs }) => timeMs);
}

function judge(ran: Ran, sound: Ran, tolerance = PERIOD_MS): void {
  const told = complaint(ran.channel, ran.plan, ran.outcome);
  expect(ran.outcome, told).toBe("finished");
  expect(ran.channel.oracle?.violations, told).toEqual([]);
  expect(chargeError(ran), told).toBeLessThan(SHARE);
  beginnings(ran).forEach((timeMs, i) => {
    expect(Math.abs(timeMs - beginnings(sound)[i]), told).toBeLessThanOrEqual((i + 1) * tolerance);
  });
}

const sound = run([]);
const moments = Array.from({ length: Math.floor(PROGRAM_S / EVERY_S) }, (_, i) => 2 + i * EVERY_S);

test("without any of it the program finishes, and the charge is right", () => {
  judge(sound, sound);
  expect(beginnings(sound)).toHaveLength(5);
});

describe("the wall's clock", () => {
  test.each([-DAY_S, -1, 1, DAY_S])("jumps by %i s: nothing changes", (value) => {
    for (const timeS of moments) {
      const ran = run([{ at: { timeS }, kind: "clockJump", target: "wall", value }]);
      expect(ran.record).toEqual(sound.record);
    }
  });
});

describe("the board's clock", () => {
  test.each([1.5, 60, DAY_S])("jumps on by %d s: that is a stall, and ends the run", (value) => {
    for (const timeS of moments) {
      const ran = run([{ at: { timeS }, kind: "clockJump", target: "board", value }]);
      const told = complaint(ran.channel, ran.plan, ran.outcome);
      expect(["safe stop", "held", "finished"], told).toContain(ran.outcome);
      expect(ran.channel.oracle?.violations, told).toEqual([]);
      if (ran.outcome === "finished") expect(chargeError(ran), told).toBeLessThan(SHARE);
    }
  });

  test.each([-2e-4, 2e-4])("runs at %d beside the truth, as a bad quartz does", (value) => {
    judge(run([{ at: { timeS: 1 }, kind: "clockDrift", value }]), sound);
  });

  test.each([-0.05, 0.05])(
    "runs at %d beside the truth: charge is off by that, limits hold",
    (value) => {
      const ran = run([{ at: { timeS: 1 }, kind: "clockDrift", value }]);
      const told = complaint(ran.channel, ran.plan, ran.outcome);
      expect(ran.outcome, told).toBe("finished");
      const rules = (ran.channel.oracle?.violations ?? []).map(({ rule }) => rule);
      // Without a second clock nothing tells; what it does to the charge is all it does.
      expect(
        rules.filter((rule) => !rule.startsWith("charge")),
        told,
      ).toEqual([]);
      expect(Math.abs(chargeError(ran) - Math.abs(value)), told).toBeLessThan(0.006);
    },
  );

  test.each([-0.05, 0.05, 0.2])("runs at %d beside the truth, and a second one tells", (value) => {
    const features = { ...EVERY_FEATURE, panel: undefined, compare: compareClocks };
    const second = (plan: FaultPlan) => {
      const steps = cycles(3, 200);
      const { channel, record } = openBench(steps, { ...IDEAL, plan, features });
      channel.runUntil(3000e3);
      return { channel, record, plan, outcome: outcomeOf(channel, record) };
    };
    const ran = second([{ at: { timeS: 100 }, kind: "clockDrift", value }]);
    expect(ran.outcome).toBe("safe stop");
    const told = ran.record.events.filter(({ code }) => code === EVENT_FAULT);
    expect(told.map(({ values }) => values)).toEqual([[FAULT_CLOCK]]);
    expect(told[0].timeMs).toBeLessThan(400e3 * (1 + value));
    const fine = second([{ at: { timeS: 100 }, kind: "clockJump", target: "wall", value: DAY_S }]);
    expect(fine.outcome).toBe("finished");
  });

  test.each([2 ** 31, 2 ** 32, 2 ** 33, 1e12])("passes %d ms on the way", (mark) => {
    for (const timeS of moments) {
      const waited = run([], (channel) => {
        channel.world.clock.bootMs -= mark - timeS * 1000;
        // Its frames find their distance again before the start.
        channel.runUntil(2000);
      });
      judge(waited, sound);
    }
  });
});

/** Makes the end of each frame's work take up to half the distance to the next one, as on a busy
 *  processor. */
function jitter(channel: SimulatedChannel, seed: number): void {
  const stream = createStream(seed, "jitter");
  const watchdog = channel.shell.board.watchdog as { kick: () => void };
  const { kick } = watchdog;
  watchdog.kick = () => {
    kick();
    const { periodMs } = channel.shell.channel.command;
    advanceTo(channel.world, channel.now() + (uniform(stream) * periodMs) / 2);
  };
}

test("frames that are late by up to half their distance change nothing that counts", () => {
  for (let seed = 1; seed <= (long ? 100 : 6); seed++) {
    judge(
      run([], (channel) => jitter(channel, seed)),
      sound,
    );
  }
});
