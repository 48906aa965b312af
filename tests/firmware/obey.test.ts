// What the line asks for, carried out by a shell on a board of recorders.
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { CONFIG_BYTES } from "../../firmware/config.ts";
import type { Answer } from "../../firmware/console.ts";
import {
  PIECE_BYTES,
  RESULT_BUSY,
  RESULT_DONE,
  RESULT_FAULT,
  RESULT_MEMORY_FAILED,
  RESULT_NOTHING_HELD,
  RESULT_NOT_UNDERSTOOD,
  RESULT_NO_CONFIG,
  RESULT_NO_PROGRAM,
  RESULT_NO_RUN,
  RESULT_RUN_IS_ON,
  VERB_CLEAR,
  VERB_COMMIT,
  VERB_GET,
  VERB_HOLD,
  VERB_LOAD,
  VERB_PUT,
  VERB_RESUME,
  VERB_SELFTEST,
  VERB_START,
  VERB_STATUS,
  VERB_STOP,
  decodeAnswer,
} from "../../firmware/console.ts";
import { FAULT_CONFIG, FAULT_EXCEPTION, FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { FORCE_FAILED, TEMPERATURE_FAILED } from "../../firmware/sample.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import {
  CHECK_CODE,
  CHECK_CONFIG,
  CHECK_LATE,
  CHECK_LEAK,
  CHECK_MEMORY,
  CHECK_PROGRAM,
  CHECK_PROOF,
  CHECK_RANGE,
  CHECK_VOLTAGE,
} from "../../firmware/selftest.ts";
import { EVENT_FAULT, EVENT_HOLD, EVENT_START, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { ShellBoard } from "./shell-board.ts";
import { bootShell, memoryOf } from "./shell-board.ts";
import { CIRCUIT, CODE_MID, currentStep, restStep } from "./specimen.ts";

const PROGRAM = [restStep(1), currentStep(5e-4, { duration: 20 })];

function answers(board: ShellBoard): Answer[] {
  return board.lines.map(decodeAnswer).filter((each) => each !== null);
}

/** Sends a line and lets a frame pass; the answer to it. */
function ask(board: ShellBoard, line: string): Answer {
  const before = answers(board).length;
  board.send(line);
  board.frame();
  const given = answers(board).slice(before);
  expect(given).toHaveLength(1);
  return given[0];
}

function idle(memory = memoryOf(PROGRAM)): ShellBoard {
  const board = bootShell(memory);
  for (let i = 0; i < 3; i++) board.frame();
  return board;
}

function running(memory = memoryOf(PROGRAM)): ShellBoard {
  const board = idle(memory);
  ask(board, "start");
  for (let i = 0; i < 200 && board.held.code === CODE_MID; i++) board.frame();
  expect(board.shell.channel.run.schedule.phase).toBe(RUNNING);
  return board;
}

describe("a run", () => {
  test("is started, held, resumed and stopped, each with its answer", () => {
    const board = idle();
    expect(ask(board, "start")).toEqual({ verb: VERB_START, result: RESULT_DONE, values: [] });
    for (let i = 0; i < 100; i++) board.frame();
    expect(ask(board, "start").result).toBe(RESULT_RUN_IS_ON);
    expect(ask(board, "hold")).toMatchObject({ verb: VERB_HOLD, result: RESULT_DONE });
    expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
    expect(board.shell.channel.run.schedule.phase).toBe(HELD);
    expect(board.events().at(-1)).toMatchObject({ code: EVENT_HOLD, values: [0] });
    expect(ask(board, "hold").result).toBe(RESULT_DONE);
    expect(ask(board, "resume")).toMatchObject({ verb: VERB_RESUME, result: RESULT_DONE });
    expect(board.shell.channel.run.schedule.phase).toBe(RUNNING);
    expect(ask(board, "stop")).toMatchObject({ verb: VERB_STOP, result: RESULT_DONE });
    expect(board.events().at(-1)).toMatchObject({ code: EVENT_VERDICT });
  });

  test.each([
    ["stop", VERB_STOP, RESULT_NO_RUN],
    ["hold", VERB_HOLD, RESULT_NO_RUN],
    ["resume", VERB_RESUME, RESULT_NOTHING_HELD],
  ])("that is not on: %s is refused", (line, verb, result) => {
    const board = idle();
    expect(ask(board, line)).toEqual({ verb, result, values: [] });
    expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
    expect(board.events()).toEqual([]);
  });

  test.each([
    ["start", VERB_START, RESULT_RUN_IS_ON],
    ["resume", VERB_RESUME, RESULT_NOTHING_HELD],
    ["clear", VERB_CLEAR, RESULT_RUN_IS_ON],
    ["load", VERB_LOAD, RESULT_RUN_IS_ON],
    ["commit", VERB_COMMIT, RESULT_RUN_IS_ON],
    ["selftest", VERB_SELFTEST, RESULT_RUN_IS_ON],
    ["put 1024 00", VERB_PUT, RESULT_RUN_IS_ON],
    ["put 30000 00", VERB_PUT, RESULT_NOT_UNDERSTOOD],
  ])("that is on is not touched by %s", (line, verb, result) => {
    const board = running();
    const { held } = board;
    const before = { ...held };
    expect(ask(board, line)).toEqual({ verb, result, values: [] });
    expect(held).toMatchObject({ relay: before.relay, range: before.range });
    expect(board.shell.channel.run.schedule.phase).toBe(RUNNING);
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.events().map(({ code }) => code)).not.toContain(EVENT_FAULT);
  });

  test("answers a stop only after the relay has been told", () => {
    const board = running();
    board.send("stop");
    const calls = board.frame();
    expect(calls.slice(0, 3)).toEqual(["relay rest", `dac ${CODE_MID}`, "send"]);
  });

  test("takes one request a frame; a stop takes the place of what waits", () => {
    const board = idle();
    board.send("start");
    board.send("clear");
    expect(answers(board)).toEqual([{ verb: VERB_CLEAR, result: RESULT_BUSY, values: [] }]);
    board.send("stop");
    board.frame();
    expect(answers(board).at(-1)).toMatchObject({ verb: VERB_STOP, result: RESULT_NO_RUN });
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.events()).toEqual([]);
  });

  test("with a fault latched is refused, and says its verdict all the same", () => {
    const board = running();
    board.explode = true;
    board.frame();
    const refusal = ask(board, "start");
    expect(refusal).toEqual({ verb: VERB_START, result: RESULT_FAULT, values: [FAULT_EXCEPTION] });
    for (let i = 0; i < 20; i++) board.frame();
    expect(
      board
        .events()
        .slice(-3)
        .map(({ code }) => code),
    ).toEqual([...[EVENT_START, EVENT_FAULT, EVENT_VERDICT]]);
    expect(board.held.relay).toBe(0);
  });

  test("can be started again once the fault has been cleared", () => {
    const board = running();
    board.explode = true;
    board.frame();
    for (let i = 0; i < 3; i++) board.frame();
    expect(ask(board, "clear")).toEqual({ verb: VERB_CLEAR, result: RESULT_DONE, values: [] });
    expect(ask(board, "start").result).toBe(RESULT_DONE);
    for (let i = 0; i < 100; i++) board.frame();
    expect(board.log.filter((call) => call === "relay cell")).toHaveLength(2);
  });

  test("outlives a line that throws, with the relay at rest and the fault latched", () => {
    const board = running();
    board.breakLine = true;
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.shell.channel.guard.fault).toBe(FAULT_EXCEPTION);
    expect(board.held).toMatchObject({ relay: 0, code: CODE_MID });
    board.breakLine = false;
    expect(board.frame()).toContain("request");
    expect(ask(board, "status").result).toBe(RESULT_DONE);
  });
});

