// How dense the sample log is, with noise on: bytes of a record, page heads included, against what
// `xz -9` makes of the same columns as binary, each column for itself. Needs xz.
import { execFileSync } from "node:child_process";
import { createSimulated, MEMORY_AREAS, NOMINAL_CODE_MID } from "../boards/simulated.ts";
import * as log from "../firmware/log-format.ts";
import { addRecord, beginPage, createPage } from "../firmware/log-page.ts";
import type { Step } from "../firmware/protocol.ts";
import { createStep, STEP_CURRENT, STEP_REST } from "../firmware/protocol.ts";
import { builtinCell } from "../host/builtin-cells.ts";
import { decodePage } from "../host/log-page.ts";
import { configOf, memoryImage } from "../host/program.ts";
import { readFlash } from "../sim/flash.ts";

const REST_MAX = 3;
const MOTION_MAX = 6;
const XZ_MAX = 1.5;
const RECORDS_MIN = 700_000;
const FLASH_BYTES = 4 * 1024 * 1024;
const SLICE_MS = 600e3;
/** Widths of the columns that xz gets, bytes. */
const WIDTHS: [number, number][] = [
  ...([log.TIME, log.VOLTAGE, log.CURRENT, log.CHARGE_IN, log.CHARGE_OUT] as const),
].map((column): [number, number] => [column, 4]);
for (const column of [log.FORCE, log.TEMPERATURE, log.STEP_COUNT, log.FLAGS]) {
  WIDTHS.push([column, 2]);
}

const found = builtinCell("hNa");
if (!found?.sim) throw new Error("no built-in cell hNa");
const cell = { ...found, sim: found.sim };

/** The records of a run, as its log has them. */
function recordsOf(steps: Step[], framePeriodMs: number): Float64Array[] {
  const config = configOf(cell, NOMINAL_CODE_MID);
  const memory = memoryImage(MEMORY_AREAS, config, [...steps, createStep()]);
  const chips = { log: "w25q32" } as const;
  const channel = createSimulated({ cell, seed: 1, memory, framePeriodMs, chips });
  channel.send("start");
  let isOver = false;
  channel.onLine((line) => void (isOver ||= line.startsWith('["e",8,')));
  while (!isOver) channel.runUntil(channel.now() + SLICE_MS);
  channel.runUntil(channel.now() + SLICE_MS);
  const flash = channel.world.fitted.w25q32?.flash;
  if (flash === undefined) throw new Error("no flash");
  const records: Float64Array[] = [];
  const end = log.regionStart(log.THINNED, 1024) * 4096;
  for (let at = 0; at < end; at += log.PAGE_BYTES) {
    const bytes = Uint8Array.from({ length: log.PAGE_BYTES }, (_, i) => readFlash(flash, at + i));
    records.push(...(decodePage(bytes)?.records ?? []));
  }
  return records;
}

/** The same with a time that is off by up to `most` ms, as on a board whose frames come late. */
function jittered(records: readonly Float64Array[], most: number): Float64Array[] {
  let seed = 1;
  return records.map((record) => {
    seed = (seed * 16807) % 2147483647;
    const late = record.slice();
    late[log.TIME] += seed % (most + 1);
    return late;
  });
}

function logged(records: readonly Float64Array[]): number {
  const page = createPage();
  let pages = 0;
  for (const record of records) {
    page.now.set(record);
    if (page.at > 0 && addRecord(page)) continue;
    beginPage(page);
    pages++;
  }
  return (pages * log.PAGE_BYTES) / records.length;
}

function packed(records: readonly Float64Array[]): number {
  const parts = WIDTHS.map(([column, width]) => {
    const values = records.map((record) => record[column]);
    const typed = width === 4 ? Int32Array.from(values) : Int16Array.from(values);
    return Buffer.from(typed.buffer);
  });
  const input = Buffer.concat(parts);
  const output = execFileSync("xz", ["-9", "-c"], { input, maxBuffer: input.length + 1e6 });
  return output.length / records.length;
}

let failed = false;
let most = 0;

function show(name: string, records: readonly Float64Array[], limit: number): void {
  const [ours, theirs] = [logged(records), packed(records)];
  const ratio = ours / theirs;
  most = Math.max(most, ours);
  failed ||= ours > limit || ratio > XZ_MAX;
  console.log(
    `${name}: ${ours.toFixed(2)} bytes a record (held to ${limit}), xz -9 ${theirs.toFixed(2)}, ` +
      `ratio ${ratio.toFixed(2)} (held to ${XZ_MAX})`,
  );
}

const rest = { ...createStep(), kind: STEP_REST, duration: 3600, budget: 3660 };
const half = (current: number, duration = 3600): Step => ({
  ...{ ...createStep(), kind: STEP_CURRENT, current, duration, budget: 2 * duration },
  ...{ voltageMin: -4, voltageMax: 4 },
});
for (const periodMs of [1000, 200]) {
  const rested = recordsOf([rest], periodMs);
  const cycled = recordsOf([half(1.237e-4), half(-1.237e-4), half(1.13e-3)], periodMs);
  for (const late of [0, 2]) {
    const frames = `frames of ${periodMs} ms, up to ${late} ms late`;
    show(`rest, ${frames}`, jittered(rested, late), REST_MAX);
    show(`in motion, ${frames}`, jittered(cycled, late), MOTION_MAX);
  }
}
const share = log.regionStart(log.THINNED, 1024) / 1024;
const records = Math.floor((FLASH_BYTES * share) / most);
failed ||= records < RECORDS_MIN;
console.log(`4 MiB hold ${records} records of the longest of these (held to ${RECORDS_MIN})`);
process.exit(failed ? 1 : 0);
