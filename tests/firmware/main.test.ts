// The shell on a board of recorders: in which order ports are called, and what the line says.
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { CONFIG_BYTES } from "../../firmware/config.ts";
import { decodeAnswer } from "../../firmware/console.ts";
import { DEBOUNCE, FAULT_CONFIG, FAULT_EXCEPTION, FAULT_NONE } from "../../firmware/fault.ts";
import { FAULT_PROTOCOL, FAULT_V_HIGH } from "../../firmware/fault.ts";
import { WITNESS } from "../../firmware/evidence.ts";
import { LIVE } from "../../firmware/loop.ts";
import { ACTION_HOLD, ACTIONS_HARD, PROTOCOL_HEADER_BYTES } from "../../firmware/protocol.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import {
  END_FAULT,
  END_FINISHED,
  END_SHORT,
  END_STOPPED,
  EVENT_FAULT,
  EVENT_HOLD,
  EVENT_SHORT,
  EVENT_START,
  EVENT_STEP,
  EVENT_VERDICT,
  decodeEvent,
  decodeEvidence,
  decodeFrame,
} from "../../firmware/telemetry.ts";
import { entryOf } from "./records.ts";
import type { ShellBoard } from "./shell-board.ts";
import { bootShell, memoryOf } from "./shell-board.ts";
import { CIRCUIT, CODE_MID, currentStep, restStep } from "./specimen.ts";

const PROGRAM = [restStep(1), currentStep(5e-4, { duration: 20 })];

/** Started, and frames until current flows. */
function live(memory = memoryOf(PROGRAM)): ShellBoard {
  const board = bootShell(memory);
  board.frame();
  board.send("start");
  for (let i = 0; i < 200 && board.held.code === CODE_MID; i++) board.frame();
  for (let i = 0; i < 3; i++) board.frame();
  expect(board.held).toMatchObject({ relay: 1, range: 2 });
  return board;
}

function codes(board: ShellBoard): number[] {
  return board.events().map(({ code }) => code);
}

describe("booting", () => {
  test("puts the relay to rest first, then the chips to work, and starts the frames last", () => {
    const { log } = bootShell(memoryOf(PROGRAM));
    expect(log[0]).toBe("relay rest");
    expect(log.slice(1, 3)).toEqual(["dac reset", "range reset"]);
    expect(log.at(-1)).toBe("scan");
    expect(log).toContain("watchdog 2000");
    expect(log).not.toContain("relay cell");
    expect(log.filter((call) => call === "kick")).toEqual([]);
  });

  test("writes zero code and range before anything else, with the relay at rest", () => {
    const board = bootShell(memoryOf(PROGRAM));
    const calls = board.frame();
    expect(calls.slice(0, 3)).toEqual(["relay rest", `dac ${CODE_MID}`, "range 0"]);
    expect(board.frame()).toEqual(["kick", "request"]);
  });

  test("reads program length and hash", () => {
    const { shell } = bootShell(memoryOf(PROGRAM));
    expect(shell.channel.run).toMatchObject({ steps: 3, hash: 0xcafe });
    expect(shell.channel.guard.fault).toBe(FAULT_NONE);
  });

  test.each([
    ["is blank", (memory: Uint8Array) => memory.fill(0)],
    ["is damaged in its configuration", (memory: Uint8Array) => (memory[CONFIG_BYTES / 2] ^= 1)],
  ])("refuses to run when memory %s, and says so", (_, damage) => {
    const memory = memoryOf(PROGRAM);
    damage(memory);
    const board = bootShell(memory);
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.log).not.toContain("relay cell");
    expect(board.shell.channel.guard.fault).toBe(FAULT_CONFIG);
    const faults = board.events().filter(({ code }) => code === EVENT_FAULT);
    expect(faults.every(({ values }) => values[0] === FAULT_CONFIG)).toBe(true);
    expect(faults.length).toBeGreaterThan(0);
  });

  test("refuses to run a program with a damaged header", () => {
    const memory = memoryOf(PROGRAM);
    memory[MEMORY_AREAS.protocol + 8] ^= 1;
    const board = bootShell(memory);
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.log).not.toContain("relay cell");
    expect(board.shell.channel.guard.fault).toBe(FAULT_PROTOCOL);
    expect(board.events().at(-1)).toMatchObject({ code: EVENT_VERDICT });
  });
});

