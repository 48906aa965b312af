// The acquisition as the firmware sees it: whole frames, in time, whatever the chips do.
import { describe, expect, test } from "vitest";
import type { Delivered, Port, Script } from "./scan-rig.ts";
import { copyOf, createScanRig, runFrames, settingsOf } from "./scan-rig.ts";
import type { Timing } from "./scripted-bus.ts";
import { TIMINGS } from "./scripted-bus.ts";

// Bits of the frame's status, as in the port's contract.
const FAILED = { voltage: 1, current: 2, dac: 4, range: 8, force: 16, temperature: 32 };
const REREAD = { voltage: 64, current: 128 };
const CLIPPED = { voltage: 256, current: 512 };
const STALLED = 4096;
/** How long the scan waits for a reply at least, and a frame takes at most with one late, ms. */
const DEADLINE_MS = 50;
const IN_TIME_MS = 160;

const FIRST = [
  ...["voltage", "current", "voltage", "current"],
  ...["temperature", "force"],
] as Port[];

describe.each(TIMINGS)("frames, completions %s", (timing) => {
  test("take their slots in order", () => {
    const rig = createScanRig(timing);
    const [{ frame }] = runFrames(rig, 1);
    expect(rig.begun.map(({ port }) => port)).toEqual(FIRST);
    expect(frame).toMatchObject({ sequence: 0, status: 0, code: 40000, range: 2 });
    expect(frame).toMatchObject({ voltage: 100, current: 100, force: 100, temperature: 100 });
  });

  test.each([
    [200, 0],
    [300, STALLED],
  ])("that a call has held up for %i ms have the status %i", (stallMs, status) => {
    const rig = createScanRig(timing);
    rig.script.takes = (port, n) => {
      if (port === "current" && n === 2) rig.clock.runUntil(rig.clock.now() + stallMs);
      return true;
    };
    const statuses = runFrames(rig, 3).map(({ frame }) => frame.status);
    expect(statuses).toEqual([0, status, 0]);
  });

  test.each([50, 60])("take both conversions half a period of %i Hz apart", (mainsHz) => {
    const rig = createScanRig(timing, {}, mainsHz);
    const frames = runFrames(rig, 3);
    for (const port of ["voltage", "current"]) {
      const at = rig.begun.filter((each) => each.port === port).map((each) => each.at);
      for (let i = 0; i < frames.length; i++) {
        expect(at[2 * i + 1] - at[2 * i]).toBeCloseTo(500 / mainsHz, 9);
      }
    }
    // The time stamp is the mean of the two conversions' middles.
    const middle = 500 / mainsHz / 2 + 2.35 / 2;
    expect(frames[2].frame.timeVoltage).toBeCloseTo(200 + middle, 9);
    expect(frames[2].frame.timeCurrent).toBeCloseTo(200 + middle + 2.35, 9);
  });

  // After one half period, and after two of them.
  const links = [50, 60].flatMap((mainsHz) => [2.5, 4].map((latency) => [mainsHz, latency]));
  test.each(links)("cancel mains of %i Hz on a link of %d ms a reply too", (mainsHz, latency) => {
    const rig = createScanRig(timing, { latencyMs: () => latency }, mainsHz);
    const hum = (at: number): number => 1000 * Math.sin((2 * Math.PI * at * mainsHz) / 1000 + 0.7);
    rig.script.counts = () => 200 + hum(rig.begun.at(-1)?.at ?? 0);
    const frames = runFrames(rig, 4, () => settingsOf({ periodMs: 203 }));
    for (const { frame } of frames) expect(frame.voltage).toBeCloseTo(200, 6);
    // Half a period, or where that is over already, three of them.
    const at = rig.begun.filter(({ port }) => port === "voltage").map((each) => each.at);
    const halves = timing === "inline" ? 1 : 3;
    expect(at[1] - at[0]).toBeCloseTo((halves * 500) / mainsHz, 9);
  });

  test("cancel a mains hum on voltage and current", () => {
    const rig = createScanRig(timing);
    const hum = (at: number): number => 1000 * Math.sin((2 * Math.PI * at * 50) / 1000 + 0.7);
    rig.script.counts = () => 200 + hum(rig.begun.at(-1)?.at ?? 0);
    const frames = runFrames(rig, 5, () => settingsOf({ periodMs: 103 }));
    for (const { frame } of frames) {
      expect(frame.voltage).toBeCloseTo(200, 6);
      expect(frame.current).toBeCloseTo(200, 6);
    }
  });

  test("follow each other at the period, counted from start to start", () => {
    const rig = createScanRig(timing);
    const periods = [0, 100, 50, 200, 20, 1000];
    const frames = runFrames(rig, 6, (n) => settingsOf({ periodMs: periods[n] }));
    const starts = rig.begun.filter((each) => each.port === "voltage").map((each) => each.at);
    let expected = 0;
    for (let n = 0; n < frames.length; n++) {
      expected += periods[n];
      expect(starts[2 * n]).toBeCloseTo(expected, 9);
      expect(frames[n].frame.sequence).toBe(n);
    }
  });

  test("start at once when the period is over already", () => {
    const rig = createScanRig(timing);
    const frames = runFrames(rig, 2, () => settingsOf({ periodMs: 1 }));
    const starts = rig.begun.filter((each) => each.port === "voltage").map((each) => each.at);
    expect(starts[2]).toBe(frames[0].at);
  });

  test("are one object: the last one stands until the next is begun", () => {
    const rig = createScanRig(timing, { counts: (_, n) => n });
    const frames: Delivered[] = [];
    rig.scan.start((frame) => frames.push(copyOf(frame, 0)));
    rig.clock.runUntil(1000);
    const [{ frame, object }] = frames;
    rig.scan.request(settingsOf({ periodMs: 2000 }));
    rig.clock.runUntil(1999);
    expect({ ...object, status: 0 }).toEqual(frame);
    rig.clock.runUntil(3000);
    expect(frames).toHaveLength(2);
    expect(frames[1].object).toBe(object);
    expect(frames[1].frame).toMatchObject({ sequence: 1, voltage: 2.5 });
  });

  test("are taken at the gains asked for", () => {
    const rig = createScanRig(timing);
    const settings = settingsOf({ voltageGain: 2, currentGain: 3 });
    const frames = runFrames(rig, 2, () => settings);
    expect(rig.begun.slice(6).map(({ gain }) => gain)).toEqual([2, 3, 2, 3]);
    expect(frames[1].frame).toMatchObject({ voltageGain: 2, currentGain: 3 });
  });

  test("ask the slow sensors every time while something is wrong", () => {
    const rig = createScanRig(timing);
    const doubt = (n: number) => settingsOf({ periodMs: 100, doubt: n % 4 === 2 ? 1 : 0 });
    const asked = runFrames(rig, 12, doubt).map(({ slowRead }) => slowRead);
    // Every second, counted from the last time, and where it is asked for.
    expect(asked.map((read, n) => (read ? n : -1)).filter((n) => n >= 0)).toEqual([0, 2, 6, 10]);
  });

  test("ask the slow sensors once a second, say so, and carry their age in between", () => {
    const rig = createScanRig(timing, { counts: (_, n) => 1000 + n });
    const frames = runFrames(rig, 22, () => settingsOf({ periodMs: 100 }));
    const asked = rig.begun.filter((each) => each.port === "temperature").map((each) => each.at);
    expect(asked).toHaveLength(3);
    for (let n = 0; n < frames.length; n++) {
      const { frame, slowRead, at } = frames[n];
      expect(slowRead).toBe(n % 10 === 0);
      const slow = rig.begun.filter((each) => each.at <= at);
      const age = (port: Port) => at - (slow.filter((e) => e.port === port).at(-1)?.at ?? NaN);
      expect(frame.temperatureAge).toBeCloseTo(age("temperature"), 9);
      expect(frame.forceAge).toBeCloseTo(age("force"), 9);
      expect(frame.temperature).toBe(1000 + Math.floor(n / 10));
      expect(frame.force).toBe(1000 + Math.floor(n / 10));
    }
  });

  test("wait for a converter that is not ready yet", () => {
    const rig = createScanRig(timing, {
      ready: (port, n) => (port === "current" && n < 3 ? 0 : 1),
    });
    const [{ frame }] = runFrames(rig, 1);
    expect(frame).toMatchObject({ status: 0, current: 100 });
  });
});

