import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { bundleOf, readBundle } from "../../host/bundle.ts";
import { flash, flashBundle } from "../../host/flash.ts";
import { InputError } from "../../host/input-error.ts";
import { piecesOf } from "../../host/upload/install.ts";
import type { Script, ScriptedBoard } from "./scripted-board.ts";
import { serveBoard } from "./scripted-board.ts";

// Every byte, and no multiple of a piece.
const bytes = Buffer.from(Array.from({ length: 30_001 }, (_, i) => (i * 7 + (i >> 8)) & 255));
const bundle = bundleOf("mdbt42q", "", bytes);
const BOOT = ".bootcde";

let board: ScriptedBoard | null = null;
let said: string[] = [];
afterEach(async () => {
  await board?.close();
  board = null;
  said = [];
});

async function upload(changes: Partial<Script> = {}): Promise<number> {
  board = await serveBoard(changes);
  return flashBundle(bundle, board.port, (line) => said.push(line));
}

/** Rejected before anything was written, as a matter of input. */
async function expectRefused(changes: Partial<Script>, words: string): Promise<void> {
  const files = new Map([...(changes.files ?? []), [BOOT, Buffer.from("old")]]);
  const outcome = upload({ ...changes, files });
  await expect(outcome).rejects.toThrow(InputError);
  await expect(outcome).rejects.toThrow(words);
  await expect(outcome).rejects.toThrow(/^tcp:.*[^\n]$/);
  expect(files.get(BOOT)?.toString()).toBe("old");
  expect(board?.lines.filter((line) => /erase|compact|reset|write/.test(line))).toEqual([]);
}

function held(): Buffer | undefined {
  return board?.script.files.get(BOOT);
}

describe("a bundle", () => {
  test("arrives byte by byte, in the place of the one before, beside other files", async () => {
    const files = new Map([
      [BOOT, Buffer.alloc(20_000)],
      ["notes", Buffer.from("kept")],
    ]);
    expect(await upload({ files })).toBe(0);
    expect(held()).toEqual(bytes);
    expect(files.get("notes")?.toString()).toBe("kept");
    expect(said[0]).toBe(`mdbt42q: SHA-256 ${bundle.hash}`);
    expect(said.at(-2)).toContain(`30001 bytes, CRC-32 ${bundle.crc}; it restarts and runs them`);
    expect(said.at(-1)).toContain("Serial1 (D6 out, D8 in), 115200 baud: cyclet status --on");
    await vi.waitFor(() => expect(board?.script.reboots).toBe(1));
    // There was room only after what had been erased was compacted away.
    expect(board?.lines.filter((line) => line.includes("compact()"))).toHaveLength(1);
  });

  test("is not started where that is not wanted, and the user is told how", async () => {
    board = await serveBoard();
    expect(await flashBundle(bundle, board.port, (line) => said.push(line), false)).toBe(0);
    expect(said.at(-1)).toMatch(
      /CRC-32 \d+; press its reset, or switch it off and on, to run them$/,
    );
    await new Promise((done) => setTimeout(done, 200));
    expect(board.script.reboots).toBe(0);
  });

  test("is sent in short lines after a reset, its first word first", async () => {
    await upload();
    const lines = board?.lines ?? [];
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(320);
    const pieces = lines.filter((line) => line.includes("JSON.stringify(w("));
    expect(lines.indexOf("reset()")).toBeGreaterThan(0);
    expect(lines.indexOf("reset()")).toBeLessThan(lines.indexOf(pieces[0]));
    expect(pieces[0]).toContain(`w("${bytes.subarray(0, 4).toString("base64")}",0,`);
    expect(pieces.at(-1)).toContain(",4,");
  });

  test("arrives over a line that loses and changes characters", async () => {
    let count = 0;
    const meet = (line: string): string => {
      const broken = ++count % 9 === 0 && line.includes("w(");
      if (!broken) return line;
      const at = 40 + (count % (line.length - 50));
      const other = count % 2 === 0 ? "" : line[at] === "A" ? "B" : "A";
      return line.slice(0, at) + other + line.slice(at + 1);
    };
    expect(await upload({ meet })).toBe(0);
    expect(count).toBeGreaterThan(250);
    expect(held()).toEqual(bytes);
  });

  test("is cut into pieces that hold each byte once", () => {
    for (const length of [1, 4, 5, 132, 133, 260, 261, 30_001]) {
      const pieces = piecesOf(length).sort((a, b) => a.begin - b.begin);
      expect(pieces[0].begin).toBe(0);
      expect(pieces.at(-1)?.end).toBe(length);
      pieces.slice(1).forEach((piece, i) => expect(piece.begin).toBe(pieces[i].end));
    }
  });
});

