// The bundles that this cyclet ships: one exact file a board, as it is uploaded.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import type { BoardCapabilities, BundleFacts } from "../boards/capabilities.ts";
import { BOARD_CAPABILITIES } from "../boards/capabilities.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import { codeOf, reason } from "./system-error.ts";

/** A bundle in its file. */
export interface Bundle {
  readonly board: BoardCapabilities;
  readonly facts: BundleFacts;
  readonly path: string;
  readonly bytes: Buffer;
  /** SHA-256, hexadecimal, as in bench/espruino.md. */
  readonly hash: string;
  /** CRC-32 (IEEE), which the board can answer. */
  readonly crc: number;
}

/** Where the build puts them: beside the built program, and seen from the sources. */
const FOLDER = fileURLToPath(new URL("../dist/boards/", import.meta.url));

const ACCEPTED = BOARD_CAPABILITIES.filter((each) => each.bundle !== null).map((each) => each.name);

function findBoard(name: string): { board: BoardCapabilities; facts: BundleFacts } {
  const board = BOARD_CAPABILITIES.find((each) => each.name === name);
  const facts = board?.bundle ?? null;
  if (board !== undefined && facts !== null) return { board, facts };
  const what = board === undefined ? `unknown board${suggestion(name, ACCEPTED)}` : "no bundle yet";
  throw new InputError(`${name}: ${what}; accepted: ${ACCEPTED.join(", ")}`);
}

/** A board's bundle. Throws InputError for a board that has none. */
export function readBundle(name: string, folder = FOLDER): Bundle {
  const { board, facts } = findBoard(name);
  const path = `${folder}${name}.bin`;
  try {
    const bytes = readFileSync(path);
    const hash = createHash("sha256").update(bytes).digest("hex");
    return { board, facts, path, bytes, hash, crc: crc32(bytes) };
  } catch (error) {
    const cure = codeOf(error) === "ENOENT" ? "; npm run build makes it" : "";
    throw new InputError(`${path}: cannot be read: ${reason(error)}${cure}`);
  }
}