describe.each(TIMINGS)("a free-running force converter, completions %s", (timing) => {
  test("leaves its last value in the frame, ever older, until it has a new one", () => {
    const rig = createScanRig(timing, {
      counts: (port, n) => (port === "force" ? 5000 + n : 1),
      ready: (port, n) => (port === "force" && n >= 1 && n < 5 ? 0 : 1),
    });
    const frames = runFrames(rig, 6, () => settingsOf({ periodMs: 1000 }));
    const ages = frames.map(({ frame }) => frame.forceAge);
    expect(frames.map(({ frame }) => frame.force)).toEqual([5000, 5000, 5000, 5000, 5000, 5005]);
    expect(frames.every(({ frame }) => frame.status === 0)).toBe(true);
    for (let n = 1; n < 5; n++) {
      const between = frames[n].at - frames[n - 1].at;
      expect(ages[n] - ages[n - 1]).toBeCloseTo(between, 9);
      expect(frames[n].frame.temperatureAge).toBeLessThan(100);
    }
    expect(ages[5]).toBeLessThan(100);
  });

  test("is of age -1 while it has never been read", () => {
    const rig = createScanRig(timing, { ready: (port) => (port === "force" ? 0 : 1) });
    const frames = runFrames(rig, 3, () => settingsOf({ periodMs: 1000 }));
    expect(frames.map(({ frame }) => frame.forceAge)).toEqual([-1, -1, -1]);
    expect(frames.map(({ frame }) => frame.status)).toEqual([0, 0, 0]);
  });
});