describe("a frame", () => {
  test("is answered in order: hardware, link, watchdog, memory, next frame", () => {
    const board = bootShell(memoryOf(PROGRAM));
    board.send("start");
    // Which reads the configuration before anything else.
    board.frame();
    const all: string[][] = [];
    for (let i = 0; i < 60; i++) all.push(board.frame());
    const rank = (call: string): number => {
      const order = [/^(relay|dac|range) /, /^send/, /^kick/, /^memory/, /^request/];
      return order.findIndex((each) => each.test(call));
    };
    for (const calls of all) {
      const ranks = calls.map(rank);
      expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      expect(calls.filter((call) => call === "kick" || call === "request")).toHaveLength(2);
    }
  });

  test("on the way to the cell writes code and range before the relay", () => {
    const board = live();
    const closing = board.log.indexOf("relay cell");
    expect(board.log.lastIndexOf("range 2", closing)).toBeGreaterThan(0);
    const lastCode = board.log
      .slice(0, closing)
      .filter((call) => call.startsWith("dac "))
      .at(-1);
    expect(lastCode).toBe(`dac ${CODE_MID}`);
    expect(board.log.filter((call) => call === "relay cell")).toHaveLength(1);
  });

  test("on the way to rest moves the relay first", () => {
    const board = live();
    board.send("stop");
    const calls = board.frame();
    expect(calls[0]).toBe("relay rest");
    expect(calls[1]).toBe(`dac ${CODE_MID}`);
    expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
  });

  test("writes again what a chip did not take", () => {
    const board = bootShell(memoryOf(PROGRAM));
    board.refuse.dac = true;
    board.refuse.range = true;
    for (let i = 0; i < 3; i++) {
      expect(board.frame().filter((call) => /^(dac|range)/.test(call))).toHaveLength(2);
    }
    board.refuse.dac = false;
    board.refuse.range = false;
    board.frame();
    expect(board.frame()).toEqual(["kick", "request"]);
    expect(board.held).toMatchObject({ code: CODE_MID, range: 0 });
  });

  test("tells the core when a command took effect", () => {
    const board = live();
    const { channel } = board.shell;
    board.send("stop");
    const before = board.nowMs;
    board.frame();
    expect(channel.appliedAt).toBeCloseTo((before + 30) / 1000, 9);
    board.frame();
    expect(channel.appliedAt).toBeCloseTo((before + 30) / 1000, 9);
  });

  test("tells the core when a change of rung or set-point took effect, not when a trim did", () => {
    const program = [5e-4, -5e-4].map((each) => currentStep(each, { duration: 3 }));
    const board = bootShell(memoryOf(program));
    const { channel } = board.shell;
    board.send("start");
    let changes = 0;
    let trims = 0;
    for (let i = 0; i < 60; i++) {
      const { rung, setpoint, changedAt } = channel.loop;
      const before = board.nowMs;
      // Two counts of the current, up and down: the trim follows.
      const held = board.held.code - CODE_MID + (channel.command.relay === 1 ? 40 * (i % 2) : 0);
      const senseV = held / CIRCUIT.codesPerSenseVolt;
      const calls = board.frame({ current: senseV / CIRCUIT.senseVoltsPerCount[0] });
      if (channel.loop.rung !== rung || channel.loop.setpoint !== setpoint) {
        expect(channel.loop.changedAt).toBeCloseTo((before + 30) / 1000, 9);
        changes++;
      } else if (rung === LIVE) {
        expect(channel.loop.changedAt).toBe(changedAt);
        if (calls.some((call) => call.startsWith("dac "))) trims++;
      }
    }
    // Prepared, closed, half live, live, reversed, at rest.
    expect(changes).toBe(6);
    expect(trims).toBeGreaterThan(10);
  });
});

describe("an exception in the tick", () => {
  test("opens the relay before all else, ends the run, and does not prove life", () => {
    const board = live();
    board.explode = true;
    const calls = board.frame();
    expect(calls[0]).toBe("relay rest");
    expect(calls).not.toContain("kick");
    expect(calls).toContain("request");
    expect(board.held).toEqual({ relay: 0, code: CODE_MID, range: 2 });
    expect(board.shell.channel.guard.fault).toBe(FAULT_EXCEPTION);
    expect(codes(board).slice(-2)).toEqual([EVENT_FAULT, EVENT_VERDICT]);
    expect(board.events().at(-1)?.values[2]).toBe(END_FAULT);
    expect(board.frame()).toContain("kick");
    expect(board.held.relay).toBe(0);
  });

  test("keeps a run from starting until the board does", () => {
    const board = live();
    board.explode = true;
    board.frame();
    const from = board.lines.length;
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.held.relay).toBe(0);
    const told = codes(board).slice(codes(board).length - 3);
    expect(told).toEqual([EVENT_START, EVENT_FAULT, EVENT_VERDICT]);
    expect(board.lines.length).toBeGreaterThan(from);
  });
});

