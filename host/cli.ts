// The command line: words to functions, errors to one line and an exit status.
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { CIRCUIT, MEMORY_AREAS, NOMINAL_CODE_MID, SIMULATED } from "../boards/simulated.ts";
import { addBoardCommands, BOARD_COMMANDS, REAL_TARGETS } from "./board-commands.ts";
import type { BuildFlags } from "./build.ts";
import { build } from "./build.ts";
import { BOARDS } from "./bundle.ts";
import { checkLines } from "./check.ts";
import { addFileCommands, FILE_COMMANDS, PROTOCOL_FILES } from "./file-commands.ts";
import type { FlashFlags } from "./flash.ts";
import { flash } from "./flash.ts";
import { InputError } from "./input-error.ts";
import { boardNamed } from "./known-boards.ts";
import { parseAddress } from "./link/address.ts";
import { openSimulated } from "./link/simulated.ts";
import type { Run } from "./meta.ts";
import { createPlan, instrumentCell } from "./plan.ts";
import { printable } from "./printable.ts";
import { configOf } from "./program.ts";
import { runReal } from "./run-real.ts";
import { carryOut } from "./run.ts";
import { shellWords } from "./shell-words.ts";
import { codeOf, reason } from "./system-error.ts";
import { seeded, targetCell } from "./target.ts";
import { tell } from "./tell.ts";
import { version } from "./version.ts";

const STATUS_INPUT = 2;
const STATUS_FAULT = 3;
const SEED_MAX = 4294967295;
const DEMO_TARGET = "sim:hNa";
/** Test seconds a second of the demo in a terminal: 18 h in 18 s. */
const DEMO_SPEED = 3600;

interface RunFlags {
  on: string;
  cell?: string;
  seed?: number;
  out?: string;
  speed?: number;
  keepAlive?: boolean;
  resume?: boolean;
}

interface CheckFlags {
  board: string;
  cell?: string;
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= SEED_MAX) return seed;
  throw new InvalidArgumentError(`accepted: a whole number from 0 to ${SEED_MAX}`);
}

function parseSpeed(text: string): number {
  if (text === "max") return Infinity;
  const speed = Number(text);
  if (text.trim() !== "" && speed > 0 && speed < Infinity) return speed;
  throw new InvalidArgumentError("accepted: max, or test seconds a real second, more than 0");
}

function print(line: string): void {
  process.stdout.write(line + "\n");
}

async function run(argument: string, flags: RunFlags, command?: string): Promise<number> {
  const address = parseAddress(flags.on);
  if (address !== null) return runReal(address, argument, flags, print);
  if (flags.keepAlive === true) {
    throw new InputError("--keep-alive: nothing to be guarded; accepted with --on firmata:PATH");
  }
  if (flags.resume === true) {
    throw new InputError("--resume: nothing was broken off; accepted with --on firmata:PATH");
  }
  const simulated = seeded(targetCell(flags.on), flags.seed);
  const cell = instrumentCell(SIMULATED, flags.cell, flags.on, simulated);
  const plan = createPlan(argument, cell, SIMULATED, MEMORY_AREAS);
  tell(plan.notes);
  const belief = flags.cell === undefined ? [] : ["--cell", flags.cell];
  const words = [
    "run",
    argument,
    "--on",
    flags.on,
    ...belief,
    "--seed",
    String(simulated.sim.seed),
  ];
  const planned: Run = {
    plan,
    target: flags.on,
    simulated,
    seed: simulated.sim.seed,
    config: configOf(cell, NOMINAL_CODE_MID),
    command: command ?? shellWords(["cyclet", ...words]),
  };
  const link = openSimulated(simulated, plan, planned.config);
  return carryOut(link, planned, { out: flags.out, speed: flags.speed ?? Infinity, print });
}

function demo(): Promise<number> {
  const speed = process.stdout.isTTY ? DEMO_SPEED : Infinity;
  return run("ccd", { on: DEMO_TARGET, speed }, "cyclet demo");
}

function check(argument: string, flags: CheckFlags): number {
  const board = boardNamed(flags.board);
  const cell = instrumentCell(board, flags.cell, DEMO_TARGET, targetCell(DEMO_TARGET));
  const plan = createPlan(argument, cell, board, MEMORY_AREAS);
  tell(plan.notes);
  for (const line of checkLines(plan, CIRCUIT)) print(line);
  return 0;
}