describe.each(TIMINGS)("guards, completions %s", (timing) => {
  const guarded = settingsOf({ guardMax: 1000, guardMin: -1000, guardCurrent: 500 });

  /** Counts of the second frame's conversions of one port, by number within the frame. */
  function second(port: Port, counts: number[]): Partial<Script> {
    return { counts: (each, n) => (each === port && n >= 2 ? counts[n - 2] : 0) };
  }

  test("a voltage outside is read four times more; the median of five stands", () => {
    const rig = createScanRig(timing, second("voltage", [3000, 3002, 40, 50, 60, 4000]));
    const { frame } = runFrames(rig, 2, () => guarded)[1];
    const order = rig.begun.slice(6).map(({ port }) => port);
    expect(order.slice(0, 4)).toEqual(FIRST.slice(0, 4));
    expect(order.slice(4)).toEqual(Array(4).fill("voltage"));
    expect(frame).toMatchObject({ voltage: 60, status: REREAD.voltage });
  });

  test("a voltage outside that is confirmed stands too", () => {
    const rig = createScanRig(timing, second("voltage", [3000, 3002, 3010, 50, 3005, 4000]));
    const { frame } = runFrames(rig, 2, () => guarded)[1];
    expect(frame).toMatchObject({ voltage: 3005, status: REREAD.voltage });
  });

  test("a voltage nearer to zero than allowed is read again", () => {
    const short = settingsOf({ guardShort: 20 });
    const rig = createScanRig(timing, second("voltage", [10, 12, 500, 501, 502, 503]));
    const { frame } = runFrames(rig, 2, () => short)[1];
    expect(frame).toMatchObject({ voltage: 501, status: REREAD.voltage });
  });

  test("a current outside is read again", () => {
    const rig = createScanRig(timing, second("current", [-700, -702, -600, -800, -650, 20]));
    const { frame } = runFrames(rig, 2, () => guarded)[1];
    expect(frame).toMatchObject({ current: -650, status: REREAD.current });
  });

  test("both together: the voltage first", () => {
    const rig = createScanRig(timing, { counts: () => 2000 });
    const { frame } = runFrames(rig, 2, () => guarded)[1];
    const order = rig.begun
      .slice(6)
      .map(({ port }) => port)
      .slice(4);
    const again = (port: Port): Port[] => Array<Port>(4).fill(port);
    expect(order).toEqual([...again("voltage"), ...again("current")]);
    expect(frame.status).toBe(REREAD.voltage | REREAD.current);
  });

  test("a reading at the end of the scale is repeated at the widest gain", () => {
    const narrow = settingsOf({ voltageGain: 3, currentGain: 2 });
    for (const end of [32767, -32768]) {
      const rig = createScanRig(timing, { counts: (_, __, gain) => (gain > 0 ? end : 7000) });
      const [first, { frame, widened }] = runFrames(rig, 2, () => narrow);
      expect(rig.begun.slice(6).map(({ port, gain }) => [port, gain])).toEqual([
        ["voltage", 3],
        ["voltage", 0],
        ["current", 2],
        ["current", 0],
        ["voltage", 0],
        ["current", 0],
      ]);
      expect([first.widened, widened]).toEqual([false, true]);
      expect(frame).toMatchObject({ voltage: 7000, current: 7000, status: 0 });
      expect(frame).toMatchObject({ voltageGain: 0, currentGain: 0 });
    }
  });

  test("of two readings at different gains only the second, wider one counts", () => {
    const narrow = settingsOf({ voltageGain: 3, currentGain: 2 });
    const rig = createScanRig(timing, {
      counts: (_, n, gain) => (gain === 0 ? 7000 : n === 2 ? 31000 : 32767),
    });
    const { frame } = runFrames(rig, 2, () => narrow)[1];
    expect(rig.begun.slice(6).map(({ gain }) => gain)).toEqual([3, 2, 3, 0, 2, 0]);
    expect(frame).toMatchObject({ voltage: 7000, current: 7000, status: 0 });
    expect(frame).toMatchObject({ voltageGain: 0, currentGain: 0 });
  });

  test.each(["voltage", "current"] as const)(
    "a %s read again at the end of a narrow scale stays at its gain, in the median",
    (port) => {
      const narrow = settingsOf({ voltageGain: 3, currentGain: 3 });
      const settings = { ...narrow, guardMax: 30000, guardCurrent: 30000 };
      const again = [32767, 31500, 32767, 30500];
      const rig = createScanRig(timing, {
        counts: (each, n, gain) => {
          if (each !== port || n < 2) return 0;
          if (gain === 0) return 4200;
          return n < 4 ? 31000 : again[n - 4];
        },
      });
      const { frame } = runFrames(rig, 2, () => settings)[1];
      const gain = port === "voltage" ? frame.voltageGain : frame.currentGain;
      expect([frame[port], gain]).toEqual([31500, 3]);
      // Marked is only the end of the widest scale.
      expect(frame.status).toBe(REREAD[port]);
    },
  );

  test("a reading at the end of the widest scale is marked, and a current is taken again", () => {
    for (const end of [32767, -32768]) {
      const rig = createScanRig(timing, { counts: () => end });
      const [{ frame }] = runFrames(rig, 1);
      expect(frame.status).toBe(CLIPPED.voltage | CLIPPED.current | REREAD.current);
      expect(frame.voltage).toBe(end);
    }
    const rig = createScanRig(timing, { counts: () => 32766 });
    expect(runFrames(rig, 1)[0].frame.status).toBe(0);
  });
});

