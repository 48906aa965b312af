// Commands that need no board: recordings, data and protocols from file to file.
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { ConvertFlags } from "./convert.ts";
import { convert, LANGUAGE_NAMES } from "./convert.ts";
import type { ExportFlags } from "./export.ts";
import { EXPORT_NAMES, exportData } from "./export.ts";
import { leftOutWords } from "./formats/table-source.ts";
import type { ReplayFlags } from "./replay.ts";
import { replay } from "./replay.ts";
import { tell } from "./tell.ts";

/** What a protocol's file may be, in words. */
export const PROTOCOL_FILES =
  "JSON file of cyclet or aurora-unicycler, or PyBaMM texts, one a line";

/** Names of these commands. */
export const FILE_COMMANDS = ["replay", "export", "convert"];

function parseTestTime(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && Number.isFinite(seconds)) return seconds;
  throw new InvalidArgumentError("accepted: seconds of test time");
}

function addReplay(program: Command, done: (status: number) => void): void {
  program
    .command("replay")
    .description("a recording through the detectors: events on standard output, verdict last")
    .argument("<trace>", "CSV with BDF, Neware or Arbin columns, - for standard input")
    .requiredOption("--cell <file>", "the cell that was recorded: a JSON file, or bareNa, hNa, …")
    .option("--from <seconds>", "test time to begin at", parseTestTime)
    .option("--to <seconds>", "test time to end at", parseTestTime)
    .action(async (path: string, flags: ReplayFlags) => done(await replay(path, flags)));
}

function addConvert(program: Command, done: (status: number) => void): void {
  program
    .command("convert")
    .description("a protocol in another language; what that cannot say on standard error")
    .argument("<protocol>", PROTOCOL_FILES)
    .requiredOption("--to <language>", LANGUAGE_NAMES)
    .option("--cell <file>", "the cell, where amounts are per area or rates refer to its capacity")
    .option("--out <file>", "a new file, - for standard output (the default)")
    .action((path: string, flags: ConvertFlags) => {
      tell(convert(path, flags, (text) => void process.stdout.write(text)));
      done(0);
    });
}

function addExport(
  program: Command,
  print: (line: string) => void,
  done: (status: number) => void,
): void {
  program
    .command("export")
    .description("a run's data for other programs, or another instrument's recording as data")
    .argument("<data>", "NAME.bdf.csv of a run, or CSV with BDF, Neware or Arbin columns")
    .requiredOption("--to <format>", EXPORT_NAMES)
    .option("--out <file>", "where it goes, - for standard output (default: beside the data)")
    .action(async (path: string, flags: ExportFlags) => {
      const { path: written, leftOut } = await exportData(path, flags);
      if (leftOut.count > 0) tell([leftOutWords(path, leftOut)]);
      if (written !== "") print(written);
      done(0);
    });
}

/** Adds them to `program`; `done` gets the exit status of what ran. */
export function addFileCommands(
  program: Command,
  print: (line: string) => void,
  done: (status: number) => void,
): void {
  addReplay(program, done);
  addExport(program, print, done);
  addConvert(program, done);
}
