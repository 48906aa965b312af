// `cyclet fetch --on TARGET`: a run out of a board's log, into the files of a tethered run.
import { rmSync } from "node:fs";
import { MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import { createConfig, getCell } from "../firmware/config.ts";
import type { Config } from "../firmware/config.ts";
import { EVENT_START } from "../firmware/telemetry.ts";
import { readCell } from "./cell-file.ts";
import { exitStatus, sentence } from "./describe.ts";
import { substituteVerdict } from "./events.ts";
import { InputError } from "./input-error.ts";
import { recallPlan } from "./kept-plan.ts";
import { createLineView } from "./lines.ts";
import type { Address } from "./link/address.ts";
import { NoAnswer } from "./link/ask.ts";
import type { LogFacts } from "./link/log-wire.ts";
import { askBytes, askFacts } from "./link/log-wire.ts";
import type { Wire } from "./link/wire.ts";
import { fetchBook } from "./log-fetch.ts";
import type { Told } from "./log-run.ts";
import { runsOf, tellRun } from "./log-run.ts";
import type { Run } from "./meta.ts";
import type { Plan } from "./plan.ts";
import { createPlan } from "./plan.ts";
import { shortHash } from "./program.ts";
import { duration } from "./quantity.ts";
import { cellOf, DEFAULT_CHANNEL } from "./real-board.ts";
import type { Recording } from "./recorder.ts";
import { closeRecording, note, openRecording } from "./recorder.ts";
import { makeRunFolder, safeName } from "./run-files.ts";
import { shellWords } from "./shell-words.ts";
import { stateFile } from "./state-folder.ts";
import { fetchConfig } from "./upload.ts";

export interface FetchFlags {
  on: string;
  out?: string;
  /** Which run of the log, by its number; the newest unless given. */
  run?: number;
  /** What the board was loaded with, where this computer does not know. */
  protocol?: string;
  cell?: string;
}

/** Rows between two looks whether the disk keeps up. */
const ROWS = 1000;

interface Fetched {
  readonly told: Told[];
  readonly config: Config;
  readonly facts: LogFacts;
  readonly run: number;
  readonly path: string;
}

function planOf(hash: number | null, config: Config, flags: FetchFlags): Plan {
  const { on, protocol, cell } = flags;
  const known = protocol === undefined && hash !== null ? recallPlan(hash, DEFAULT_CHANNEL) : null;
  if (known !== null && cell === undefined) return known;
  if (protocol === undefined) {
    throw new InputError(
      `${on}: this computer has not loaded the board with the run's program; ` +
        `accepted: --protocol FILE, and --cell FILE unless the board still knows the cell`,
    );
  }
  const present = cell === undefined ? cellOf(getCell(config)) : readCell(cell);
  const plan = createPlan(protocol, present, DEFAULT_CHANNEL, MEMORY_AREAS);
  if (hash === null || shortHash(plan.hash) === hash) return plan;
  throw new InputError(
    `--protocol ${protocol}: ${on}: the run in the log is of another protocol, or another cell`,
  );
}

/** The run's program, null = the log has lost its beginning. */
function hashOf(told: readonly Told[]): number | null {
  for (const each of told) {
    if ("event" in each && each.event.code === EVENT_START) return each.event.values[1];
  }
  return null;
}

function lastMs(told: readonly Told[]): number {
  return told.reduce((most, each) => {
    return "frame" in each ? Math.max(most, each.frame.timeMs) : most;
  }, 0);
}

async function read(wire: Wire, flags: FetchFlags, print: (line: string) => void) {
  const facts = await askFacts(wire);
  if (facts === null) throw new InputError(`${flags.on}: the board keeps no log`);
  const run = flags.run ?? facts.run;
  if (run === 0) throw new InputError(`${flags.on}: no run is in the board's log`);
  const path = stateFile(`log-${flags.on}-${run}.part`);
  let tenths = 0;
  const book = await fetchBook(
    { ...facts, read: (offset, count) => askBytes(wire, facts, offset, count) },
    run,
    path,
    (share) => {
      const now = Math.floor(share * 10);
      if (now > tenths && now < 10) print(`${10 * now} % of the log is read`);
      tenths = now;
    },
  );
  const runs = runsOf(book);
  if (!runs.includes(run)) {
    const found = runs.length === 0 ? "none" : runs.join(", ");
    throw new InputError(`--run ${run}: ${flags.on}: not in the log; near it there is ${found}`);
  }
  const config = createConfig(NOMINAL_CODE_MID);
  await fetchConfig(wire, flags.on, MEMORY_AREAS.config, config);
  return { told: tellRun(book, run), config, facts, run, path };
}

function commandOf({ on, run, protocol, cell }: FetchFlags): string {
  const which = run === undefined ? [] : ["--run", String(run)];
  const program = protocol === undefined ? [] : ["--protocol", protocol];
  const belief = cell === undefined ? [] : ["--cell", cell];
  return shellWords(["cyclet", "fetch", "--on", on, ...which, ...program, ...belief]);
}

async function record(recording: Recording, told: readonly Told[]): Promise<void> {
  for (const [i, each] of told.entries()) {
    if ("frame" in each) recording.frame(each.frame);
    else if ("event" in each) recording.event(each.event);
    else if ("evidence" in each) recording.evidence(each.evidence);
    else {
      const { timeMs, seconds, records } = each.gap;
      note(recording, { t: timeMs / 1000, event: "gap", seconds, records });
    }
    if (i % ROWS === 0) await recording.drained();
  }
}

/** Writes the run's files; answers with the exit status. */
async function write(
  fetched: Fetched,
  flags: FetchFlags,
  print: (line: string) => void,
): Promise<number> {
  const { told, config, facts } = fetched;
  const plan = planOf(hashOf(told), config, flags);
  const isNewest = fetched.run === facts.run;
  const ageMs = isNewest && facts.ageMs !== null ? facts.ageMs : null;
  const begunMs = Math.round(Date.now() - (ageMs ?? lastMs(told)));
  const run: Run = {
    ...{ plan, config, target: flags.on, simulated: null, seed: null, begunMs },
    command: commandOf(flags),
  };
  const name = safeName(`${plan.protocol.name}-${plan.cell.name}`);
  const files = makeRunFolder(name, flags.out);
  const view = createLineView(`${plan.protocol.name} on ${plan.cell.name}, from its log`, print);
  const recording = await openRecording(run, files, view);
  if (ageMs === null) view.say("when it began is not known: its end counts as now");
  await record(recording, told);
  const end = isNewest && facts.isOn ? "running" : "fault";
  const verdict = recording.verdict ?? substituteVerdict(recording.events, end);
  await closeRecording(recording, verdict);
  const rows = told.filter((each) => "frame" in each).length;
  const length = duration(lastMs(told) / 1000);
  view.close([sentence(verdict), `${rows} rows of ${length}`, `  ${files.folder}`]);
  return exitStatus(verdict);
}

/** Fetches a run from the board at `address`; resolves with the exit status. Throws InputError when
 *  there is none, an Error of one line when the board or a file fails. */
export async function fetchRun(
  address: Address,
  flags: FetchFlags,
  print: (line: string) => void,
): Promise<number> {
  const wire = await address.open();
  let fetched: Fetched;
  try {
    fetched = await read(wire, flags, print);
  } catch (error) {
    const isOurs = error instanceof NoAnswer || error instanceof RangeError;
    if (!isOurs) throw error;
    throw new Error(`${flags.on}: fetch: ${error.message}`, { cause: error });
  } finally {
    wire.close();
  }
  const status = await write(fetched, flags, print);
  rmSync(fetched.path, { force: true });
  return status;
}
