// The bundles that this cyclet ships: one exact file a board, as it is uploaded.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import type { BoardCapabilities } from "../boards/capabilities.ts";
import { BOARD_CAPABILITIES } from "../boards/capabilities.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";
import { codeOf, reason } from "./system-error.ts";

/** A bundle in its file. */
export interface Bundle {
  readonly board: BoardCapabilities;
  readonly path: string;
  readonly bytes: Buffer;
  /** SHA-256, hexadecimal, as in bench/espruino.md. */
  readonly hash: string;
  /** CRC-32 (IEEE), which the board can answer. */
  readonly crc: number;
}

/** Where the build puts them: beside the built program, and seen from the sources. */
const FOLDER = fileURLToPath(new URL("../dist/boards/", import.meta.url));

const names = BOARD_CAPABILITIES.map((each) => each.name);

/** The boards that there is a bundle for, for messages. */
export const BOARDS = names.join(", ");

function findBoard(name: string): BoardCapabilities {
  const board = BOARD_CAPABILITIES.find((each) => each.name === name);
  if (board !== undefined) return board;
  const hint = suggestion(name, names);
  throw new InputError(`${name}: unknown board${hint}; accepted: ${BOARDS}`);
}

/** A board's bundle from the bytes of its file. Throws InputError for an unknown board. */
export function bundleOf(name: string, path: string, bytes: Buffer): Bundle {
  const hash = createHash("sha256").update(bytes).digest("hex");
  return { board: findBoard(name), path, bytes, hash, crc: crc32(bytes) };
}

/** The bundle that is shipped for a board. Throws InputError. */
export function readBundle(name: string): Bundle {
  findBoard(name);
  const path = `${FOLDER}${name}.bin`;
  try {
    return bundleOf(name, path, readFileSync(path));
  } catch (error) {
    const cure = codeOf(error) === "ENOENT" ? "; npm run build makes it" : "";
    throw new InputError(`${path}: cannot be read: ${reason(error)}${cure}`);
  }
}