const EVERY_PORT = Object.keys(FAILED) as Port[];

describe.each(TIMINGS)("a port that fails, completions %s", (timing) => {
  test.each(EVERY_PORT)("%s: a missing acknowledge costs its bit and no time", (port) => {
    const rig = createScanRig(timing, { answers: (each) => each !== port });
    const frames = runFrames(rig, 3, () => settingsOf({ periodMs: 1000 }));
    expect(frames.map(({ frame }) => frame.status)).toEqual(Array(3).fill(FAILED[port]));
    frames.forEach(({ at }, n) => expect(at - n * 1000).toBeLessThan(DEADLINE_MS));
  });

  test.each(EVERY_PORT.slice(0, 2).concat(EVERY_PORT.slice(4)))(
    "%s: a start that is not taken costs its bit",
    (port) => {
      const rig = createScanRig(timing, { takes: (each) => each !== port });
      const frames = runFrames(rig, 2, () => settingsOf({ periodMs: 1000 }));
      expect(frames.map(({ frame }) => frame.status)).toEqual([FAILED[port], FAILED[port]]);
    },
  );

  test.each(EVERY_PORT.slice(0, 2).concat(EVERY_PORT.slice(4)))("%s: so does a fault", (port) => {
    const rig = createScanRig(timing, { ready: (each) => (each === port ? -1 : 1) });
    const frames = runFrames(rig, 2, () => settingsOf({ periodMs: 1000 }));
    expect(frames.map(({ frame }) => frame.status)).toEqual([FAILED[port], FAILED[port]]);
  });

  test.each(["voltage", "current", "temperature"] as Port[])(
    "%s: never ready is given up after its deadline",
    (port) => {
      const rig = createScanRig(timing, { ready: (each) => (each === port ? 0 : 1) });
      const frames = runFrames(rig, 2, () => settingsOf({ periodMs: 1000 }));
      expect(frames.map(({ frame }) => frame.status)).toEqual([FAILED[port], FAILED[port]]);
      frames.forEach(({ at }, n) => expect(at - n * 1000).toBeLessThan(IN_TIME_MS));
    },
  );

  test("one broken reading of two is a failed slot, and the next frame is whole again", () => {
    const rig = createScanRig(timing, { answers: (port, n) => port !== "voltage" || n !== 1 });
    const frames = runFrames(rig, 2);
    expect(frames.map(({ frame }) => frame.status)).toEqual([FAILED.voltage, 0]);
  });

  test("a failed re-read is a failed slot", () => {
    const rig = createScanRig(timing, {
      counts: () => 2000,
      answers: (port, n) => port !== "voltage" || n !== 5,
    });
    const { frame } = runFrames(rig, 2, () => settingsOf({ guardMax: 1000 }))[1];
    expect(frame.status & FAILED.voltage).toBe(FAILED.voltage);
  });
});

