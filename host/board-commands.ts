// The command line's words for a real board: load, start, stop, hold, resume, clear, status and
// selftest.
import type { Command } from "commander";
import { NOMINAL_CODE_MID } from "../boards/simulated.ts";
import { refuseBroken, refuseForHosted } from "./hosted-run.ts";
import { InputError } from "./input-error.ts";
import type { Address } from "./link/address.ts";
import { parseAddress } from "./link/address.ts";
import { openBench } from "./link/bench.ts";
import type { Wire } from "./link/wire.ts";
import { isNominal } from "./program.ts";
import { counted, significant } from "./quantity.ts";
import { load } from "./real-board.ts";
import { targetCell } from "./target.ts";
import type { Outcome, VerbName } from "./verbs.ts";
import { carry, VERBS } from "./verbs.ts";

/** Places of real boards. */
export const REAL_TARGETS = "serial:PATH[@BAUD], tcp:HOST:PORT, firmata:PATH";

/** Names of the commands, for messages. */
export const BOARD_COMMANDS = ["load", ...Object.keys(VERBS)];

interface LoadFlags {
  on: string;
  cell?: string;
}

/** A channel that lives in this program, for a moment: what it was in the middle of stays so, but
 *  for a stop. */
async function openHosted(address: Address, word: string): Promise<Wire> {
  refuseForHosted(address.target, word);
  const left = (await address.broken?.(false)) ?? null;
  if (word === "load") refuseBroken(left, address.target);
  const purpose = word === "load" || word === "stop" ? "change" : "look";
  return address.open({ keepAlive: false, purpose });
}

async function openWire(target: string, word: string): Promise<Wire> {
  const address = parseAddress(target);
  if (address !== null) return address.isHosted ? openHosted(address, word) : address.open();
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
  const wire = await openWire(target, word);
  try {
    return await talk(wire);
  } finally {
    wire.close();
  }
}

async function store(wire: Wire, argument: string, flags: LoadFlags): Promise<Outcome> {
  const { plan, config } = await load(wire, flags.on, argument, flags.cell);
  const { protocol, cell, steps, hash } = plan;
  const area = `${significant(cell.areaCm2, 4)} cm²`;
  const lines = [
    `${protocol.name} is loaded: ${counted(steps.length - 1)}, hash ${hash.slice(0, 8)}…, ` +
      `for ${cell.name}, ${area}`,
  ];
  if (isNominal(config, NOMINAL_CODE_MID)) {
    lines.push("the board is not calibrated: it measures with nominal values");
  }
  return { lines, status: 0 };
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
  for (const name of Object.keys(VERBS) as VerbName[]) {
    program
      .command(name)
      .description(VERBS[name].description)
      .requiredOption("--on <target>", REAL_TARGETS)
      .action(async ({ on }: { on: string }) => {
        tell(await withBoard(on, name, (wire) => carry(wire, on, name)));
      });
  }
}