describe("the line", () => {
  test("starts a run and tells it from start to verdict", () => {
    const board = bootShell(memoryOf([restStep(1), currentStep(5e-4, { duration: 2 })]));
    board.send("start");
    for (let i = 0; i < 60; i++) board.frame();
    expect(codes(board)).toEqual([EVENT_START, EVENT_STEP, EVENT_STEP, EVENT_VERDICT]);
    expect(board.events().at(-1)?.values[2]).toBe(END_FINISHED);
    expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
    expect(board.events()[0].values).toEqual([3, 0xcafe]);
    expect(board.lines.every((line) => JSON.parse(line) instanceof Array)).toBe(true);
  });

  test("sends frames of the step under which they were taken", () => {
    const board = bootShell(memoryOf([restStep(3), currentStep(5e-4, { duration: 5 })]));
    board.send("start");
    for (let i = 0; i < 100; i++) board.frame();
    const frames = board.frames();
    const begun = board.events().filter(({ code }) => code === EVENT_STEP);
    expect(begun).toHaveLength(2);
    for (const each of frames) {
      const before = begun.filter(({ timeMs }) => timeMs < each.timeMs).length;
      expect(each.stepCount).toBe(before);
      expect(each.step).toBe(Math.max(0, before - 1));
      if (Math.abs(each.currentPa) > 1e6) expect(each.direction).toBe(1);
    }
    const live = frames.filter(({ setpointPa }) => setpointPa > 0);
    expect(live.length).toBeGreaterThan(3);
    for (const { setpointPa, currentPa } of live) {
      expect(setpointPa).toBe(5e8);
      expect(currentPa / 5e8).toBeCloseTo(1, 3);
    }
    expect(frames.at(-1)?.chargeInUc).toBeGreaterThan(2000);
  });

  test("stops a run at once, at any time", () => {
    for (let frames = 1; frames < 40; frames += 3) {
      const board = bootShell(memoryOf(PROGRAM));
      board.send("start");
      for (let i = 0; i < frames; i++) board.frame();
      board.send("stop");
      board.frame();
      expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
      expect(board.events().at(-1)).toMatchObject({ code: EVENT_VERDICT });
      expect(board.events().at(-1)?.values[2]).toBe(END_STOPPED);
    }
  });

  test("obeys a stop after a start, before the next frame too", () => {
    const board = bootShell(memoryOf(PROGRAM));
    board.frame();
    board.send("start");
    board.send("stop");
    for (let i = 0; i < 100; i++) board.frame();
    expect(board.events()).toEqual([]);
    board.send("stop");
    board.frame();
    board.send("start");
    for (let i = 0; i < 100; i++) board.frame();
    expect(codes(board)[0]).toBe(EVENT_START);
    expect(board.log).toContain("relay cell");
  });

  test("starts each run with all debounces anew", () => {
    const high = { voltage: 4.5 / CIRCUIT.voltsPerCount[0] };
    const board = bootShell(memoryOf([restStep(100)]));
    const { guard, run } = board.shell.channel;
    const rest = () => {
      board.frame();
      board.send("start");
      for (let i = 0; run.schedule.phase !== RUNNING && i < 20; i++) board.frame();
      expect(run.schedule.phase).toBe(RUNNING);
    };
    rest();
    // One frame short of a fault; then it is stopped.
    for (let i = 1; i < DEBOUNCE[FAULT_V_HIGH]; i++) board.frame(high);
    board.send("stop");
    board.frame();
    board.send("start");
    // The first frame arms, and is not supervised.
    for (let i = 0; i < DEBOUNCE[FAULT_V_HIGH]; i++) board.frame(high);
    expect(guard.fault).toBe(FAULT_NONE);
    board.frame(high);
    expect(guard.fault).toBe(FAULT_V_HIGH);
  });

  test("carries only what its reader takes, also before the slow sensors were read", () => {
    const unread = { temperature: 0, temperatureAge: -1, force: 0, forceAge: -1 };
    for (const memory of [new Uint8Array(MEMORY_AREAS.end), memoryOf(PROGRAM)]) {
      const board = bootShell(memory);
      board.send("start");
      for (let i = 0; i < 700; i++) board.frame(unread);
      expect(codes(board)).toContain(EVENT_FAULT);
      const unknown = (line: string) =>
        !decodeFrame(line) && !decodeEvent(line) && !decodeAnswer(line);
      expect(board.lines.filter(unknown)).toEqual([]);
    }
  });

  test("does not start twice, nor stop what is not running", () => {
    const board = live();
    board.send("start");
    board.frame();
    expect(codes(board).filter((code) => code === EVENT_START)).toHaveLength(1);
    const idle = bootShell(memoryOf(PROGRAM));
    idle.send("stop");
    idle.frame();
    expect(idle.events()).toEqual([]);
  });

  test.each(["", "START", "start ", " stop", "eval(1)", "start\u0000", "x".repeat(500)])(
    "does not understand %j, and says so",
    (text) => {
      const board = bootShell(memoryOf(PROGRAM));
      board.send(text);
      for (let i = 0; i < 3; i++) board.frame();
      expect(board.lines).toEqual(['["k",0,1]']);
      expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
    },
  );
});

