// The interpreter's console behind a TCP port, as a serial server puts a board's there.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import type { DeviceBoard } from "../boards/boards.ts";
import { executable } from "./interpreter.ts";

const LAST_WORDS_MS = 2000;

export interface Bridge {
  /** As `--port` takes it. */
  readonly port: string;
  /** The exit status of the last interpreter, once it has ended; -1 = it was killed. */
  gone(): Promise<number>;
  close(): Promise<void>;
}

/** What the interpreter on Linux has to say to be taken for a board; gone with its first reset. */
export function disguise(board: DeviceBoard, espruino: string): string {
  const env = `{BOARD:"${espruino}",VERSION:v}`;
  const memory = `function(){return{total:${board.variables}}}`;
  // On a line of its own: an assignment to what its right side mentions is lost.
  return `\x10var v=process.env.VERSION;\n\x10global.process={env:${env},memory:${memory}};\n`;
}

// The Linux build reads its input in a thread that shares a buffer with the interpreter unguarded;
// on two processors at once it soon loses characters, then its place.
function oneProcessor(): string {
  const status = readFileSync("/proc/self/status", "utf8");
  return /^Cpus_allowed_list:\s*(\d+)/m.exec(status)?.[1] ?? "0";
}

/** Serves an interpreter in a folder, where its flash is a file: a new one each connection, as if
 *  just powered up, told `first`; power is cut after `bytes` from the host. */
export async function serve(folder: string, first: string, bytes = Infinity): Promise<Bridge> {
  const open = new Set<Socket>();
  const children: ChildProcess[] = [];
  const server = createServer((socket) => {
    open.add(socket);
    const child = spawn("taskset", ["-c", oneProcessor(), executable], {
      cwd: folder,
      stdio: ["pipe", "pipe", "ignore"],
    });
    child.stdin.write(first);
    let passed = 0;
    socket.on("data", (data) => {
      passed += data.length;
      if (passed > bytes) child.kill("SIGKILL");
      else child.stdin.write(data);
    });
    child.stdin.on("error", () => undefined);
    child.stdout.on("data", (data: Buffer) => socket.write(data));
    child.on("close", () => socket.destroy());
    socket.on("error", () => undefined);
    children.push(child);
    // It has heard the last words, and a moment to act on them.
    socket.on("close", () => setTimeout(() => child.kill("SIGKILL"), LAST_WORDS_MS).unref());
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    gone: async () => {
      const child = children.at(-1);
      if (child === undefined) throw new Error("there was none");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      return child.exitCode ?? -1;
    },
    close: () =>
      new Promise((done) => {
        for (const socket of open) socket.destroy();
        for (const child of children) child.kill("SIGKILL");
        server.close(() => done());
      }),
  };
}
