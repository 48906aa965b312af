// Writes the bundle into a board's Storage and has the board say what it then holds.
import type { Repl } from "./repl.ts";
import { quoted } from "./repl.ts";
import { BOOT_FILE, storedBytes } from "./suitable.ts";

/** A piece as base64 and the rest of the question fit into a line; a multiple of 4, since flash
 *  is written by words. */
const PIECE = 128;
const HEAD = 4;
/** Erasing a page may take half a second, and a compaction erases many. */
const ERASE_MS = 60_000;
const WRITE_MS = 15_000;
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
  await repl.ask(`${STORAGE}.erase(${NAME})`, ERASE_MS);
  const free = async (): Promise<number> =>
    Number(await repl.ask(`${STORAGE}.getFree()`, WRITE_MS));
  if ((await free()) >= storedBytes(length)) return;
  const empty = (await repl.ask(`${STORAGE}.getStats().fileCount`, WRITE_MS)) === 0;
  await repl.ask(`${STORAGE}.${empty ? "eraseAll" : "compact"}()`, ERASE_MS);
  const left = await free();
  if (left >= storedBytes(length)) return;
  throw new Error(`its Storage gives only ${left} bytes of ${storedBytes(length)} free`);
}

async function writePiece(repl: Repl, bytes: Buffer, piece: Piece): Promise<void> {
  const text = bytes.subarray(piece.begin, piece.end).toString("base64");
  const words = [NAME, `atob("${text}")`, piece.begin, bytes.length].join(",");
  const answer = await repl.ask(`${STORAGE}.write(${words})`, WRITE_MS);
  if (answer !== true) {
    throw new Error(`it answers ${quoted(JSON.stringify(answer) ?? "nothing")} to a piece`);
  }
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
  let written = 0;
  for (const piece of piecesOf(bytes.length)) {
    await writePiece(repl, bytes, piece);
    onWritten((written += piece.end - piece.begin));
  }
  const found = await repl.ask(`E.CRC32(${STORAGE}.read(${NAME}))`, WRITE_MS);
  if (found === crc) return;
  await repl.ask(`${STORAGE}.erase(${NAME})`, ERASE_MS);
  const said = quoted(JSON.stringify(found) ?? "nothing");
  throw new Error(`what it holds has CRC-32 ${said} instead of ${crc}, and was erased`);
}