/** What a read that is given up costs: its own bit, and those of what was not reached, re-reads
 *  included. Slow sensors come last. */
const GIVEN_UP = { voltage: 15, current: 15, dac: 12, range: 8, force: 16, temperature: 32 };

describe("a reply that comes late", () => {
  // In order, as the port promises: what is asked after it waits for it.
  const late = { voltage: 3, current: 3, dac: 1, range: 1, force: 1, temperature: 1 };
  const value = { voltage: 100, current: 200, temperature: 300, force: 400, dac: 0, range: 0 };
  const truth = { voltage: 100, current: 200, temperature: 300, force: 400, code: 40000, range: 2 };

  test.each(EVERY_PORT)("%s: is ignored, its frame is given up at its deadline", (port) => {
    const rig = createScanRig("deferred", {
      counts: (each, n) => (each === port && n === late[port] >> 1 ? 700 : value[each]),
      latencyMs: (each, n) => (each === port && n === late[port] ? 2 * DEADLINE_MS + 20 : 0),
    });
    const frames = runFrames(rig, 6, () => settingsOf({ periodMs: 200 }));
    const broken = port === "dac" || port === "range" ? 1 : 0;
    const expected = [0, 0, 0, 0, 0, 0];
    expected[broken] = GIVEN_UP[port];
    expect(frames.map(({ frame }) => frame.status)).toEqual(expected);
    expect(frames[broken].at - broken * 200).toBeCloseTo(DEADLINE_MS, 9);
    // Nothing of the late reply has got into any slot of the frames after it.
    const { temperature, force, ...fast } = truth;
    for (const { frame } of frames.slice(broken + 1)) expect(frame).toMatchObject(fast);
    expect(frames[5].frame).toMatchObject({ temperature, force });
    // As long as there is no force the slow sensors are asked again in the next frame; the force
    // comes after the temperature.
    const ages = frames.map(({ frame: { temperatureAge, forceAge } }) => [
      temperatureAge,
      forceAge,
    ]);
    expect([ages[0][0] < 0, ages[0][1] < 0]).toEqual([
      broken === 0 && port !== "force",
      broken === 0,
    ]);
    expect(Math.min(...ages.slice(1).flat())).toBeGreaterThanOrEqual(0);
  });

  test.each(EVERY_PORT.slice(0, 4))("%s: beyond the next frame's start too", (port) => {
    const nth = port === "dac" || port === "range" ? 1 : 7;
    const rig = createScanRig("deferred", {
      counts: (each) => value[each],
      latencyMs: (each, n) => (each === port && n === nth ? 190 : 0),
    });
    const frames = runFrames(rig, 6, () => settingsOf({ periodMs: 200 }));
    expect(frames.map(({ frame }) => frame.status)).toEqual([0, GIVEN_UP[port], 0, 0, 0, 0]);
    // It may cost the frame it falls into a reading, never the frames after that.
    for (const { frame } of frames.slice(3)) expect(frame).toMatchObject(truth);
    const begun = rig.begun.filter((each) => each.port === "voltage" && each.at > 590);
    expect(begun).toHaveLength(2 * 3);
  });

  test.each(EVERY_PORT)("%s: up to half of the deadline costs nothing", (port) => {
    const rig = createScanRig("deferred", {
      counts: (each) => value[each],
      latencyMs: (each, n) => (each === port && n === late[port] ? DEADLINE_MS / 2 - 1 : 0),
    });
    const frames = runFrames(rig, 4, () => settingsOf({ periodMs: 200 }));
    for (const { frame } of frames) expect(frame).toMatchObject({ ...truth, status: 0 });
  });
});

