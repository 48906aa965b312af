// `cyclet flash`: a bundle into a board, asked for and verified by the board's own words.
import { readBundle } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { InputError } from "./input-error.ts";
import { install } from "./upload/install.ts";
import { namedPort, openBytePort } from "./upload/open.ts";
import { reachPrompt, resetInterpreter, restartBoard, whyNoAnswer } from "./upload/reach.ts";
import { NoAnswer, createRepl } from "./upload/repl.ts";
import { checkSuitable } from "./upload/suitable.ts";

/** Told after so many bytes. */
const STEP = 8192;

/** What `cyclet flash` was told. */
export interface FlashFlags {
  port?: string;
  /** False = the board is not restarted. */
  start?: boolean;
}

type Print = (line: string) => void;

function worded(error: unknown, bundle: Bundle, port: string, state: string): Error {
  if (error instanceof InputError) return new InputError(`${port}: ${error.message}`);
  const silence = error instanceof NoAnswer ? whyNoAnswer(error, bundle.board.wayBack) : null;
  const text = silence ?? (error instanceof Error ? error.message : String(error));
  return new Error(`${port}: ${text}${state}`, { cause: error });
}

/** How what is in the board now comes to run. */
function lastWords({ board, bytes, crc }: Bundle, start: boolean): string[] {
  const verified = `verified by the board: ${bytes.length} bytes, CRC-32 ${crc}`;
  if (!start) return [`${verified}; press its reset, or switch it off and on, to run them`];
  return [
    `${verified}; it restarts and runs them`,
    `its line is now ${board.line}, 115200 baud: cyclet status --on serial:PATH`,
  ];
}

/** Uploads a bundle that is at hand, and restarts the board unless told not to; the exit status. */
export async function flashBundle(
  bundle: Bundle,
  text: string,
  print: Print,
  start = true,
): Promise<number> {
  const { board, bytes, hash } = bundle;
  const port = await openBytePort(text, board.consoleBaud);
  let state = "";
  let told = 0;
  const tell = (written: number): void => {
    state = `; ${written} of ${bytes.length} bytes are written, the board holds no program now`;
    if (written < told + STEP) return;
    told = written;
    print(`${written} of ${bytes.length} bytes`);
  };
  try {
    const repl = createRepl(port);
    await reachPrompt(repl);
    await checkSuitable(repl, board, bytes.length);
    print(`${board.name}: SHA-256 ${hash}`);
    await resetInterpreter(repl);
    tell(0);
    await install(repl, bundle, tell);
    if (start) restartBoard(repl);
  } catch (error) {
    throw worded(error, bundle, text, state);
  } finally {
    port.close();
  }
  lastWords(bundle, start).forEach(print);
  return 0;
}

/** Uploads the bundle of a board; the exit status. Throws InputError for what the user can mend,
 *  an Error of one line for a board that fails. */
export async function flash(name: string, flags: FlashFlags, print: Print): Promise<number> {
  const port = await namedPort(flags.port);
  return flashBundle(readBundle(name), port, print, flags.start !== false);
}