describe("a held run", () => {
  const program = [currentStep(5e-4, { duration: 60, actions: ACTION_HOLD << ACTIONS_HARD })];
  const shorted = { voltage: 0, status: 64 };

  /** A run that a hard short has held, and ten frames more. */
  function held(): ShellBoard {
    const board = live(memoryOf(program));
    for (let i = 0; i < 5; i++) board.frame();
    const calls = board.frame(shorted);
    expect(calls[0]).toBe("relay rest");
    expect(codes(board).slice(-2)).toEqual([EVENT_SHORT, EVENT_HOLD]);
    for (let i = 0; i < 10; i++) board.frame();
    expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
    expect(board.shell.channel.run.schedule.phase).toBe(HELD);
    return board;
  }

  test("goes on by the line resume, up the whole ladder", () => {
    const board = held();
    const from = board.log.length;
    board.send("resume");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.held.relay).toBe(1);
    expect(board.held.code).not.toBe(CODE_MID);
    const since = board.log.slice(from);
    const closing = since.indexOf("relay cell");
    expect(since.slice(closing).some((call) => /^dac /.test(call))).toBe(true);
    expect(since.slice(0, closing).some((call) => /^dac /.test(call))).toBe(false);
    expect(codes(board).filter((code) => code === EVENT_START)).toHaveLength(1);
  });

  test("takes no other line for it, and a start does not begin anew", () => {
    const board = held();
    for (const text of ["start", "RESUME", "resume ", ""]) {
      board.send(text);
      for (let i = 0; i < 5; i++) board.frame();
      expect(board.shell.channel.run.schedule.phase).toBe(HELD);
      expect(board.held.relay).toBe(0);
    }
    expect(codes(board).filter((code) => code === EVENT_START)).toHaveLength(1);
  });

  test("is ended by a stop, also by one that comes with a resume", () => {
    for (const order of [["stop"], ["resume", "stop"]]) {
      const board = held();
      order.forEach((text) => board.send(text));
      for (let i = 0; i < 5; i++) board.frame();
      expect(board.held.relay).toBe(0);
      expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
      expect(board.events().at(-1)?.values.slice(0, 3)[2]).toBe(END_STOPPED);
    }
  });

  test("is none that runs: there resume means nothing, now or later", () => {
    const board = live(memoryOf(program));
    board.send("resume");
    for (let i = 0; i < 5; i++) board.frame();
    expect(board.held.relay).toBe(1);
    board.frame(shorted);
    for (let i = 0; i < 5; i++) board.frame();
    expect(board.shell.channel.run.schedule.phase).toBe(HELD);
  });
});

