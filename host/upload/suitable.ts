// Is it the board that a bundle was made for, with room for it? Asked before anything is written.
import type { BoardCapabilities } from "../../boards/capabilities.ts";
import { BOARD_CAPABILITIES, FILE_HEADER_BYTES } from "../../boards/capabilities.ts";
import { InputError } from "../input-error.ts";
import { askAgain } from "./reach.ts";
import type { Repl } from "./repl.ts";
import { quoted } from "./repl.ts";

const DEADLINE_MS = 5000;
/** Since 2v26 (2v25.396) the interpreter reads whole numbers as tokens. */
const VERSION_MIN = 2.26;
const VERSION_WORDS = "2v26";
/** A file begins at a multiple of one of these (JSF_ALIGNMENT in Espruino's src/jsutils.h). */
const ALIGNMENT_MIN = 4;
const ALIGNMENT_MAX = 8;

/** Where the bundle goes: the interpreter runs it at power-on. */
export const BOOT_FILE = ".bootcde";

/** What a file takes of Storage at most, bytes. */
export function storedBytes(length: number, alignment = ALIGNMENT_MAX): number {
  return Math.ceil(length / alignment) * alignment + FILE_HEADER_BYTES;
}

async function numbers(repl: Repl, expression: string, count: number): Promise<number[]> {
  const answer = await askAgain(repl, expression, DEADLINE_MS);
  const all = Array.isArray(answer) && answer.every((each) => typeof each === "number");
  if (all && answer.length === count) return answer;
  throw new Error(`it answers ${quoted(JSON.stringify(answer) ?? "nothing")} to ${expression}`);
}

function otherBoard(espruino: string, wanted: BoardCapabilities): InputError {
  const known = BOARD_CAPABILITIES.find((each) => each.espruino === espruino);
  const advice = known ? `; accepted for it: cyclet flash ${known.name}` : "";
  const found = quoted(espruino);
  return new InputError(`the board is a ${found}, this bundle is for ${wanted.espruino}${advice}`);
}

function versionOf(text: string): number {
  const found = /^(\d{1,3})v(\d{1,3})/.exec(text);
  return found ? Number(found[1]) + Number(found[2]) / 100 : 0;
}

async function checkInterpreter(repl: Repl, board: BoardCapabilities): Promise<void> {
  const who = await askAgain(repl, "[process.env.BOARD,process.env.VERSION]", DEADLINE_MS);
  const [name, version] = Array.isArray(who) ? who.map(String) : ["", ""];
  if (name !== board.espruino) throw otherBoard(name, board);
  if (versionOf(version) < VERSION_MIN) {
    throw new InputError(
      `its firmware is Espruino ${quoted(version)}; accepted: ${VERSION_WORDS} or later`,
    );
  }
  const [variables] = await numbers(repl, "[process.memory().total]", 1);
  if (variables < board.variables) {
    throw new InputError(
      `its memory has ${variables} variables, the bundle is made for ${board.variables}`,
    );
  }
}

/** Other programs run before the bundle at power-on, or (.bootrst) in its place. */
async function checkAlone(repl: Repl): Promise<void> {
  const names = await askAgain(repl, 'require("Storage").list(/^\\.boot/)', DEADLINE_MS);
  const others = Array.isArray(names) ? names.filter((name) => name !== BOOT_FILE) : [];
  if (others.length === 0) return;
  const found = quoted(others.map(String).join(", "));
  throw new InputError(
    `its Storage has ${found}, run before or instead of the bundle: erase it in the Espruino IDE`,
  );
}

/** Throws InputError where the bundle would not run or does not fit; changes nothing. */
export async function checkSuitable(
  repl: Repl,
  board: BoardCapabilities,
  length: number,
): Promise<void> {
  await checkInterpreter(repl, board);
  await checkAlone(repl);
  const asked =
    "(s=>{var t=s.getStats();return[t.totalBytes,t.fileBytes,t.fileCount," +
    `(s.read("${BOOT_FILE}")||"").length]})(require("Storage"))`;
  const [total, files, count, own] = await numbers(repl, asked, 4);
  const others = own > 0 ? files - storedBytes(own, ALIGNMENT_MIN) : files;
  const room = total - others;
  if (storedBytes(length) <= room) return;
  const beside = count - (own > 0 ? 1 : 0);
  const kept = beside > 0 ? `; other files (${beside}) take ${others} of it` : "";
  throw new InputError(
    `its Storage has room for ${room} bytes, the bundle takes ${storedBytes(length)}${kept}`,
  );
}
