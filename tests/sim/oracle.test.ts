// The judge is judged: a firmware double that does wrong things through the ports is caught at each
// of them, one that does right is not, and neither is the real firmware.
import { describe, expect, it } from "vitest";
import { finish, cellOf, listen, memoryOf } from "../boards/rig.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { observe } from "../../sim/advance.ts";
import { copy } from "../../sim/copy.ts";
import type { FaultEntry } from "../../sim/fault.ts";
import { assertClean, lastEvents } from "../../sim/oracle-events.ts";
import { createStatement } from "../../sim/oracle-state.ts";
import type { Oracle, Statement } from "../../sim/oracle-state.ts";
import { tell } from "../../sim/oracle-tell.ts";
import { createPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import { pellet } from "./bench-world.ts";

const ZERO = 32768;
/** 0.1 mA on the 1 mA range. */
const TENTH = ZERO + 2621;
const PERIOD_MS = 100;

/** A firmware double: actuators, what it tells, and frames that keep the watchdog quiet. */
function double(...plan: FaultEntry[]) {
  const options = { cell: pellet("hNa"), seed: 9, errors: 0, noise: 0, oracle: true, plan };
  const world = createWorld({ ...options, framePeriodMs: PERIOD_MS });
  const port = createPort(world, "inline");
  const oracle = world.oracle as Oracle;
  const told: Statement = createStatement();
  const say = (changes: Partial<Statement>): void => {
    tell(world, oracle, Object.assign(told, changes));
  };
  const dac = (code: number): void => {
    port.i2c.write(0x4c, [0x30, code >> 8, code & 0xff]);
  };
  const range = (pins: number): void => {
    port.i2c.write(0x20, [0x0a, pins]);
    port.i2c.write(0x20, [0x00, 0xf0]);
  };
  const frames = (count: number): void => {
    for (let i = 0; i < count; i++) {
      port.runUntil(world.clock.nowMs + PERIOD_MS);
      observe(world);
      say({ chargeInC: oracle.chargeInC, chargeOutC: oracle.chargeOutC });
      port.watchdog.kick();
    }
  };
  port.i2c.write(0x4c, [0x40, 0x08, 0x00]);
  port.watchdog.start(2000);
  return { world, port, oracle, say, dac, range, frames };
}

type Double = ReturnType<typeof double>;

const allowed = { mayFlow: true, currentMinA: 0.8e-4, currentMaxA: 1.2e-4, running: true };

/** The right way to the cell: code, range, relay, current. */
function goLive(d: Double): void {
  d.dac(ZERO);
  d.range(4);
  d.frames(1);
  d.port.relay.write(true);
  d.frames(1);
  d.say(allowed);
  d.dac(TENTH);
  d.frames(3);
}

/** The right way back: relay first, then the code, with a reason. */
function stop(d: Double): void {
  d.port.relay.write(false);
  d.dac(ZERO);
  d.say({ mayFlow: false, currentMinA: 0, currentMaxA: 0, running: false, reasons: 1 });
  d.frames(3);
}

function rulesOf(d: Double): string[] {
  return d.oracle.violations.map((each) => each.rule);
}

describe("a double that does right", () => {
  it("is found clean, live and stopped", () => {
    const d = double();
    goLive(d);
    d.frames(50);
    stop(d);
    expect(() => assertClean(d.oracle)).not.toThrow();
    expect(d.oracle.chargeInC).toBeCloseTo(5.3e-4, 4);
  });

  it("is forgiven a planned reset, brown-out or broken lead", () => {
    const plan: FaultEntry[] = [
      { at: { timeS: 1 }, kind: "leadOpen", target: "current", durationS: 0.2 },
      { at: { timeS: 2 }, kind: "brownOut", target: "range" },
    ];
    const d = double(...plan);
    goLive(d);
    d.frames(17);
    stop(d);
    expect(rulesOf(d)).toEqual([]);
  });
});

describe("a planted violation is caught:", () => {
  it("closing onto a current", () => {
    const d = double();
    d.dac(TENTH);
    d.range(4);
    d.frames(1);
    d.say(allowed);
    d.port.relay.write(true);
    d.frames(1);
    expect(rulesOf(d)).toEqual(["closed-under-current"]);
  });

  it("a range switched under current", () => {
    const d = double();
    goLive(d);
    d.range(8);
    d.frames(1);
    expect(rulesOf(d)).toContain("range-switched-live");
  });

  it("the code taken away before the relay", () => {
    const d = double();
    goLive(d);
    d.dac(ZERO);
    d.port.relay.write(false);
    d.say({ mayFlow: false, currentMinA: 0, currentMaxA: 0, running: false, reasons: 1 });
    d.frames(3);
    expect(rulesOf(d)).toEqual(["zeroed-before-opened"]);
  });

  it("a current that nobody allowed, within milliseconds", () => {
    const d = double();
    goLive(d);
    const from = d.world.clock.nowMs;
    d.say({ mayFlow: false, currentMinA: 0, currentMaxA: 0 });
    d.port.runUntil(from + 2);
    observe(d.world);
    expect(rulesOf(d)).toEqual([]);
    d.port.runUntil(from + 4);
    observe(d.world);
    expect(rulesOf(d)).toEqual(["current-not-allowed"]);
  });

  it("a current at start-up, before anything was said", () => {
    const d = double();
    d.dac(ZERO);
    d.range(4);
    d.port.relay.write(true);
    d.frames(1);
    d.dac(TENTH);
    d.frames(1);
    expect(rulesOf(d)).toEqual(["current-not-allowed"]);
  });

  it("a welded relay whose current is not brought to zero", () => {
    const d = double({ at: { timeS: 0 }, kind: "weld", target: "output" });
    goLive(d);
    d.port.relay.write(false);
    d.say({ mayFlow: false, currentMinA: 0, currentMaxA: 0, running: false, reasons: 1 });
    d.frames(8);
    expect(rulesOf(d)).toEqual([]);
    d.frames(4);
    expect(rulesOf(d)).toEqual(["current-not-allowed"]);
  });

  it.each([
    ["what a start-up sends for one frame", 524, 2e-5, 1, 0.5, []],
    ["the same for longer", 524, 2e-5, 1, 0.7, ["current-not-allowed"]],
    ["more than it has said", 524, 1e-5, 1, 0.5, ["current-not-allowed"]],
    ["more than 2 % of full scale", 590, 3e-5, 1, 0.5, ["current-not-allowed"]],
    ["the same with the relay told to the cell", 524, 2e-5, 0, 0.5, ["current-not-allowed"]],
  ] as const)("a welded relay: %s", (_, codes, provingA, rest, frames, expected) => {
    const d = double({ at: { timeS: 0 }, kind: "weld", target: "output" });
    d.dac(ZERO);
    d.range(4);
    d.port.relay.write(true);
    d.frames(2);
    if (rest === 1) d.port.relay.write(false);
    // Long after anything that may have been allowed.
    d.frames(12);
    d.say({ provingA });
    d.dac(ZERO + codes);
    for (let i = 0; i < frames * 10; i++) {
      d.port.runUntil(d.world.clock.nowMs + PERIOD_MS / 10);
      observe(d.world);
    }
    expect(rulesOf(d)).toEqual(expected);
  });

  it("a current that does not follow its set-point", () => {
    const d = double();
    goLive(d);
    d.dac(TENTH + 2000);
    d.frames(12);
    expect(rulesOf(d)).toEqual([]);
    d.frames(4);
    expect(rulesOf(d)).toEqual(["current-off-setpoint"]);
  });

  it.each([
    ["voltage-outside", { voltageMaxV: 1e-3 }, 9],
    ["force-outside", { forceMaxN: 100 }, 30],
    ["temperature-outside", { temperatureMaxC: 20 }, 30],
  ])("%s, for longer than it takes to notice", (rule, bounds, frames) => {
    const d = double();
    d.say(bounds);
    goLive(d);
    expect(rulesOf(d)).toEqual([]);
    d.frames(frames);
    expect(rulesOf(d)).toEqual([rule]);
  });

  it("a controller that is silent with current on, when even the keep-alive fails", () => {
    const d = double();
    goLive(d);
    // The relay's coil is stuck as well, or the hardware would have dropped it.
    d.world.frontend.output.weld = 1;
    d.port.runUntil(d.world.clock.nowMs + 2500);
    observe(d.world);
    expect(rulesOf(d)).toContain("silent-controller");
  });

  it("a relay that fell, with no word of why", () => {
    const d = double();
    goLive(d);
    d.port.runUntil(d.world.clock.nowMs + 2100);
    expect(d.world.frontend.output.wanted).toBe(0);
    d.frames(30);
    expect(rulesOf(d)).toEqual(expect.arrayContaining(["stopped-without-reason"]));
  });

  it("a program that ended, with no word of why", () => {
    const d = double();
    goLive(d);
    d.port.relay.write(false);
    d.dac(ZERO);
    d.say({ mayFlow: false, currentMinA: 0, currentMaxA: 0, running: false });
    d.frames(30);
    expect(rulesOf(d)).toEqual(["stopped-without-reason"]);
  });

  it("charge that is not what flowed", () => {
    const d = double();
    goLive(d);
    for (let i = 0; i < 200; i++) {
      d.port.runUntil(d.world.clock.nowMs + PERIOD_MS);
      observe(d.world);
      d.say({ chargeInC: d.oracle.chargeInC * 1.05 });
      d.port.watchdog.kick();
    }
    expect(rulesOf(d)).toEqual(["charge-account"]);
  });
});

describe("a report", () => {
  it("names time, rule, value, seed and the last events", () => {
    const d = double();
    d.dac(TENTH);
    d.range(4);
    d.frames(1);
    d.port.relay.write(true);
    d.frames(1);
    const [violation] = d.oracle.violations;
    expect(violation.seed).toBe(9);
    expect(violation.timeS).toBeGreaterThan(0.1);
    expect(violation.value).toBeCloseTo(1e-4, 6);
    expect(() => assertClean(d.oracle)).toThrow(/closed-under-current: .*\(seed 9\)/);
    expect(() => assertClean(d.oracle)).toThrow(/last events:(.|\n)*DAC code 35389/);
    expect(lastEvents(d.oracle).length).toBeLessThanOrEqual(48);
  });

  it("that nobody has watched is no clean one", () => {
    expect(() => assertClean(null)).toThrow("nobody has watched");
  });

  it("is plain data, and goes on in a copy", () => {
    const d = double();
    goLive(d);
    const twin = copy(d.world);
    for (const world of [d.world, twin]) {
      createPort(world, "inline").runUntil(20e3);
      observe(world);
    }
    expect(twin.oracle).toEqual(d.oracle);
    expect(twin.oracle?.violations.length).toBeGreaterThan(0);
  });
});

describe("the real firmware", () => {
  const cell = cellOf("hNa");
  const step = { ...createStep(), kind: STEP_CURRENT, current: 3e-4, duration: 600, budget: 700 };
  const program = [step, { ...step, current: -3e-4 }, { ...step, current: 5e-5 }];

  it.each(["inline", "deferred"] as const)("breaks no rule, %s", (completion) => {
    const memory = memoryOf(cell, program);
    const channel = createSimulated({ cell, seed: 3, memory, completion, oracle: true });
    const record = listen(channel);
    channel.send("start");
    finish(channel, record, 2);
    expect(() => assertClean(channel.oracle)).not.toThrow();
    const charge = (channel.oracle as Oracle).chargeInC;
    expect(charge / (600 * 3.5e-4)).toBeCloseTo(1, 2);
  });

  it("runs the same with and without a witness", () => {
    const lines = [true, false].map((oracle) => {
      const channel = createSimulated({ cell, seed: 3, memory: memoryOf(cell, program), oracle });
      const record = listen(channel, true);
      channel.send("start");
      finish(channel, record, 2);
      return record.lines;
    });
    expect(lines[1]).toEqual(lines[0]);
  });
});