describe("evidence, on a board that carries it", () => {
  const features = { rules: null, prover: null, witness: WITNESS };
  const program = [currentStep(5e-4, { duration: 60 })];

  /** A run that a hard short ends, and 20 frames more. */
  function shortened(): ShellBoard {
    const board = bootShell(memoryOf(program), features);
    board.frame();
    board.send("start");
    for (let i = 0; i < 60; i++) board.frame();
    board.frame({ voltage: 0, status: 64 });
    for (let i = 0; i < 20; i++) board.frame();
    return board;
  }

  test("comes after the short and before the verdict, which is the last word", () => {
    const { lines } = shortened();
    const kinds = lines.map((line) => line[2]).join("");
    expect(kinds).toMatch(/^[^v]*e+v+e$/);
    const told = lines.map(decodeEvent).filter((each) => each !== null);
    expect(told.slice(-2).map(({ code }) => code)).toEqual([EVENT_SHORT, EVENT_VERDICT]);
    expect(told.at(-1)?.values[2]).toBe(END_SHORT);
  });

  test("is the 32 frames up to it, and a burst at once after it", () => {
    const { lines, log } = shortened();
    const told = lines.map(decodeEvidence).filter((each) => each !== null);
    const points = (burst: boolean): number[] =>
      told.filter((each) => each.burst === burst).flatMap((each) => each.points);
    expect(points(false)).toHaveLength(32 * 3);
    // 50 Ω up to the short.
    const volts = points(false).filter((_, i) => i % 3 === 1);
    expect(volts.at(-1)).toBe(0);
    for (const uv of volts.slice(-10, -1)) expect(uv / 25_000).toBeCloseTo(1, 2);
    const readings = points(true).filter((_, i) => i % 3 === 1);
    expect(readings).toHaveLength(80);
    readings.forEach((uv, i) => expect(uv / 1000).toBeCloseTo(i + 1, 2));
    expect(log.filter((call) => call.startsWith("burst"))).toEqual(["burst 80 2500"]);
  });

  test("is asked for between the command and the next frame", () => {
    const board = bootShell(memoryOf(program), features);
    board.frame();
    board.send("start");
    for (let i = 0; i < 60; i++) board.frame();
    const calls = board.frame({ voltage: 0, status: 64 });
    expect(calls[0]).toBe("relay rest");
    expect(calls.slice(-2)).toEqual(["burst 80 2500", "request"]);
  });

  test("of the run before holds a new one back until its verdict is said", () => {
    const board = bootShell(memoryOf(program), features);
    board.frame();
    board.send("start");
    for (let i = 0; i < 60; i++) board.frame();
    board.frame({ voltage: 0, status: 64 });
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    const order = codes(board).filter((code) => code === EVENT_START || code === EVENT_VERDICT);
    expect(order).toEqual([EVENT_START, EVENT_VERDICT, EVENT_START]);
  });
});

describe("steps from memory", () => {
  const tableAt = (index: number): number =>
    MEMORY_AREAS.protocol + PROTOCOL_HEADER_BYTES + 2 * index;
  const stepAt = (memory: Uint8Array, index: number): number =>
    entryOf(memory, MEMORY_AREAS.protocol, index)[0];

  test("are read one ahead, each once", () => {
    const memory = memoryOf([restStep(1), restStep(1), restStep(1)]);
    const board = bootShell(memory);
    board.send("start");
    for (let i = 0; i < 60; i++) board.frame();
    // Configuration and header at boot, and again by the run.
    const read = board.log.filter((call) => call.startsWith("memory ")).slice(4);
    const places = [0, 1, 2, 3].flatMap((index) => [tableAt(index), stepAt(memory, index)]);
    expect(read).toEqual(places.map((at) => `memory ${at}`));
  });

  test("that are damaged end the run before they are begun", () => {
    const memory = memoryOf([restStep(5), currentStep(5e-4, { duration: 20 })]);
    memory[stepAt(memory, 1) + 10] ^= 4;
    const board = bootShell(memory);
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.log).not.toContain("relay cell");
    expect(board.shell.channel.guard.fault).toBe(FAULT_PROTOCOL);
    expect(codes(board).at(-1)).toBe(EVENT_VERDICT);
  });

  test("that are damaged, found under current, open the relay in their own frame", () => {
    const memory = memoryOf([1, 2, 3].map(() => currentStep(5e-4, { duration: 5 })));
    memory[stepAt(memory, 2) + 10] ^= 4;
    const board = bootShell(memory);
    board.send("start");
    let calls: string[] = [];
    for (let i = 0; i < 100 && board.shell.channel.guard.fault === 0; i++) calls = board.frame();
    expect(board.shell.channel.guard.fault).toBe(FAULT_PROTOCOL);
    const from = calls.indexOf(`memory ${stepAt(memory, 2)}`);
    expect(calls.slice(from + 1)).toEqual(["relay rest", `dac ${CODE_MID}`, "request"]);
    expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
    board.frame();
    expect(codes(board).slice(-2)).toEqual([EVENT_FAULT, EVENT_VERDICT]);
  });
});
