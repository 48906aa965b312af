// What somebody on the line, or a file from somewhere, may not get done. tests/fuzz looks for what
// nobody thought of; here is what somebody did.
import { describe, expect, test } from "vitest";
import { ENVELOPE, MEMORY_AREAS } from "../../boards/default-channel.ts";
import { SIMULATED } from "../../boards/simulated.ts";
import { CONFIG_BYTES } from "../../firmware/config.ts";
import type { Answer } from "../../firmware/console.ts";
import * as line from "../../firmware/console.ts";
import { HELD, IDLE, RUNNING } from "../../firmware/schedule.ts";
import { STORAGE } from "../../hal/espruino/bundle.ts";
import type { Wire } from "../../host/link/wire.ts";
import { createPlan } from "../../host/plan.ts";
import { programBytes, shortHash } from "../../host/program.ts";
import { targetCell } from "../../host/target.ts";
import { upload } from "../../host/upload.ts";
import type { ShellBoard } from "../firmware/shell-board.ts";
import { bootShell, memoryOf } from "../firmware/shell-board.ts";
import { CAPABILITIES, CODE_MID, cellOf, currentStep, restStep } from "../firmware/specimen.ts";
import { codeFromText, reachesOut } from "./security.ts";
import { listSources, readText } from "./sources.ts";