function addBundleCommands(program: Command, done: (status: number) => void): void {
  program
    .command("build")
    .description("the bundle of a board: size, hash, what it carries")
    .argument("<board>", BOARDS)
    .option("--out <file>", "where a copy of it goes")
    .action((name: string, flags: BuildFlags) => done(build(name, flags, print)));
  program
    .command("flash")
    .description("upload the bundle of a board, have the board verify it and start it")
    .argument("<board>", BOARDS)
    .option("--port <port>", "PATH or PATH@BAUD of the board's console, or tcp://HOST:PORT")
    .option("--no-start", "do not restart the board")
    .action(async (name: string, flags: FlashFlags) => done(await flash(name, flags, print)));
}

/** The command line; `done` gets the exit status of what ran. */
function createProgram(done: (status: number) => void): Command {
  const program = new Command("cyclet");
  program
    .description("One channel of an open battery cycler for solid-state cells.")
    .version(version())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  const protocol = `${PROTOCOL_FILES}; or a preset: ccd, cycle, strip, rest`;
  program
    .command("demo")
    .description("critical-current-density test of a simulated h-Na cell")
    .action(async () => done(await demo()));
  program
    .command("run")
    .description("run a protocol; files go to runs/NAME/")
    .argument("<protocol>", protocol)
    .requiredOption("--on <target>", `sim:bareNa, sim:hNa, …, ${REAL_TARGETS}`)
    .option("--cell <file>", "the cell as the instrument knows it")
    .option("--seed <number>", "what chance is drawn from", parseSeed)
    .option("--out <folder>", "where the files go")
    .option("--speed <factor>", "max, or test seconds a real second (default: max)", parseSpeed)
    .option("--keep-alive", "firmata: the keep-alive circuit of docs/keep-alive.md is fitted")
    .option("--resume", "firmata: go on with the run that was broken off")
    .action(async (name: string, flags: RunFlags) => done(await run(name, flags)));
  program
    .command("check")
    .description("what a protocol would do: steps, duration, charge, ranges")
    .argument("<protocol>", protocol)
    .option("--board <name>", "the board it would run on", SIMULATED.name)
    .option("--cell <file>", "the cell as the instrument knows it")
    .action((name: string, flags: CheckFlags) => done(check(name, flags)));
  addFileCommands(program, print, done);
  addBundleCommands(program, done);
  addBoardCommands(program, print, done);
  return program;
}

const COMMANDS = [
  "demo",
  "run",
  "check",
  ...FILE_COMMANDS,
  "build",
  "flash",
  ...BOARD_COMMANDS,
].join(", ");

function complaint(error: CommanderError): string {
  if (error.code === "commander.help") {
    return `a command is needed; accepted: ${COMMANDS} (see cyclet --help)`;
  }
  const text = error.message.replace(/^error: /, "").replace(/\s*\n\s*/g, " ");
  return error.code === "commander.unknownCommand" ? `${text}; accepted: ${COMMANDS}` : text;
}

function report(error: unknown): number {
  const usage = error instanceof CommanderError;
  if (usage && error.exitCode === 0) return 0;
  const text = usage ? complaint(error) : reason(error);
  process.stderr.write(`cyclet: ${printable(text)}\n`);
  if (process.env["CYCLET_DEBUG"] === "1" && error instanceof Error) {
    process.stderr.write(`${error.stack ?? ""}\n`);
  }
  return usage || error instanceof InputError ? STATUS_INPUT : STATUS_FAULT;
}

function finish(status: number): void {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), status);
}

// A closed pipe takes the view away, not the run: the test of a cell goes on to its end.
process.stdout.once("error", (error) => {
  process.stdout.on("error", () => undefined);
  if (codeOf(error) === "EPIPE") return;
  process.stderr.write(`cyclet: standard output: ${reason(error)}\n`);
  finish(STATUS_FAULT);
});
process.on("uncaughtException", (error) => {
  process.exit(report(error));
});
const program = createProgram(finish);
program.parseAsync().catch((error: unknown) => finish(report(error)));
