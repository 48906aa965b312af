// The command line's words for a real board: load, start, stop, hold, resume, clear, status and
// selftest.
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import { NOMINAL_CODE_MID } from "../boards/simulated.ts";
import type { FetchFlags } from "./fetch.ts";
import { fetchFile, fetchRun } from "./fetch.ts";
import { brokenWords, refuseForHosted } from "./hosted-run.ts";
import { InputError } from "./input-error.ts";
import { keptWords } from "./kept-plan.ts";
import type { Address } from "./link/address.ts";
import { parseAddress } from "./link/address.ts";
import { openBench } from "./link/bench.ts";
import { firmataPath } from "./link/firmata.ts";
import { hostedLog, logInFile } from "./link/hosted-log.ts";
import type { Wire } from "./link/wire.ts";
import { logLines } from "./log-lines.ts";
import { isNominal } from "./program.ts";
import { counted, significant } from "./quantity.ts";
import { load } from "./real-board.ts";
import { targetCell } from "./target.ts";
import { tell } from "./tell.ts";
import type { Outcome, VerbName } from "./verbs.ts";
import { carry, VERBS } from "./verbs.ts";

/** Places of real boards. */
export const REAL_TARGETS = "serial:PATH[@BAUD], tcp:HOST:PORT, firmata:PATH";

/** Places of logs. */
const LOG_TARGETS = `${REAL_TARGETS}, file:PATH of a log`;

/** Names of the commands, for messages. */
export const BOARD_COMMANDS = ["load", "fetch", ...Object.keys(VERBS)];

interface LoadFlags {
  on: string;
  cell?: string;
}

/** What is to be said of a channel that lives in a program, in place of opening it: that its last
 *  run was broken off, which must not go on by a question. Null = it may be opened. */
async function sparedOf(address: Address, word: string): Promise<Outcome | null> {
  const { target } = address;
  if (!address.isHosted) return null;
  refuseForHosted(target, word);
  const left = (await address.broken?.(false)) ?? null;
  if (left === null || word === "stop") return null;
  if (word === "status") return { lines: [brokenWords(left, target)], status: 0 };
  throw new InputError(brokenWords(left, target));
}

async function openWire(address: Address | null, target: string, word: string): Promise<Wire> {
  if (address !== null) return address.open();
  const cell = targetCell(target);
  if (word === "selftest") return openBench(cell);
  throw new InputError(
    `--on ${target}: a simulated board lives only as long as cyclet run; ` +
      `accepted: ${REAL_TARGETS}`,
  );
}

async function withBoard(
  target: string,
  word: string,
  talk: (wire: Wire) => Promise<Outcome>,
): Promise<Outcome> {
  const address = parseAddress(target);
  const spared = address === null ? null : await sparedOf(address, word);
  if (spared !== null) return spared;
  const wire = await openWire(address, target, word);
  try {
    return await talk(wire);
  } finally {
    wire.close();
  }
}

async function store(wire: Wire, argument: string, flags: LoadFlags): Promise<Outcome> {
  const { plan, config } = await load(wire, flags.on, argument, flags.cell);
  const { protocol, cell, steps, hash } = plan;
  tell(plan.notes);
  const area = `${significant(cell.areaCm2, 4)} cm²`;
  const lines = [
    `${protocol.name} is loaded: ${counted(steps.length - 1)}, hash ${hash.slice(0, 8)}…, ` +
      `for ${cell.name}, ${area}`,
  ];
  if (isNominal(config, NOMINAL_CODE_MID)) {
    lines.push("the board is not calibrated: it measures with nominal values");
  }
  return { lines: [...lines, ...keptWords(plan)], status: 0 };
}

function runNumber(text: string): number {
  const run = Number(text);
  if (/^\d{1,5}$/.test(text) && run >= 1 && run <= 65535) return run;
  throw new InvalidArgumentError("accepted: a whole number from 1 to 65535");
}

async function fetchFrom(flags: FetchFlags, print: (line: string) => void): Promise<number> {
  const { on } = flags;
  if (on.startsWith("file:")) return fetchFile(logInFile(on), flags, print);
  const address = parseAddress(on);
  if (address?.isHosted === true) {
    return fetchFile(await hostedLog(on, await firmataPath(on)), flags, print);
  }
  if (address !== null) return fetchRun(address, flags, print);
  throw new InputError(
    `--on ${on}: a simulated run is in its folder, and its seed repeats it; ` +
      `accepted: ${LOG_TARGETS}`,
  );
}

function addFetch(
  program: Command,
  print: (line: string) => void,
  done: (status: number) => void,
): void {
  program
    .command("fetch")
    .description("a run that nobody has listened to, out of the board's log")
    .requiredOption("--on <target>", LOG_TARGETS)
    .option("--out <folder>", "where the files go")
    .option("--run <number>", "which run of the log (default: the newest)", runNumber)
    .option("--protocol <file>", "what was loaded, where this computer does not know")
    .option("--cell <file>", "the cell that it was loaded for, likewise")
    .action(async (flags: FetchFlags) => done(await fetchFrom(flags, print)));
}

/** Adds the commands; `done` gets each one's exit status. */
export function addBoardCommands(
  program: Command,
  print: (line: string) => void,
  done: (status: number) => void,
): void {
  const tell = ({ lines, status }: Outcome): void => {
    lines.forEach(print);
    done(status);
  };
  program
    .command("load")
    .description("store a protocol on a board, for the cell in it")
    .argument("<protocol>", "cyclet JSON file, or a preset")
    .requiredOption("--on <target>", REAL_TARGETS)
    .option("--cell <file>", "the cell in the press; else the one that the board knows")
    .action(async (argument: string, flags: LoadFlags) => {
      tell(await withBoard(flags.on, "load", (wire) => store(wire, argument, flags)));
    });
  addFetch(program, print, done);
  for (const name of Object.keys(VERBS) as VerbName[]) {
    program
      .command(name)
      .description(VERBS[name].description)
      .requiredOption("--on <target>", REAL_TARGETS)
      .action(async ({ on }: { on: string }) => {
        tell(
          await withBoard(on, name, async (wire) => {
            const { lines, status } = await carry(wire, on, name);
            return { lines: [...lines, ...(await logLines(wire, name))], status };
          }),
        );
      });
  }
}
