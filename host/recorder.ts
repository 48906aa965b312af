// Writes down a run: every frame and event into the files, the findings and the view.
import { closeSync, openSync, rmSync, writeFileSync } from "node:fs";
import { EVENT_GAP } from "../firmware/telemetry.ts";
import type { EventMessage, EvidenceMessage, FrameMessage } from "../firmware/telemetry.ts";
import type { Continuation } from "./continuation.ts";
import { breakOff, continued, createContinuation } from "./continuation.ts";
import type { Cycle, Cycles } from "./cycle.ts";
import { addToCycles, createCycles, endCycles } from "./cycle.ts";
import { cycleHeader, cycleRecord, cycleRow } from "./cycle-record.ts";
import type { SignRecord, VerdictRecord } from "./event-record.ts";
import { eventRecord } from "./event-record.ts";
import type { EventFile } from "./events.ts";
import { closeEvents, openEvents, substituteVerdict, writeEvent } from "./events.ts";
import type { EvidenceFile } from "./evidence-file.ts";
import { createEvidence, numbered, writeEvidence } from "./evidence-file.ts";
import { NO_VERDICT } from "./fault-name.ts";
import { createBdfRows } from "./formats/bdf-row.ts";
import type { BdfFile } from "./formats/bdf.ts";
import { abandonBdf, closeBdf, drained, openBdf, writeFrame } from "./formats/bdf.ts";
import type { Run } from "./meta.ts";
import { epochMs, metaText } from "./meta.ts";
import { takeSnapshot } from "./report/close-up.ts";
import type { Findings } from "./report/findings.ts";
import { addFrame, addSign, createFindings, endHalfCycle } from "./report/findings.ts";
import { addEvidence } from "./report/observations.ts";
import { reportPage } from "./report/page.ts";
import type { LateFile } from "./line-file.ts";
import { appendLate, closeLate, createLate } from "./line-file.ts";
import type { RunFiles } from "./run-files.ts";
import { removeFiles } from "./run-files.ts";
import { InputError } from "./input-error.ts";
import { reason } from "./system-error.ts";
import type { Recorder } from "./session.ts";
import { endSidecar, sidecarText } from "./sidecar.ts";
import type { View } from "./view.ts";

/** A run being written down. */
export interface Recording extends Recorder {
  readonly run: Run;
  readonly files: RunFiles;
  readonly bdf: BdfFile;
  readonly events: EventFile;
  readonly evidenceFile: EvidenceFile;
  readonly cycleFile: LateFile;
  readonly cycles: Cycles;
  readonly continuation: Continuation;
  readonly findings: Findings;
  readonly view: View;
  /** Test time of the last frame or event, ms. */
  timeMs: number;
  /** Test time at which the line was cut, ms; null = it stands. */
  holeMs: number | null;
  verdict: VerdictRecord | null;
}

/** Adds an event to file, findings and view; throws what the file system says. */
export function note(recording: Recording, record: SignRecord): void {
  addSign(recording.findings, record);
  recording.view.event(record);
  writeEvent(recording.events, record);
}

// How long nothing was recorded, the first word after it tells.
function endHole(recording: Recording, timeMs: number): void {
  const { holeMs } = recording;
  recording.holeMs = null;
  if (holeMs === null || timeMs <= holeMs) return;
  note(recording, { t: holeMs / 1000, event: "gap", seconds: (timeMs - holeMs) / 1000 });
}

function takeEvent(recording: Recording, message: EventMessage): void {
  endHole(recording, message.timeMs);
  recording.timeMs = Math.max(recording.timeMs, message.timeMs);
  if (message.code === EVENT_GAP) breakOff(recording.continuation);
  const { cell, hash } = recording.run.plan;
  const record = eventRecord(message, cell.areaCm2, hash);
  if (record === null) return;
  if (record.event === "verdict") recording.verdict = record;
  else note(recording, numbered(recording.evidenceFile, record));
}

function takeEvidence(recording: Recording, message: EvidenceMessage): void {
  writeEvidence(recording.evidenceFile, message);
  addEvidence(recording.findings.observations, message);
}