describe("the status", () => {
  test("of an idle channel", () => {
    const board = idle();
    const { values } = ask(board, "status");
    // The last two: no outage to be judged, and nothing that resumes by itself.
    expect(values).toEqual([IDLE, 0, 0, 0, 1, 0, 0, 0, 3, 0xcafe, 2, 0, 0, -1]);
  });

  test("of a run", () => {
    const board = running();
    for (let i = 0; i < 10; i++) board.frame();
    const { values } = ask(board, "status");
    expect(values.slice(0, 5)).toEqual([RUNNING, 0, 1, 2, 1]);
    expect(values[5]).toBeGreaterThan(1000);
    expect(values.slice(6, 10)).toEqual([5e8, 1, 3, 0xcafe]);
  });
});

describe("the self-test", () => {
  function failed(board: ShellBoard): number {
    const given = ask(board, "selftest");
    expect(given).toMatchObject({ verb: VERB_SELFTEST, result: RESULT_DONE });
    expect(given.values).toHaveLength(6);
    return given.values[0];
  }

  test("finds nothing on a sound channel, and leaves memory as it was", () => {
    const memory = memoryOf(PROGRAM);
    const board = idle(memory);
    expect(failed(board)).toBe(0);
    expect(ask(board, "start").result).toBe(RESULT_DONE);
  });

  test("finds a chip that does not answer, or holds something else", () => {
    const board = idle();
    const sick = { status: 1 | 32, code: CODE_MID + 5, range: 2 };
    board.frame(sick);
    board.send("selftest");
    board.frame();
    const given = answers(board).at(-1);
    expect(given?.values[0]).toBe(1 | 32 | CHECK_CODE | CHECK_RANGE | CHECK_PROOF);
  });

  test("finds a force or a temperature that was never read, or not lately", () => {
    const board = idle();
    for (const [changes, bits] of [
      [{ forceAge: -1 }, FORCE_FAILED],
      [{ forceAge: 5100 }, FORCE_FAILED],
      [{ temperatureAge: -1 }, TEMPERATURE_FAILED],
      [{ temperatureAge: 5100 }, TEMPERATURE_FAILED],
      [{ forceAge: 4900, temperatureAge: 4900 }, 0],
      [{ forceAge: 0, temperatureAge: 0 }, 0],
    ] as const) {
      board.frame(changes);
      board.send("selftest");
      board.frame(changes);
      board.frame(changes);
      expect(answers(board).at(-1)?.values[0]).toBe(bits);
    }
  });

  test("finds current that nobody asked for, and a voltage outside the cell's window", () => {
    const board = idle();
    const leaking = 0.05 / CIRCUIT.senseVoltsPerCount[0];
    board.frame({ current: leaking, voltage: 4.8 / CIRCUIT.voltsPerCount[0] });
    board.send("selftest");
    board.frame();
    expect(answers(board).at(-1)?.values[0]).toBe(CHECK_LEAK | CHECK_VOLTAGE);
  });

  test("finds frames that come late", () => {
    const board = idle();
    board.nowMs += 10_000;
    board.frame();
    board.send("selftest");
    board.frame();
    expect(answers(board).at(-1)?.values[0]).toBe(CHECK_LATE);
  });

  test.each([
    ["configuration", 20, CHECK_CONFIG | CHECK_PROGRAM | CHECK_PROOF],
    ["program", MEMORY_AREAS.protocol + 9, CHECK_PROGRAM | CHECK_PROOF],
  ])("finds a damaged %s", (_, at, bits) => {
    const memory = memoryOf(PROGRAM);
    memory[at] ^= 4;
    expect(failed(idle(memory))).toBe(bits);
  });

  test("finds a memory that does not remember", () => {
    const board = idle();
    board.refuse.memory = true;
    expect(failed(board) & CHECK_MEMORY).toBe(CHECK_MEMORY);
  });
});

