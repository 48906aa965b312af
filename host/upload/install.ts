// Writes the bundle into a board's Storage and has the board say what it then holds.
import { crc32 } from "node:zlib";
import { askAgain } from "./reach.ts";
import type { Repl } from "./repl.ts";
import { quoted } from "./repl.ts";
import { BOOT_FILE, storedBytes } from "./suitable.ts";

/** A piece as base64 and the rest of the question fit into a line; a multiple of 4, since flash
 *  is written by words. */
const PIECE = 128;
const HEAD = 4;
/** Erasing a page may take half a second, and a compaction erases many. */
const ERASE_MS = 60_000;
const WRITE_MS = 10_000;
const TRIES = 3;
const STORAGE = 'require("Storage")';
const NAME = JSON.stringify(BOOT_FILE);

/** A bundle and what is known of it before. */
export interface Upload {
  readonly bytes: Buffer;
  /** CRC-32 (IEEE). */
  readonly crc: number;
}

interface Piece {
  begin: number;
  end: number;
}

/** In the order of writing. The file is created with its first word; what follows that word comes
 *  last, so that a bundle that was cut off is no program: nothing of it ever runs. */
export function piecesOf(length: number): Piece[] {
  const pieces: Piece[] = [{ begin: 0, end: Math.min(HEAD, length) }];
  for (let begin = HEAD + PIECE; begin < length; begin += PIECE) {
    pieces.push({ begin, end: Math.min(begin + PIECE, length) });
  }
  if (length > HEAD) pieces.push({ begin: HEAD, end: Math.min(HEAD + PIECE, length) });
  return pieces;
}

/** Removes the bundle that is there, and what else was removed before if room is short. */
async function makeRoom(repl: Repl, length: number): Promise<void> {
  await askAgain(repl, `${STORAGE}.erase(${NAME})`, ERASE_MS);
  const free = async (): Promise<number> =>
    Number(await askAgain(repl, `${STORAGE}.getFree()`, WRITE_MS));
  if ((await free()) >= storedBytes(length)) return;
  const empty = (await askAgain(repl, `${STORAGE}.getStats().fileCount`, WRITE_MS)) === 0;
  await askAgain(repl, `${STORAGE}.${empty ? "eraseAll" : "compact"}()`, ERASE_MS);
  const left = await free();
  if (left >= storedBytes(length)) return;
  throw new Error(`its Storage gives only ${left} bytes of ${storedBytes(length)} free`);
}

// On a line of bytes a character may be lost, of the place as well as of a piece: the board takes
// only what agrees with its sum. `true` = written, `false` = try again; bytes that are there
// already were written by a question whose answer was lost, since flash takes them once.
function writer(length: number): string {
  const same = `E.CRC32(${STORAGE}.read(${NAME},a,d.length)||"")==E.CRC32(d)`;
  const write = `${STORAGE}.write(${NAME},d,a,${length})`;
  return `(w=function(t,a,c){var d=atob(t);return E.CRC32(a+d)==c&&(${same}||${write})})&&1`;
}

async function writePiece(repl: Repl, bytes: Buffer, piece: Piece): Promise<void> {
  const part = bytes.subarray(piece.begin, piece.end);
  const sum = crc32(Buffer.concat([Buffer.from(String(piece.begin)), part]));
  const question = `w("${part.toString("base64")}",${piece.begin},${sum})`;
  for (let left = TRIES; left > 0; left--) {
    if ((await askAgain(repl, question, WRITE_MS)) === true) return;
  }
  throw new Error(`it does not take the bytes from ${piece.begin} on`);
}

/** Replaces the board's bundle; `onWritten` hears how many bytes are there. Rejects with NoAnswer
 *  or an Error of one line; then the board holds no program at all. */
export async function install(
  repl: Repl,
  upload: Upload,
  onWritten: (bytes: number) => void,
): Promise<void> {
  const { bytes, crc } = upload;
  await makeRoom(repl, bytes.length);
  await askAgain(repl, writer(bytes.length), WRITE_MS);
  let written = 0;
  for (const piece of piecesOf(bytes.length)) {
    await writePiece(repl, bytes, piece);
    onWritten((written += piece.end - piece.begin));
  }
  const found = await askAgain(repl, `E.CRC32(${STORAGE}.read(${NAME}))`, WRITE_MS);
  if (found === crc) return;
  await askAgain(repl, `${STORAGE}.erase(${NAME})`, ERASE_MS);
  const said = quoted(JSON.stringify(found) ?? "nothing");
  throw new Error(`what it holds has CRC-32 ${said} instead of ${crc}, and was erased`);
}