function takeCycle(recording: Recording, cycle: Cycle): void {
  appendLate(recording.cycleFile, cycleRow(cycle, recording.run.plan.cell));
  // What broke a cycle off is the last word before the verdict.
  if (!cycle.whole) return;
  note(recording, cycleRecord(cycle, recording.run.plan.cell));
}

function takeFrame(recording: Recording, told: FrameMessage): void {
  const frame = continued(recording.continuation, told);
  endHole(recording, frame.timeMs);
  recording.timeMs = Math.max(recording.timeMs, frame.timeMs);
  addToCycles(recording.cycles, frame);
  writeFrame(recording.bdf, frame);
  addFrame(recording.findings, frame);
  recording.view.frame(frame);
}

/** Opens a run's files and writes its meta file. Throws InputError, and leaves nothing behind,
 *  when one of them cannot be written. */
export async function openRecording(run: Run, files: RunFiles, view: View): Promise<Recording> {
  const { cell, steps } = run.plan;
  const { areaCm2 } = cell;
  const own = [files.bdf];
  try {
    const bdf = await openBdf(files.bdf, createBdfRows(areaCm2, epochMs(run), steps));
    const events = openEvents(files.events);
    own.push(files.events);
    writeFileSync(files.meta, metaText(run), { flag: "wx" });
    own.push(files.meta);
    writeFileSync(files.sidecar, sidecarText(run, files, null), { flag: "wx" });
    const findings = createFindings(areaCm2);
    const evidenceFile = createEvidence(files.evidence);
    const cycleFile = createLate(files.cycles, cycleHeader(run.plan.cell));
    const recording: Recording = {
      ...{ run, files, bdf, events, evidenceFile, cycleFile, findings, view },
      continuation: createContinuation(),
      cycles: createCycles(areaCm2, (cycle) => takeCycle(recording, cycle)),
      ...{ timeMs: 0, holeMs: null, verdict: null },
      frame: (frame) => takeFrame(recording, frame),
      event: (message) => takeEvent(recording, message),
      evidence: (message) => takeEvidence(recording, message),
      damaged: () => note(recording, { t: recording.timeMs / 1000, event: "gap", lines: 1 }),
      hole: () => void (recording.holeMs ??= recording.timeMs),
      drained: () => drained(bdf),
    };
    return recording;
  } catch (error) {
    removeFiles(files, own);
    throw new InputError(`${files.folder}: cannot be written: ${reason(error)}`);
  }
}

// A page that breaks off is worth less than none.
function writeWhole(path: string, text: string): void {
  const handle = openSync(path, "wx");
  try {
    writeFileSync(handle, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

/** Completes all files with a verdict; throws the first error after trying every one. */
export async function closeRecording(recording: Recording, verdict: VerdictRecord): Promise<void> {
  const failures: unknown[] = [];
  const attempt = (write: () => void): void => {
    try {
      write();
    } catch (error) {
      failures.push(error);
    }
  };
  await closeBdf(recording.bdf).catch((error: unknown) => failures.push(error));
  attempt(() => endCycles(recording.cycles, verdict.end === "finished"));
  attempt(() => closeEvents(recording.events, verdict));
  attempt(() => closeLate(recording.evidenceFile));
  attempt(() => closeLate(recording.cycleFile));
  endHalfCycle(recording.findings);
  takeSnapshot(recording.findings.closeUp);
  const { run, findings, files } = recording;
  attempt(() => endSidecar(run, files, { end: verdict.end, timeMs: recording.timeMs }));
  attempt(() => writeWhole(files.report, reportPage(run, findings, verdict)));
  if (failures.length > 0) throw failures[0];
}

/** For a hard abort: leaves whole rows and a verdict, and no report. `stopped` = the channel has
 *  taken the stop. */
export function abandonRecording(recording: Recording, stopped: boolean): Promise<void> {
  const { run, files, events, evidenceFile, cycleFile, bdf, timeMs, verdict } = recording;
  closeLate(evidenceFile);
  closeLate(cycleFile);
  if (!stopped && verdict === null) {
    writeEvent(events, { t: timeMs / 1000, event: "fault", code: NO_VERDICT });
  }
  const last = verdict ?? substituteVerdict(events, stopped ? "stopped" : "fault");
  closeEvents(events, last);
  return abandonBdf(bdf).then(() => endSidecar(run, files, { end: last.end, timeMs }));
}
