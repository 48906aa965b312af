// NAME.bdf.metadata.json: which cell and which test the data file is of. The format itself has no
// place for that; its reader takes it from this file beside it (batterydf, `Metadata`: records of
// the BattINFO schemas, whose identifiers on the web nobody but a registry can give).
import { renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { VerdictRecord } from "./event-record.ts";
import { BDF_VERSION } from "./formats/bdf-row.ts";
import type { Run } from "./meta.ts";
import { epochMs } from "./meta.ts";
import type { RunFiles } from "./run-files.ts";
import { version } from "./version.ts";

/** How a run ended, and when, ms of test time. */
export interface Ended {
  end: VerdictRecord["end"];
  timeMs: number;
}

function unixSeconds(run: Run, timeMs: number): number {
  return Math.floor((epochMs(run) + timeMs) / 1000);
}

function testOf(run: Run, identifier: string, ended: Ended | null): object {
  const { protocol, cell, board } = run.plan;
  const isStaircase = protocol.method.some(({ step }) => step === "ccd");
  const status = ended === null ? "running" : ended.end === "finished" ? "completed" : "aborted";
  return {
    identifier,
    name: `${protocol.name} on ${cell.name}`,
    kind: isStaircase ? "characterization" : "cycling",
    instrument_name: `cyclet ${version()}, ${board.name}`,
    protocol_name: protocol.name,
    started_at: unixSeconds(run, 0),
    ...(ended !== null && { ended_at: unixSeconds(run, ended.timeMs) }),
    status,
  };
}

/** The file's text; `ended` null = the run is on. */
export function sidecarText(run: Run, files: RunFiles, ended: Ended | null): string {
  const { cell, protocol, hash } = run.plan;
  const data = basename(files.bdf);
  const identifier = data.replace(/\.bdf\.csv$/, "");
  const measured = run.simulated === null ? "measurement" : "simulation";
  const sidecar = {
    battinfo_test: {
      test: testOf(run, identifier, ended),
      provenance: { source_type: measured, source_file: data },
    },
    battinfo_cell: { cell_instance: { name: cell.name } },
    battinfo_test_protocol: { test_spec: { name: protocol.name, identifier: hash } },
    extras: {
      cyclet: {
        ...{ bdf: BDF_VERSION, cell: cell.name, test: identifier, protocolSha256: hash },
        ...{
          areaCm2: cell.areaCm2,
          clampForceN: cell.clampForceN,
          temperatureC: cell.temperatureC,
        },
        ...{ data, events: basename(files.events), meta: basename(files.meta) },
      },
    },
  };
  return JSON.stringify(sidecar, null, 2) + "\n";
}

/** Writes the file of a run that has ended in place of the one of its begin; throws what the file
 *  system says, and leaves that one then. */
export function endSidecar(run: Run, files: RunFiles, ended: Ended): void {
  const part = `${files.sidecar}.part`;
  writeFileSync(part, sidecarText(run, files, ended));
  renameSync(part, files.sidecar);
}