describe("a reply that never comes", () => {
  const periodic = () => settingsOf({ periodMs: 200 });

  test.each(EVERY_PORT.slice(0, 4))("%s: costs the rest of each frame, in time", (port) => {
    const rig = createScanRig("deferred", { lost: (each) => each === port });
    const frames = runFrames(rig, 6, periodic);
    expect(frames.map(({ frame }) => frame.status)).toEqual(Array(6).fill(GIVEN_UP[port]));
    frames.forEach(({ at }, n) => expect(at - n * 200).toBeCloseTo(DEADLINE_MS, 9));
  });

  test.each(EVERY_PORT.slice(0, 4))("%s: once, costs the rest of its frame only", (port) => {
    const nth = port === "dac" || port === "range" ? 1 : 7;
    const rig = createScanRig("deferred", { lost: (each, n) => each === port && n === nth });
    const frames = runFrames(rig, 6, periodic);
    expect(frames.map(({ frame }) => frame.status)).toEqual([0, GIVEN_UP[port], 0, 0, 0, 0]);
  });

  test("asked for late in a frame is given up at its second deadline", () => {
    const rig = createScanRig("deferred", {
      latencyMs: (port, n) => (port === "current" && n === 4 ? 30 : 0),
      lost: (port, n) => port === "dac" && n === 1,
    });
    const frames = runFrames(rig, 3, periodic);
    expect(frames.map(({ frame }) => frame.status)).toEqual([0, GIVEN_UP.dac, 0]);
    expect(frames[1].at - 200).toBeCloseTo(2 * DEADLINE_MS, 9);
  });

  test("from any chip at all costs every bit but the slow sensors', and no more time", () => {
    const rig = createScanRig("deferred", { lost: () => true });
    const frames = runFrames(rig, 4, periodic);
    expect(frames.map(({ frame }) => frame.status)).toEqual(Array(4).fill(GIVEN_UP.voltage));
    frames.forEach(({ at }, n) => expect(at - n * 200).toBeCloseTo(DEADLINE_MS, 9));
    expect(frames.at(-1)?.frame).toMatchObject({ forceAge: -1, temperatureAge: -1 });
  });
});

describe("both timings", () => {
  const trouble: Partial<Script> = {
    counts: (port, n, gain) => {
      if (gain > 0 && n % 11 === 5) return 32767;
      const spread = ((n * 7919) % 2001) - 1000;
      return port === "voltage" ? spread : spread / 2;
    },
    ready: (port, n) => (n % 13 === 4 ? 0 : port === "force" && n % 5 === 1 ? -1 : 1),
    answers: (port, n) => !(port === "dac" && n % 7 === 3) && !(port === "voltage" && n % 17 === 9),
    takes: (port, n) => !(port === "current" && n % 19 === 6),
  };
  const settings = (n: number) =>
    settingsOf({ voltageGain: n % 4, currentGain: (n + 1) % 3, guardMax: 800, guardCurrent: 300 });

  test("deliver identical frames", () => {
    const run = (timing: Timing) =>
      runFrames(createScanRig(timing, trouble), 200, settings).map((each) => ({
        ...each,
        object: 0,
      }));
    const inline = run("inline");
    expect(inline).toHaveLength(200);
    expect(run("deferred")).toEqual(inline);
  });

  test("deliver the same readings when replies take their time", () => {
    const untimed = ({ frame }: { frame: object }) => ({
      ...frame,
      timeVoltage: 0,
      timeCurrent: 0,
      forceAge: 0,
      temperatureAge: 0,
    });
    const calm: Partial<Script> = { ...trouble, ready: () => 1 };
    const run = (timing: Timing, latency: number) => {
      const changes = { ...calm, latencyMs: () => latency };
      const slowly = (n: number) => ({ ...settings(n), periodMs: 1000 });
      return runFrames(createScanRig(timing, changes), 50, slowly).map(untimed);
    };
    expect(run("deferred", 0.7)).toEqual(run("inline", 0));
  });
});

test("a scan sets no timer before it is started", () => {
  const rig = createScanRig("inline");
  expect(rig.clock.waiting()).toBe(0);
  expect(rig.begun).toEqual([]);
});

test("a delivered frame leaves no timer behind but the next frame's", () => {
  const rig = createScanRig("inline");
  let frames = 0;
  rig.scan.start(() => frames++);
  rig.clock.runUntil(1000);
  expect(frames).toBe(1);
  expect(rig.clock.waiting()).toBe(0);
});
