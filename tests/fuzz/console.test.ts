// Whatever comes over the line, byte by byte: the firmware never throws, answers each request at
// most once and briefly, changes nothing without saying that it has, and a stop always stops.
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONFIG_BYTES } from "../../firmware/config.ts";
import type { Answer } from "../../firmware/console.ts";
import * as line from "../../firmware/console.ts";
import { decodeAnswer } from "../../firmware/console.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { createLine } from "../../hal/espruino/line.ts";
import type { EspruinoSerial } from "../../hal/espruino/platform.ts";
import type { ShellBoard } from "../firmware/shell-board.ts";
import { bootShell, memoryOf } from "../firmware/shell-board.ts";
import { currentStep, restStep } from "../firmware/specimen.ts";
import { LINE_MAX, pieces, talk } from "./lines.ts";
import { runs } from "./runs.ts";

/** An answer is short: `get` gives the longest, 32 bytes. */
const ANSWER_MAX = 180;
const PROGRAM = [restStep(1), currentStep(5e-4, { duration: 3600, budget: 4000 })];

// The grammar, said a second time.
const PLAIN = /^(start|stop|hold|resume|clear|status|selftest|load|commit)$/;
const PUT = /^put \d{1,9} ([0-9a-f]{2}){1,32}$/;
const GET = /^get \d{1,9} 0*([1-9]|[12]\d|3[0-2])$/;
const isRequest = (text: string): boolean => PLAIN.test(text) || PUT.test(text) || GET.test(text);

/** A board whose UART takes what a test types. */
function open(states: "idle" | "running" | "held" | "loading" | "faulty") {
  const board = bootShell(memoryOf(PROGRAM));
  let type: (text: string) => void = () => undefined;
  const serial: EspruinoSerial = {
    setup: () => undefined,
    on: (_event, onData) => (type = onData),
    write: () => undefined,
  };
  createLine(serial).open((text) => {
    expect(text.length).toBeLessThanOrEqual(LINE_MAX);
    board.send(text);
  });
  const say = (text: string): void => {
    type(text + "\n");
    board.frame();
  };
  for (let i = 0; i < 3; i++) board.frame();
  if (states === "running" || states === "held") {
    say("start");
    for (let i = 0; i < 60; i++) board.frame();
    expect(board.shell.channel.run.schedule.phase).toBe(RUNNING);
    if (states === "held") say("hold");
  }
  if (states === "loading") say("load");
  if (states === "faulty") {
    board.explode = true;
    board.frame();
  }
  return { board, type, say };
}

function answersIn(lines: readonly string[]): Answer[] {
  return lines.map(decodeAnswer).filter((each) => each !== null);
}

/** What nobody may change in silence. */
function standing(board: ShellBoard) {
  const { run, guard, limits, config } = board.shell.channel;
  const { areas, read } = board.shell.board.memory;
  // Configuration and program; the self-test tries memory in the bytes between them.
  const memory = new Uint8Array(areas.journal);
  read(0, memory);
  memory.fill(0, areas.config + CONFIG_BYTES, areas.protocol);
  return {
    memory: crc32(memory),
    limits: { ...limits },
    config: [...config],
    started: run.schedule.phase !== IDLE && run.schedule.phase !== HELD,
    fault: guard.fault,
    hash: run.hash,
  };
}

type Standing = ReturnType<typeof standing>;

/** Requests that may change a part of it, if they say that they have. */
const CHANGES: Record<keyof Standing, readonly number[]> = {
  memory: [line.VERB_PUT, line.VERB_LOAD],
  limits: [line.VERB_LOAD, line.VERB_COMMIT, line.VERB_CLEAR, line.VERB_SELFTEST],
  config: [line.VERB_LOAD, line.VERB_COMMIT, line.VERB_CLEAR, line.VERB_SELFTEST],
  started: [line.VERB_START, line.VERB_RESUME, line.VERB_STOP, line.VERB_HOLD],
  fault: [line.VERB_LOAD, line.VERB_COMMIT, line.VERB_CLEAR],
  hash: [line.VERB_LOAD, line.VERB_COMMIT, line.VERB_CLEAR, line.VERB_SELFTEST],
};

/** Parts that differ although no answer accounts for it. */
function silent(before: Standing, after: Standing, answers: readonly Answer[]): string[] {
  const parts = Object.keys(CHANGES) as (keyof Standing)[];
  return parts.filter((part) => {
    if (JSON.stringify(before[part]) === JSON.stringify(after[part])) return false;
    // What refuses a damaged memory says so with a fault, and leaves the channel less able.
    const said = answers.filter(({ verb }) => CHANGES[part].includes(verb));
    const less = part !== "memory" && part !== "started";
    return !said.some(({ result }) => result === line.RESULT_DONE || less);
  });
}

const STATES = ["idle", "running", "held", "loading", "faulty"] as const;
const sizes = fc.array(fc.nat(63), { minLength: 1, maxLength: 8 });

describe.each(STATES)("what comes over the line of a board that is %s", (state) => {
  test("never throws, never changes anything in silence, and a stop stops", () => {
    let lines = 0;
    const check = (text: string, cuts: number[]): void => {
      const { board, type, say } = open(state);
      const from = board.lines.length;
      for (const piece of pieces(text, cuts)) {
        const before = standing(board);
        const heard = board.lines.length;
        type(piece);
        // Answers wait for the frame that carries the request out.
        board.frame();
        const answers = answersIn(board.lines.slice(heard));
        expect(silent(before, standing(board), answers)).toEqual([]);
      }
      type("\n");
      board.frame();
      const said = text.split(/[\r\n]/).filter((each) => each !== "" && each.length <= LINE_MAX);
      lines += said.length;
      const answers = answersIn(board.lines.slice(from));
      const refused = answers.filter(({ verb }) => verb === 0);
      expect(refused).toHaveLength(said.filter((each) => !isRequest(each)).length);
      expect(answers.length).toBeLessThanOrEqual(said.length);
      for (const each of board.lines) expect(each.length).toBeLessThanOrEqual(ANSWER_MAX);
      say("stop");
      expect(board.held.relay).toBe(0);
      expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
      expect(answersIn(board.lines.slice(-3)).map(({ verb }) => verb)).toContain(line.VERB_STOP);
    };
    // In all five states together some 10 000 lines.
    const amount = runs(450);
    fc.assert(fc.property(talk, sizes, check), amount);
    expect(lines).toBeGreaterThan(4 * (amount.numRuns ?? 0));
  });
});