const product = listSources().filter((path) => /^(firmware|hal|boards|sim|host)\//.test(path));

// The bundles themselves are judged where they are built, in bundle.test.ts.
const detaching = product.filter((path) => readText(path).includes("E.setConsole(null"));

test.each(detaching)("%s takes the console off every port before it starts the channel", (path) => {
  const text = readText(path);
  const detached = text.indexOf("E.setConsole(null, { force: true });");
  expect(detached).toBeGreaterThan(0);
  expect(text.search(/\bstart\(/)).toBeGreaterThan(detached);
});

test("the only module that is loaded is the one for files in flash", () => {
  expect(STORAGE).toBe("Storage");
});

test("no source takes text for code, starts a shell, listens or writes markup", () => {
  expect(product.length).toBeGreaterThan(200);
  expect(product.flatMap((path) => codeFromText(path, readText(path)))).toEqual([]);
  expect(product.flatMap((path) => reachesOut(path, readText(path)))).toEqual([]);
});

test.each([
  ["eval('1')", 1],
  ["(0, eval)('1')", 1],
  ["new Function('return 1')()", 1],
  ["const f = Function; f('1')", 1],
  ["setTimeout('go()', 10)", 1],
  ["setInterval(`go(${x})`, 10)", 1],
  ["require('fs')", 1],
  ["require(name)", 1],
  ["E.setBootCode('x')", 1],
  ["require('Storage')", 0],
  ["setTimeout(go, 10); // eval('1')", 0],
  ["const f: (x: Function) => void = go; evaluate('1')", 0],
])("%s has %i places where text becomes code", (code, count) => {
  expect(codeFromText("x.ts", code)).toHaveLength(count);
});

test.each([
  ["exec('ls')", 1],
  ["child_process.execSync('ls')", 1],
  ["spawn('ls', { shell: true })", 1],
  ["spawn('ls', { shell: false }); /x/.exec('x')", 0],
  ["createServer(go)", 1],
  ["server.listen(80)", 1],
  ["server.listen({ port: 80 })", 1],
  ["noise.listen(state.noise, 1)", 0],
  ["place.innerHTML = text", 1],
  ["place.textContent = text", 0],
])("%s has %i places that reach out", (code, count) => {
  expect(reachesOut("x.ts", code)).toHaveLength(count);
});

const PROGRAM = [restStep(1), currentStep(5e-4, { duration: 3600, budget: 4000 })];

function answers(board: ShellBoard): Answer[] {
  return board.lines.map(line.decodeAnswer).filter((each) => each !== null);
}

function frames(board: ShellBoard, count: number): void {
  for (let i = 0; i < count; i++) board.frame();
}

/** A board whose current flows. */
function live(): ShellBoard {
  const board = bootShell(memoryOf(PROGRAM));
  frames(board, 3);
  board.send("start");
  for (let i = 0; i < 200 && board.held.code === CODE_MID; i++) board.frame();
  expect(board.held).toMatchObject({ relay: 1 });
  return board;
}

const PLACES: [string, () => ShellBoard][] = [
  ["idle", () => bootShell(memoryOf(PROGRAM))],
  ["without a program", () => bootShell(new Uint8Array(MEMORY_AREAS.end))],
  ["live", live],
  ...["start", "hold", "resume", "load", "put 0 00", "selftest", "clear", "x".repeat(120)].map(
    (text): [string, () => ShellBoard] => [
      `live, and asked to ${text.slice(0, 8)} in the same frame`,
      () => {
        const board = live();
        board.send(text);
        return board;
      },
    ],
  ),
  [
    "held",
    () => {
      const board = live();
      board.send("hold");
      frames(board, 3);
      expect(board.shell.channel.run.schedule.phase).toBe(HELD);
      return board;
    },
  ],
  [
    "loading",
    () => {
      const board = bootShell(memoryOf(PROGRAM));
      board.send("load");
      frames(board, 1);
      return board;
    },
  ],
  [
    "live without memory",
    () => {
      const board = live();
      board.refuse.memory = true;
      return board;
    },
  ],
  [
    "live with chips that no longer answer",
    () => {
      const board = live();
      board.refuse.dac = board.refuse.range = true;
      return board;
    },
  ],
  [
    "broken by an exception",
    () => {
      const board = live();
      board.explode = true;
      return board;
    },
  ],
];

describe("a stop", () => {
  test.each(PLACES)("is always accepted: %s", (_, place) => {
    const board = place();
    board.send("stop");
    board.frame();
    expect(board.held.relay).not.toBe(1);
    frames(board, 3);
    expect(answers(board).map(({ verb }) => verb)).toContain(line.VERB_STOP);
    expect(board.shell.channel.run.schedule.phase).toBe(IDLE);
  });
});

describe("the limits", () => {
  test("stay what they are while a current flows, whatever is asked", () => {
    const board = live();
    const { channel } = board.shell;
    const before = JSON.stringify([channel.limits, [...channel.config], channel.run.hash]);
    const wide = Buffer.from(memoryOf(PROGRAM).subarray(0, 32)).toString("hex");
    const asked = [
      "load",
      `put 0 ${wide}`,
      "put 48 0000000000001440",
      "commit",
      "clear",
      "selftest",
    ];
    for (const text of [...asked, "start", "resume"]) {
      board.send(text);
      frames(board, 2);
      const after = JSON.stringify([channel.limits, [...channel.config], channel.run.hash]);
      expect(after).toBe(before);
      expect(answers(board).at(-1)?.result).not.toBe(line.RESULT_DONE);
    }
    expect(channel.run.schedule.phase).toBe(RUNNING);
    expect(channel.limits.currentMax).toBeLessThanOrEqual(ENVELOPE.currentMaxA);
  });
});

describe("a program that is brought over the line", () => {
  const cell = targetCell("sim:hNa");
  const board = { ...SIMULATED, ...CAPABILITIES };
  const plan = createPlan("cycle", cell, board, MEMORY_AREAS);
  // The same cell within other limits: the records differ in their later pieces only.
  const config = cellOf({ voltageMaxV: 1 });

  /** The board behind a line that ends after so many pieces. */
  function wireTo(shell: ShellBoard, pieces: number): Wire {
    let listener: (text: string) => void = () => undefined;
    let cut = false;
    let left = pieces;
    return {
      send: (text) => {
        if (text.startsWith("put") && left-- === 0) cut = true;
        if (cut) return;
        const heard = shell.lines.length;
        shell.send(text);
        shell.frame();
        for (const said of shell.lines.slice(heard)) queueMicrotask(() => listener(said));
      },
      onLine: (next) => (listener = next),
      ended: () => (cut ? "cut" : null),
      onEnd: (next) => (cut ? next("cut") : undefined),
      abandon: () => (cut = true),
      close: () => (cut = true),
    };
  }

  /** What memory holds, and the board, after a host's upload has come so far. */
  async function given(pieces: number) {
    const shell = bootShell(memoryOf(PROGRAM));
    frames(shell, 3);
    const whole = await upload(wireTo(shell, pieces), "sim", plan, config).then(
      () => true,
      () => false,
    );
    const stored = new Uint8Array(MEMORY_AREAS.end);
    shell.shell.board.memory.read(0, stored);
    return { shell, whole, stored };
  }

  const starts = (shell: ShellBoard): boolean => {
    shell.send("start");
    frames(shell, 40);
    return answers(shell).at(-1)?.result === line.RESULT_DONE;
  };

  const length = programBytes(plan.steps).length;
  const count = Math.ceil(length / 32) + Math.ceil(CONFIG_BYTES / 32);

  test("runs when all of it is there, a reset or not", async () => {
    const { shell, whole, stored } = await given(count);
    expect(whole).toBe(true);
    expect(starts(shell)).toBe(true);
    const again = bootShell(stored);
    frames(again, 3);
    expect(starts(again)).toBe(true);
    expect(again.shell.channel.run.hash).toBe(shortHash(plan.hash));
  });

  test.each(Array.from({ length: count }, (_, i) => i))(
    "is neither what it was nor what it should be after %i pieces, a reset or not",
    async (pieces) => {
      const { shell, whole, stored } = await given(pieces);
      expect(whole).toBe(false);
      expect(starts(shell)).toBe(false);
      const again = bootShell(stored);
      frames(again, 3);
      expect(starts(again)).toBe(false);
      again.send("clear");
      frames(again, 1);
      expect(starts(again)).toBe(false);
    },
  );
});