describe("a board is refused, and left as it was,", () => {
  test("when it is another one", async () => {
    const words = "the board is a PICO_R1_3, this bundle is for MDBT42Q; accepted for it: cyclet";
    await expectRefused({ board: "PICO_R1_3" }, words);
  });
  test("when its firmware is too old to read tokens", async () => {
    await expectRefused({ version: "2v25.100" }, "Espruino 2v25.100; accepted: 2v26 or later");
  });
  test("when its memory is too small", async () => {
    await expectRefused({ variables: 2000 }, "2000 variables, the bundle is made for 2950");
  });
  test("when its Storage is too small", async () => {
    const words = "room for 30000 bytes, the bundle takes 30040";
    await expectRefused({ storageBytes: 30_000 }, words);
  });
  test("when other files leave no room", async () => {
    const files = new Map([["long", Buffer.alloc(15_000)]]);
    await expectRefused({ files }, "; other files (1) take 15032 of it");
  });
  test("when another program would run before", async () => {
    await expectRefused({ files: new Map([[".boot0", Buffer.from("1")]]) }, "Storage has .boot0");
  });
});

describe("in one line it says", () => {
  test("that the board says nothing", async () => {
    let interrupted = false;
    const meet = (line: string): null => {
      interrupted ||= line.includes("\x03");
      return null;
    };
    const outcome = upload({ meet });
    await expect(outcome).rejects.toThrow(/does not answer: hold the button on D0 while powering/);
    await expect(outcome).rejects.not.toThrow(InputError);
    expect(interrupted).toBe(true);
  });

  test("that a channel runs, and does not interrupt it", async () => {
    let interrupted = false;
    const meet: Script["meet"] = (line, socket) => {
      interrupted ||= line.includes("\x03");
      if (line !== "") socket.write('["k",0,1]\n');
      return null;
    };
    await expect(upload({ meet })).rejects.toThrow(/a channel runs .* hold the button on D0/);
    expect(interrupted).toBe(false);
  });

  test("that the console is locked", async () => {
    const meet: Script["meet"] = (_, socket) => {
      socket.write("\r\n  Invalid password\r\npassword>");
      return null;
    };
    await expect(upload({ meet })).rejects.toThrow("locked by a password");
  });

  test("that the connection was cut, and what is left", async () => {
    const meet: Script["meet"] = (line, socket) => {
      if (!line.includes(",9220,")) return line;
      socket.destroy();
      return null;
    };
    const words = /ended: .*; 9092 of 30001 bytes are written, the board holds no program now$/;
    await expect(upload({ meet })).rejects.toThrow(words);
    // The word that makes a program of it has not been followed by the next.
    expect(held()?.subarray(4, 132)).toEqual(Buffer.alloc(128, 0xff));
  });

  test("that the board holds something else, which is erased", async () => {
    const outcome = upload({ worn: true });
    await expect(outcome).rejects.toThrow(/has CRC-32 \d+ instead of \d+, and was erased/);
    expect(held()).toBeUndefined();
    expect(board?.script.reboots).toBe(0);
  });

  test("that nobody is at the port", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const port = (server.address() as AddressInfo).port;
    await new Promise((done) => server.close(done));
    const outcome = flashBundle(bundle, `tcp://127.0.0.1:${port}`, () => undefined);
    await expect(outcome).rejects.toThrow(`tcp://127.0.0.1:${port}: no connection: `);
  });

  test.each(["tcp://localhost", "tcp://:1", "tcp://a:70000"])("what %s lacks", async (port) => {
    const outcome = flashBundle(bundle, port, () => undefined);
    await expect(outcome).rejects.toThrow(`--port ${port}: accepted: tcp://HOST:PORT`);
  });

  test("which ports are accepted, and that one is not there", async () => {
    const accepted = /^--port is needed: .*tcp:\/\/HOST:PORT; (no serial port is|there are:) /;
    await expect(flash("mdbt42q", {}, () => undefined)).rejects.toThrow(accepted);
    const outcome = flashBundle(bundle, "/dev/no-such-port@9600", () => undefined);
    await expect(outcome).rejects.toThrow(/^\/dev\/no-such-port: no such port; /);
    await expect(outcome).rejects.toThrow(InputError);
  });

  test("which boards there are", () => {
    expect(() => readBundle("mdbt24q")).toThrow('(did you mean "mdbt42q"?); accepted: mdbt42q, ');
  });
});

test("an echo is no answer, and hostile answers are quoted short", async () => {
  const garbage = "\x1b[2J" + "é".repeat(300);
  const meet: Script["meet"] = (line, socket) => {
    socket.write(`${line}\r\n${"z".repeat(20_000)}\r\n`);
    if (!line.includes("BOARD")) return line;
    const id = /"(\d+):"/.exec(line)?.[1];
    socket.write(`=:${id}:${JSON.stringify([garbage + "x".repeat(300), "2v29"])}\r\n`);
    return null;
  };
  const outcome = upload({ meet });
  await expect(outcome).rejects.toThrow(/the board is a [ -~]{1,80}…, this bundle/);
});
