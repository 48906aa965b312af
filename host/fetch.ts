// `cyclet fetch --on TARGET`: a run out of a board's log, or out of a file, into the files of a
// tethered run.
import { rmSync } from "node:fs";
import { MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import { createConfig } from "../firmware/config.ts";
import type { Fetched, FetchFlags } from "./fetched.ts";
import { writeFetched } from "./fetched.ts";
import { InputError } from "./input-error.ts";
import type { Address } from "./link/address.ts";
import { NoAnswer } from "./link/ask.ts";
import type { HostedLog } from "./link/hosted-log.ts";
import { askBytes, askFacts } from "./link/log-wire.ts";
import type { Wire } from "./link/wire.ts";
import { fetchBook } from "./log-fetch.ts";
import { isOpen, readLogFile } from "./log-file.ts";
import type { LogBook } from "./log-run.ts";
import { runsOf, tellRun } from "./log-run.ts";
import { DEFAULT_CHANNEL } from "./real-board.ts";
import { stateFile } from "./state-folder.ts";
import { fetchConfig } from "./upload.ts";

export type { FetchFlags } from "./fetched.ts";

function refuseMissing(book: LogBook, run: number, target: string): void {
  const runs = runsOf(book);
  if (runs.includes(run)) return;
  const found = runs.length === 0 ? "none" : runs.join(", ");
  throw new InputError(`--run ${run}: ${target}: not in the log; near it there is ${found}`);
}

/** Says after each tenth how much of the log is read. */
function tenths(print: (line: string) => void): (share: number) => void {
  let said = 0;
  return (share) => {
    const now = Math.floor(share * 10);
    if (now > said && now < 10) print(`${10 * now} % of the log is read`);
    said = now;
  };
}

/** A run from a board, and the file in which its pages wait. */
interface Read extends Fetched {
  readonly path: string;
}

async function read(wire: Wire, flags: FetchFlags, print: (line: string) => void): Promise<Read> {
  const facts = await askFacts(wire);
  if (facts === null) throw new InputError(`${flags.on}: the board keeps no log`);
  const run = flags.run ?? facts.run;
  // A chip that is missing or dead has no run either.
  await askBytes(wire, facts, 0, 1);
  if (run === 0) throw new InputError(`${flags.on}: no run is in the board's log`);
  const path = stateFile(`log-${flags.on}-${run}.part`);
  const source = {
    ...facts,
    read: (offset: number, count: number) => askBytes(wire, facts, offset, count),
  };
  const book = await fetchBook(source, run, path, tenths(print));
  refuseMissing(book, run, flags.on);
  const config = createConfig(NOMINAL_CODE_MID);
  await fetchConfig(wire, flags.on, MEMORY_AREAS.config, config);
  const isNewest = run === facts.run;
  const ageMs = isNewest ? facts.ageMs : null;
  return {
    ...{ told: tellRun(book, run), config, path, boards: [DEFAULT_CHANNEL] },
    isOn: isNewest && facts.isOn,
    begunMs: ageMs === null ? null : () => Date.now() - ageMs,
  };
}

function ours(error: unknown, target: string): unknown {
  if (!(error instanceof NoAnswer) && !(error instanceof RangeError)) return error;
  return new Error(`${target}: fetch: ${error.message}`, { cause: error });
}

/** Fetches a run from the board at `address`; resolves with the exit status. Throws InputError when
 *  there is none, an Error of one line when the board or a file fails. */
export async function fetchRun(
  address: Address,
  flags: FetchFlags,
  print: (line: string) => void,
): Promise<number> {
  const wire = await address.open();
  let fetched: Read;
  try {
    fetched = await read(wire, flags, print);
  } catch (error) {
    throw ours(error, flags.on);
  } finally {
    wire.close();
  }
  const status = await writeFetched(fetched, flags, print);
  rmSync(fetched.path, { force: true });
  return status;
}

/** Fetches a run out of the log in a file, of which `kept` tells the rest; resolves with the exit
 *  status. Throws InputError where there is none. */
export async function fetchFile(
  kept: HostedLog,
  flags: FetchFlags,
  print: (line: string) => void,
): Promise<number> {
  const { book, writtenMs } = readLogFile(kept.path);
  const newest = runsOf(book).at(-1) ?? 0;
  const run = flags.run ?? newest;
  refuseMissing(book, run, flags.on);
  try {
    const fetched = {
      ...{ told: tellRun(book, run), config: kept.config, boards: kept.boards },
      isOn: run === newest && isOpen(book, run),
      // What was written last is the end of the newest run.
      begunMs: run === newest ? (lastMs: number) => writtenMs - lastMs : null,
    };
    return await writeFetched(fetched, flags, print);
  } catch (error) {
    throw ours(error, flags.on);
  }
}