describe("loading", () => {
  /** Brings `image` over as a host does; the answer to `commit`. */
  function bring(board: ShellBoard, image: Uint8Array): Answer {
    const opened = ask(board, "load");
    expect(opened).toEqual({
      verb: VERB_LOAD,
      result: RESULT_DONE,
      values: [MEMORY_AREAS.config, MEMORY_AREAS.protocol, MEMORY_AREAS.journal],
    });
    const areas = [
      [MEMORY_AREAS.config, CONFIG_BYTES],
      [MEMORY_AREAS.protocol, 1024],
    ];
    for (const [from, length] of areas) {
      for (let at = from; at < from + length; at += PIECE_BYTES) {
        const piece = image.subarray(at, Math.min(at + PIECE_BYTES, from + length));
        board.send(`put ${at} ${Buffer.from(piece).toString("hex")}`);
        const given = answers(board).at(-1);
        expect(given).toEqual({ verb: VERB_PUT, result: RESULT_DONE, values: [at, crc32(piece)] });
      }
    }
    return ask(board, "commit");
  }

  test("replaces the program of a board, which then runs it", () => {
    const board = idle(new Uint8Array(MEMORY_AREAS.end));
    expect(board.shell.channel.guard.fault).toBe(FAULT_CONFIG);
    const committed = bring(board, memoryOf(PROGRAM));
    expect(committed).toEqual({ verb: VERB_COMMIT, result: RESULT_DONE, values: [3, 0xcafe] });
    expect(ask(board, "start").result).toBe(RESULT_DONE);
  });

  test("that is broken off leaves nothing that could run", () => {
    const board = idle();
    ask(board, "load");
    board.send("put 1044 00112233");
    expect(ask(board, "start")).toMatchObject({ result: RESULT_FAULT, values: [FAULT_PROTOCOL] });
    expect(ask(board, "clear")).toMatchObject({ result: RESULT_FAULT, values: [FAULT_CONFIG] });
    expect(ask(board, "start")).toMatchObject({ result: RESULT_FAULT, values: [FAULT_CONFIG] });
  });

  test.each([
    ["its configuration", 30, RESULT_NO_CONFIG],
    ["its header", MEMORY_AREAS.protocol + 12, RESULT_NO_PROGRAM],
  ])("damaged in %s is refused", (_, at, result) => {
    const image = memoryOf(PROGRAM);
    image[at] ^= 1;
    const board = idle();
    expect(bring(board, image)).toEqual({ verb: VERB_COMMIT, result, values: [] });
    expect(ask(board, "start").result).toBe(RESULT_FAULT);
  });

  test("keeps a fault that has nothing to do with memory", () => {
    const board = running();
    board.explode = true;
    board.frame();
    bring(board, memoryOf(PROGRAM));
    expect(ask(board, "start")).toMatchObject({ values: [FAULT_EXCEPTION] });
  });

  test("without load, or past the program's area, is refused", () => {
    const board = idle();
    board.send("put 1024 00");
    expect(answers(board).at(-1)).toMatchObject({ result: RESULT_RUN_IS_ON });
    ask(board, "load");
    board.send(`put ${MEMORY_AREAS.journal - 1} 0000`);
    expect(answers(board).at(-1)).toMatchObject({ result: RESULT_NOT_UNDERSTOOD });
  });

  test("into a memory that refuses says so", () => {
    const board = idle();
    board.refuse.memory = true;
    expect(ask(board, "load").result).toBe(RESULT_MEMORY_FAILED);
    board.send("put 1024 00");
    expect(answers(board).at(-1)).toMatchObject({ result: RESULT_MEMORY_FAILED });
  });
});

describe("reading memory", () => {
  test("gives the bytes, also during a run", () => {
    const memory = memoryOf(PROGRAM);
    const board = running(memory);
    board.send(`get ${MEMORY_AREAS.protocol} 20`);
    const { values } = answers(board).at(-1) ?? { values: [] };
    const { protocol } = MEMORY_AREAS;
    expect(values).toEqual([protocol, ...memory.subarray(protocol, protocol + 20)]);
  });

  test("refuses what is past the end", () => {
    const board = idle();
    board.send(`get ${MEMORY_AREAS.end - 1} 2`);
    expect(answers(board).at(-1)).toEqual({
      verb: VERB_GET,
      result: RESULT_NOT_UNDERSTOOD,
      values: [],
    });
    board.refuse.memory = true;
    board.send("get 0 8");
    expect(answers(board).at(-1)).toMatchObject({ result: RESULT_MEMORY_FAILED });
    expect(ask(board, "status")).toMatchObject({ verb: VERB_STATUS });
  });
});
