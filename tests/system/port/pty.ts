// A serial port without a device: a pseudo-terminal of the system, held open by `script` (bsdutils,
// on every Debian), which passes on what goes through it. There is neither pace nor DTR on it.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { rmSync, symlinkSync } from "node:fs";

/** Raw, so that neither end changes a byte; and named, so that it can be opened. */
const HOLD = "stty raw -echo; tty; exec sleep 100000";
const READY_MS = 5000;

/** The plug's end of a serial cable; `path` is the end that programs open. */
export interface Pty {
  write(bytes: Uint8Array): void;
  /** Replaces the listener before. */
  onData(listener: (bytes: Buffer) => void): void;
  /** The cable is pulled: who has it open reads its end. */
  pull(): Promise<void>;
}

/** Whether this system has what a pseudo-terminal needs here; says so where it has not, and fails
 *  where nothing may be left out. */
export function hasPty(): boolean {
  const there = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
  if (there) return true;
  const words = "LEFT OUT: the command line on a port: no `script` (bsdutils) here";
  if (process.env["CI"] !== undefined) throw new Error(words);
  console.warn(words);
  return false;
}

/** The name that the terminal has told of itself, and what came after it. */
function named(child: ChildProcessWithoutNullStreams): Promise<[string, Buffer]> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error("no pseudo-terminal")), READY_MS);
    let text = "";
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes.toString("latin1");
      const found = /^(\/dev\/\S+)\r?\n/.exec(text);
      if (found === null) return;
      clearTimeout(timer);
      child.stdout.removeAllListeners("data");
      done([found[1], Buffer.from(text.slice(found[0].length), "latin1")]);
    });
  });
}

/** A port at `path`, where nothing may be yet. */
export async function openPty(path: string): Promise<Pty> {
  const child = spawn("script", ["-qfc", HOLD, "/dev/null"], { env: { SHELL: "/bin/sh" } });
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  child.stdin.on("error", () => undefined);
  const [terminal, first] = await named(child);
  symlinkSync(terminal, path);
  let listener = (bytes: Buffer): void => void bytes;
  child.stdout.on("data", (bytes: Buffer) => listener(bytes));
  return {
    write: (bytes) => void child.stdin.write(bytes),
    onData: (next) => {
      listener = next;
      if (first.length > 0) next(first);
    },
    pull: async () => {
      child.kill("SIGKILL");
      await ended;
      rmSync(path);
    },
  };
}
