// `cyclet run` and `cyclet demo`: one run from the first file to the last word.
import { exitStatus, sentence } from "./describe.ts";
import { programBudget, programTime } from "./duration.ts";
import type { VerdictRecord } from "./event-record.ts";
import { substituteVerdict } from "./events.ts";
import { NO_VERDICT, REFUSED, WRONG_PROTOCOL } from "./fault-name.ts";
import type { Link } from "./link/link.ts";
import { createLineView } from "./lines.ts";
import { createLiveView } from "./live.ts";
import type { Run } from "./meta.ts";
import { shortHash } from "./program.ts";
import type { Recording } from "./recorder.ts";
import { abandonRecording, closeRecording, note, openRecording } from "./recorder.ts";
import { makeRunFolder, safeName } from "./run-files.ts";
import type { SessionEnd, StopSwitch } from "./session.ts";
import { drive, halt } from "./session.ts";
import { reason } from "./system-error.ts";
import { hearWord } from "./terminal.ts";
import type { View } from "./view.ts";

/** Where and how fast a run goes. */
export interface RunOptions {
  out: string | undefined;
  /** Virtual seconds a real second; Infinity = as fast as it goes. */
  speed: number;
  /** Prints a line on stdout. */
  print: (line: string) => void;
  /** The run is on already. */
  isOn?: boolean;
}

/** Grace beyond the program's budget until a channel counts as silent, ms. */
const SILENCE_MS = 3_600_000;
const INTERRUPTED = 130;
/** What the operator types, and the channel is told. */
const RESUME = "resume";
/** What a disk may take to finish its last write when there is no time left, ms. */
const ABORT_MS = 1000;

// Some terminals cannot move the cursor, some claim to have no rows.
function redraws(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && stream.rows > 0 && process.env["TERM"] !== "dumb";
}

function createView(run: Run, options: RunOptions): View {
  const { protocol, cell, steps, whole } = run.plan;
  if (!redraws(process.stdout)) {
    const seed = run.seed === null ? "" : `, seed ${run.seed}`;
    return createLineView(`${protocol.name} on ${cell.name}${seed}`, options.print);
  }
  const heading = {
    protocol: protocol.name,
    cell: cell.name,
    areaCm2: cell.areaCm2,
    longestS: programTime(steps, whole),
  };
  return createLiveView(heading, process.stdout);
}

// A simulated channel ends with this program; a real one goes on unless it was told to stop.
function unheard({ target }: Run): string {
  if (target.startsWith("firmata:")) {
    return `${target}: the board may still be live: its keep-alive opens it, else pull its plug`;
  }
  const mend = `cyclet stop --on ${target}`;
  return `${target}: the board has not heard the stop, its run may go on: ${mend}`;
}

async function abort(recording: Recording, stop: StopSwitch): Promise<void> {
  setTimeout(() => process.exit(INTERRUPTED), ABORT_MS);
  const stopped = stop.heard || recording.run.simulated !== null;
  if (!stopped) process.stderr.write(`cyclet: ${unheard(recording.run)}\n`);
  await abandonRecording(recording, stopped).catch(() => undefined);
  process.exit(INTERRUPTED);
}

// The first signal asks the channel to stop and completes every file; the second does not wait.
function listen(stop: StopSwitch, recording: Recording): () => void {
  const onSignal = (): void => {
    if (stop.requested) void abort(recording, stop);
    stop.requested = true;
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

const CODES = { "wrong-protocol": WRONG_PROTOCOL, refused: REFUSED, silent: NO_VERDICT };

function conclude(recording: Recording, end: SessionEnd): VerdictRecord {
  if (end === "verdict" && recording.verdict !== null) return recording.verdict;
  const code = end === "verdict" ? NO_VERDICT : CODES[end];
  note(recording, { t: recording.timeMs / 1000, event: "fault", code });
  return substituteVerdict(recording.events, "fault");
}

// Someone at a terminal may wait and look; without, or at full speed, nobody would ever go on.
function holdIn(
  link: Link,
  recording: Recording,
  stop: StopSwitch,
  speed: number,
): { onHold: () => void; release: () => void } {
  const attended = redraws(process.stdout) && speed !== Infinity;
  const there = attended && process.stdin.isTTY;
  const asked = there ? `type ${RESUME} to go on, ` : "";
  const then = attended ? "Ctrl-C ends the run" : "nobody is here to resume it: it is stopped";
  let release = (): void => undefined;
  return {
    onHold: () => {
      recording.view.say(`the channel is held; ${asked}${then}`);
      if (!attended) stop.requested = true;
      release();
      if (there) release = hearWord(process.stdin, RESUME, () => link.send(RESUME));
    },
    release: () => release(),
  };
}

function cutIn(recording: Recording): (why: string | null) => void {
  return (why) => {
    const goesOn = "the run on the board goes on; trying to connect again";
    recording.view.say(why === null ? "connected again" : `the line is cut (${why}); ${goesOn}`);
  };
}

/** After a run without a verdict: no board goes on by itself if it can be helped. */
async function leave(link: Link, run: Run, end: SessionEnd, stop: StopSwitch): Promise<string[]> {
  if (end === "verdict" || end === "refused" || run.simulated !== null || stop.heard) return [];
  const tried = stop.requested || link.lost();
  return !tried && (await halt(link)) ? [] : [unheard(run)];
}

async function record(link: Link, recording: Recording, options: RunOptions): Promise<number> {
  const { plan } = recording.run;
  const stop: StopSwitch = { requested: false, heard: false };
  const release = listen(stop, recording);
  const { onHold, release: leaveTerminal } = holdIn(link, recording, stop, options.speed);
  try {
    const end = await drive(link, recording, {
      speed: options.speed,
      deadlineMs: programBudget(plan.steps, plan.whole) * 1000 + SILENCE_MS,
      ...{ hash: shortHash(plan.hash), stop, isOn: options.isOn ?? false },
      onHold,
      onCut: cutIn(recording),
    });
    const verdict = conclude(recording, end);
    await closeRecording(recording, verdict);
    const { run, files } = recording;
    const left = await leave(link, run, end, stop);
    const late = [recording.cycleFile, recording.evidenceFile];
    const more = late.filter(({ lines }) => lines !== null).map(({ path }) => path);
    const paths = [files.report, files.bdf, files.events, ...more, files.meta];
    const trouble = link.trouble?.() ?? null;
    const why = trouble === null ? [] : [trouble];
    recording.view.close([sentence(verdict), ...why, ...left, ...paths.map((path) => `  ${path}`)]);
    return exitStatus(verdict);
  } finally {
    release();
    leaveTerminal();
  }
}

/** Runs `run` on `link`; resolves with the exit status. Throws InputError before anything is
 *  written, and an Error of one line when the files fail on the way; the channel is stopped, or
 *  the error says that it is not, and what is written stays whole. */
export async function carryOut(link: Link, run: Run, options: RunOptions): Promise<number> {
  const { protocol, cell } = run.plan;
  const name = safeName(
    `${protocol.name}-${cell.name}${run.seed === null ? "" : `-seed${run.seed}`}`,
  );
  const files = makeRunFolder(name, options.out);
  const recording = await openRecording(run, files, createView(run, options));
  try {
    return await record(link, recording, options);
  } catch (error) {
    const stopped = (await halt(link)) || run.simulated !== null;
    const verdict = recording.verdict ?? substituteVerdict(recording.events, "fault");
    await closeRecording(recording, verdict).catch(() => undefined);
    const state = stopped ? "the channel is stopped" : unheard(run);
    throw new Error(`${files.folder}: ${reason(error)}; ${state}`, { cause: error });
  }
}
