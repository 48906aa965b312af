// A run out of a log, written into the files of a tethered run by the code that writes those.
import { MEMORY_AREAS } from "../boards/simulated.ts";
import type { Config } from "../firmware/config.ts";
import { getCell } from "../firmware/config.ts";
import { EVENT_START } from "../firmware/telemetry.ts";
import type { Capabilities } from "../hal/port.ts";
import { readCell } from "./cell-file.ts";
import { exitStatus, sentence } from "./describe.ts";
import { substituteVerdict } from "./events.ts";
import { InputError } from "./input-error.ts";
import { recallPlan } from "./kept-plan.ts";
import { createLineView } from "./lines.ts";
import type { Told } from "./log-run.ts";
import type { Run } from "./meta.ts";
import type { Plan } from "./plan.ts";
import { createPlan } from "./plan.ts";
import { shortHash } from "./program.ts";
import { duration } from "./quantity.ts";
import { cellOf } from "./real-board.ts";
import type { Recording } from "./recorder.ts";
import { closeRecording, note, openRecording } from "./recorder.ts";
import { makeRunFolder, safeName } from "./run-files.ts";
import { shellWords } from "./shell-words.ts";

export interface FetchFlags {
  on: string;
  out?: string;
  /** Which run of the log, by its number; the newest unless given. */
  run?: number;
  /** What the board was loaded with, where this computer does not know. */
  protocol?: string;
  cell?: string;
}

/** A run, as its log tells it. */
export interface Fetched {
  readonly told: readonly Told[];
  readonly config: Config;
  /** What the run may have been loaded for, the likeliest first. */
  readonly boards: readonly Capabilities[];
  /** It has not ended yet. */
  readonly isOn: boolean;
  /** Unix time of its start, ms, from the time of its last record, ms; null = not known. */
  readonly begunMs: ((lastMs: number) => number) | null;
}

/** Rows between two looks whether the disk keeps up. */
const ROWS = 1000;

function recall(hash: number, boards: readonly Capabilities[]): Plan | null {
  for (const board of boards) {
    const plan = recallPlan(hash, board);
    if (plan !== null) return plan;
  }
  return null;
}

function planOf(hash: number | null, { config, boards }: Fetched, flags: FetchFlags): Plan {
  const { on, protocol, cell } = flags;
  const known = protocol === undefined && hash !== null ? recall(hash, boards) : null;
  if (known !== null && cell === undefined) return known;
  if (protocol === undefined) {
    throw new InputError(
      `${on}: this computer has not loaded the board with the run's program; ` +
        `accepted: --protocol FILE, and --cell FILE unless the board still knows the cell`,
    );
  }
  const present = cell === undefined ? cellOf(getCell(config)) : readCell(cell);
  const plans = boards.map((board) => createPlan(protocol, present, board, MEMORY_AREAS));
  const found = plans.find((plan) => hash === null || shortHash(plan.hash) === hash);
  if (found !== undefined) return found;
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

/** Writes the run's files; answers with the exit status. Throws InputError when it is not known
 *  what was run, or when a file cannot be written. */
export async function writeFetched(
  fetched: Fetched,
  flags: FetchFlags,
  print: (line: string) => void,
): Promise<number> {
  const { told, config, isOn } = fetched;
  const plan = planOf(hashOf(told), fetched, flags);
  const last = lastMs(told);
  const begunMs = Math.round(fetched.begunMs?.(last) ?? Date.now() - last);
  const run: Run = {
    ...{ plan, config, target: flags.on, simulated: null, seed: null, begunMs },
    command: commandOf(flags),
  };
  const name = safeName(`${plan.protocol.name}-${plan.cell.name}`);
  const files = makeRunFolder(name, flags.out);
  const view = createLineView(`${plan.protocol.name} on ${plan.cell.name}, from its log`, print);
  const recording = await openRecording(run, files, view);
  if (fetched.begunMs === null) view.say("when it began is not known: its end counts as now");
  await record(recording, told);
  const end = isOn ? "running" : "fault";
  const verdict = recording.verdict ?? substituteVerdict(recording.events, end);
  await closeRecording(recording, verdict);
  const rows = told.filter((each) => "frame" in each).length;
  view.close([sentence(verdict), `${rows} rows of ${duration(last / 1000)}`, `  ${files.folder}`]);
  return exitStatus(verdict);
}
