// A board's prompt behind a TCP port, without a board: a Storage in memory, and what can be wrong.
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";

const HEADER = 32;

export interface Script {
  board: string;
  version: string;
  variables: number;
  storageBytes: number;
  files: Map<string, Buffer>;
  /** What it does in place of the prompt, or to a line on its way in. */
  meet: (line: string, socket: Socket) => string | null;
  /** A bit of what is written turns over. */
  worn: boolean;
  /** How often it was restarted. */
  reboots: number;
}

export interface ScriptedBoard {
  readonly port: string;
  readonly script: Script;
  /** Lines that it took, without what turns the echo off or interrupts. */
  readonly lines: string[];
  close(): Promise<void>;
}

const aligned = (length: number): number => Math.ceil(length / 4) * 4 + HEADER;

function storageOf(script: Script): object {
  const { files } = script;
  let trash = 0;
  const fileBytes = (): number =>
    [...files.values()].reduce((sum, each) => sum + aligned(each.length), 0);
  const free = (): number => script.storageBytes - fileBytes() - trash;
  return {
    list: (pattern: RegExp) => [...files.keys()].filter((name) => pattern.test(name)),
    getFree: free,
    getStats: () => ({
      totalBytes: script.storageBytes,
      fileBytes: fileBytes(),
      fileCount: files.size,
    }),
    read: (name: string, at = 0, count = Infinity) =>
      files
        .get(name)
        ?.subarray(at, at + count)
        .toString("latin1"),
    erase: (name: string) => {
      trash += aligned(files.get(name)?.length ?? -HEADER);
      files.delete(name);
    },
    eraseAll: () => {
      trash = 0;
      files.clear();
    },
    compact: () => {
      trash = 0;
    },
    write: (name: string, text: string, at: number, size: number) => {
      const bytes = Buffer.from(text, "latin1");
      if (at === 0 && aligned(size) > free()) throw new Error("Unable to find or create file");
      if (at === 0) files.set(name, Buffer.alloc(size, 0xff));
      const file = files.get(name) ?? Buffer.alloc(0);
      if (!file.subarray(at, at + bytes.length).every((byte) => byte === 0xff)) {
        throw new Error("File already written with different data");
      }
      if (script.worn) bytes[0] ^= 1;
      bytes.copy(file, at);
      return true;
    },
  };
}

function promptOf(script: Script): (line: string) => string {
  const storage = storageOf(script);
  const newScope = (): object => {
    let printed = "";
    const sum = (of: unknown): number => crc32(Buffer.from(String(of), "latin1"));
    const { board, version, variables } = script;
    return createContext({
      print: (text: string) => (printed += text + "\r\n"),
      taken: () => {
        const text = printed;
        printed = "";
        return text;
      },
      reset: () => (scope = newScope()),
      require: () => storage,
      process: { env: { BOARD: board, VERSION: version }, memory: () => ({ total: variables }) },
      E: { CRC32: sum, reboot: () => script.reboots++ },
      atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    });
  };
  let scope = newScope();
  return (line) => {
    try {
      runInContext(line, scope);
      return String(runInContext("taken()", scope)) + ">";
    } catch (error) {
      return `Uncaught ${String(error)}\r\n at line 1 col 1\r\n>`;
    }
  };
}

/** Serves a board that is as it should be but for `changes`. */
export async function serveBoard(changes: Partial<Script> = {}): Promise<ScriptedBoard> {
  const usual = { board: "MDBT42Q", version: "2v29", variables: 2950, storageBytes: 40_960 };
  const script: Script = {
    ...usual,
    ...{ files: new Map<string, Buffer>(), meet: (line: string) => line, worn: false, reboots: 0 },
    ...changes,
  };
  const lines: string[] = [];
  const prompt = promptOf(script);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let begun = "";
    socket.setEncoding("latin1").on("data", (text: string) => {
      const pieces = (begun + text).split("\n");
      begun = pieces.pop() ?? "";
      for (const piece of pieces) {
        const met = script.meet(piece.replace("\x10", ""), socket);
        if (met === null) continue;
        const line = met.replace(/^.*\x03/, "");
        lines.push(line);
        socket.write(prompt(line), "latin1");
      }
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    port: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    script,
    lines,
    close: () =>
      new Promise((done) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => done());
      }),
  };
}
