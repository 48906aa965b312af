// A device bundle on the real interpreter (a Linux build of Espruino), booted from its flash as on
// a board, with a machine in a simulated world behind two named pipes.
import { execFileSync, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import type { DeviceBoard } from "../boards/boards.ts";
import { pinsOf } from "../boards/boards.ts";
import type { Machine } from "../boards/machine.ts";
import type { Runnable } from "../boards/specimen.ts";
import type { FarEnd, Memory } from "./far-end.ts";
import { createFarEnd } from "./far-end.ts";

/** The interpreter under test, by the environment variable ESPRUINO; "" = none. */
export const executable = process.env["ESPRUINO"] ?? "";

/** Where the interpreter keeps the code: in its flash, as on a board, or in RAM, which on Linux is
 *  several times faster (there flash is a file that is opened anew for every 16 characters). */
export type Place = "flash" | "ram";

/** Variables in use and in all on an interpreter that has done nothing yet. */
export function bareMemory(): Memory {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-espruino-"));
  writeFileSync(join(folder, MAIN), 'print("@" + JSON.stringify(process.memory()) + "@"); quit();');
  const options = { cwd: folder, encoding: "latin1", input: "" } as const;
  const printed = execFileSync(executable, [MAIN], options);
  rmSync(folder, { recursive: true });
  return JSON.parse(printed.split("@")[1]) as Memory;
}

/** A bundle that runs on the interpreter. */
export interface Session extends Runnable {
  runUntil(timeMs: number): Promise<void>;
  readonly exceptions: readonly string[];
  /** What the interpreter itself printed. */
  console(): string;
  memory(): Promise<Memory>;
  /** Lets something throw inside the firmware, once. */
  sabotage(): void;
  /** In use when the prelude had run and the bundle had not. */
  preludeMemory(): Memory | null;
  close(): Promise<void>;
}

const MAIN = "main.js";

// Storage takes a file piece by piece; a file in it is run in place, not from RAM.
function installer(files: Record<string, string>): string {
  const puts = Object.entries(files).map(
    ([name, bytes]) => `put(${JSON.stringify(name)}, ${bytes.length});`,
  );
  return `
    var storage = require("Storage");
    function put(name, size) {
      var file = E.openFile(name, "r"), at = 0, text;
      while ((text = file.read(1024)) !== undefined) {
        storage.write(name, text, at, size);
        at += text.length;
      }
      file.close();
    }
    ${puts.join("\n")}
    quit();`;
}

function preludeCode(board: DeviceBoard, ballast: number, fragile = false): string {
  const source = readFileSync(join(import.meta.dirname, "prelude.ts"), "utf8");
  const { ES2015: target } = ts.ScriptTarget;
  const compilerOptions = { target, module: ts.ModuleKind.ESNext, removeComments: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const [pins, serial] = [JSON.stringify(pinsOf(board)), JSON.stringify(board.serial)];
  const places = `const farPins = ${pins}, farSerial = ${serial};\n`;
  const known = `${places}const farBallast = ${ballast}, farFragile = ${fragile};\n`;
  return known + outputText.replace("export {};", "");
}

/** Runs a script in a folder, whose flash it finds; what it printed. */
export function runScript(folder: string, script: string): string {
  writeFileSync(join(folder, "script.js"), script);
  return execFileSync(executable, ["script.js"], {
    cwd: folder,
    encoding: "latin1",
    stdio: ["pipe", "pipe", "pipe"],
  });
}

/** Puts files, a byte a character, into the flash of a folder. */
export function putFiles(folder: string, files: Record<string, string>): void {
  for (const [name, bytes] of Object.entries(files)) {
    writeFileSync(join(folder, name), bytes, "latin1");
  }
  runScript(folder, installer(files));
}

function install(folder: string, code: string, place: Place, prelude: string): void {
  if (place === "ram") writeFileSync(join(folder, MAIN), `${prelude}\n${code}`, "latin1");
  else putFiles(folder, { ".boot0": prelude, ".bootcde": code });
}

interface Started {
  far: FarEnd;
  printed: () => string;
  kill: () => void;
  ended: Promise<void>;
}

/** Nothing can catch this on the interpreter, and it goes on with half a program. */
const OUT_OF_MEMORY = /OUT OF MEMORY|LOW_MEMORY/;

function launch(folder: string, machine: Machine, place: Place): Started {
  // Both ways, so that opening waits for nobody. Node cannot wait for a named pipe itself.
  const answers = openSync(join(folder, "answers"), "r+");
  const far = createFarEnd(machine, (bytes) => writeSync(answers, bytes));
  const requests = spawn("cat", ["requests"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  requests.stdout.setEncoding("latin1").on("data", (text: string) => far.take(text));
  const script = place === "ram" ? [MAIN] : [];
  const child = spawn(executable, script, { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  const kill = (): boolean => child.kill("SIGKILL");
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("latin1").on("data", (text: string) => {
      printed += text;
      if (OUT_OF_MEMORY.test(printed)) kill();
    });
  }
  const ended = new Promise<void>((done) => {
    child.once("close", () => {
      requests.kill();
      closeSync(answers);
      done();
    });
  });
  return { far, printed: () => printed, kill, ended };
}

/** Boots `code` on the interpreter, after a prelude; `ballast` variables are filled before. What is
 *  `fragile` can be sabotaged. */
export function bootInterpreter(
  code: string,
  machine: Machine,
  place: Place,
  ballast = 0,
  fragile = false,
): Session {
  const folder = mkdtempSync(join(tmpdir(), "cyclet-espruino-"));
  install(folder, code, place, preludeCode(machine.board, ballast, fragile));
  return bootFolder(folder, machine, place);
}

/** Boots what is in the flash of a folder, as `.bootcde`, after a prelude. */
export function bootFlash(folder: string, machine: Machine): Session {
  putFiles(folder, { ".boot0": preludeCode(machine.board, 0) });
  return bootFolder(folder, machine, "flash");
}

function bootFolder(folder: string, machine: Machine, place: Place): Session {
  execFileSync("mkfifo", ["requests", "answers"], { cwd: folder });
  const { far, printed, kill, ended } = launch(folder, machine, place);
  // Whoever waits for an interpreter that ends learns why.
  const death = ended.then((): never => {
    throw new Error(`the interpreter ended: ${printed().slice(-2000)}`);
  });
  death.catch(() => undefined);
  return {
    lines: machine.trace.lines,
    send: machine.send,
    now: () => machine.world.clock.nowMs,
    runUntil: (timeMs) => Promise.race([far.runUntil(timeMs), death]),
    exceptions: far.exceptions,
    console: printed,
    memory: () => Promise.race([far.memory(), death]),
    sabotage: far.sabotage,
    preludeMemory: far.preludeMemory,
    close: async () => {
      kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}
