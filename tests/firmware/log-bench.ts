// A board of which only the log is real: samples and events are told to it, its flash is a
// simulated one whose supply fails on demand.
import { CIRCUIT } from "../../boards/default-channel.ts";
import { createConfig } from "../../firmware/config.ts";
import type { Datalog } from "../../firmware/datalog.ts";
import { createDatalog } from "../../firmware/datalog.ts";
import * as log from "../../firmware/log-format.ts";
import { AMPS, RELAY, VOLTS, createSample } from "../../firmware/sample.ts";
import { EVENT_START, EVENT_STEP, EVENT_VERDICT, FRAME_VALUES } from "../../firmware/telemetry.ts";
import type { Flash as LogFlash } from "../../hal/bus.ts";
import { base64 } from "../../hal/memory/base64.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Board, RawFrame } from "../../hal/port.ts";
import { decodeKept } from "../../host/log-kept.ts";
import { decodePage } from "../../host/log-page.ts";
import type { LogBook } from "../../host/log-run.ts";
import type { Flash } from "../../sim/flash.ts";
import { createFlash, readFlash } from "../../sim/flash.ts";
import type { Supply } from "../../sim/supply.ts";
import { erase, program } from "../../sim/supply.ts";

/** The power has gone in an operation of the flash. */
export class PowerLost extends Error {}

/** How often a flash says that it is busy after an operation. */
const PROGRAM_POLLS = 1;
const ERASE_POLLS = 2;

/** Small, so that its rings come round soon. */
export function smallFlash(sectors = 16, sectorBytes = 1024): Flash {
  return createFlash(sectors, sectorBytes, 1e5);
}

/** The flash as the log's port; an operation in which `supply` fails throws PowerLost. Operations
 *  on a busy flash are an error of the log's. */
export function memoryOf(flash: Flash, supply: Supply): LogFlash {
  let polls = 0;
  const begin = (count: number): void => {
    if (polls > 0) throw new Error("the flash is busy");
    polls = count;
  };
  return {
    bytes: flash.sectors.length * flash.sectorBytes,
    sectorBytes: flash.sectorBytes,
    pageBytes: log.PAGE_BYTES,
    busy: () => polls > 0 && polls-- > 0,
    read: (offset, into) => {
      if (polls > 0) return false;
      for (let i = 0; i < into.length; i++) into[i] = readFlash(flash, offset + i);
      return true;
    },
    program: (offset, bytes) => {
      begin(PROGRAM_POLLS);
      if (!program(flash, supply, offset, bytes)) throw new PowerLost();
      return true;
    },
    erase: (sector) => {
      begin(ERASE_POLLS);
      if (!erase(flash, supply, sector * flash.sectorBytes)) throw new PowerLost();
      return true;
    },
  };
}

/** A board that tells what it is told. */
export interface LogBench {
  readonly datalog: Datalog;
  /** Whether the frame is being judged, and its command not given yet. */
  isCommanding(): boolean;
  /** A frame in which `lines` are said, after `sample` of them, if any, has been measured. */
  frame(sample: Float64Array | null, ...lines: string[]): void;
}

/** Boots a board with a log in `flash`; `phase` is its run's, 0 = idle. */
export function bootBench(flash: Flash, supply: Supply, phase = 0): LogBench {
  return bootOn(memoryOf(flash, supply), phase);
}

/** The same on any memory. */
export function bootOn(memory: LogFlash, phase = 0): LogBench {
  const message = new Float64Array(FRAME_VALUES);
  const sample = createSample();
  const schedule = { phase };
  let onFrame: (raw: RawFrame) => void = () => undefined;
  const board = {
    line: { open: () => undefined, write: () => true },
    scan: { start: (run: (raw: RawFrame) => void) => void (onFrame = run) },
    memory: { crc32 },
    clock: { now: () => 0 },
  } as unknown as Board;
  const datalog = createDatalog(board, memory, base64);
  const run = { schedule, totals: { startedAt: 0 } };
  const config = createConfig(32768);
  datalog.follow({
    channel: { circuit: CIRCUIT, config, sample, run },
    state: { speech: { message } },
  });
  let lines: string[] = [];
  let isCommanding = false;
  datalog.board.scan.start(() => {
    isCommanding = true;
    lines.forEach((line) => datalog.board.line.write(line));
    isCommanding = false;
  });
  return {
    datalog,
    isCommanding: () => isCommanding,
    frame: (record, ...said) => {
      const raw = { range: 0, currentGain: 0, voltageGain: 0 } as RawFrame;
      lines = record === null ? said : ['["d",', ...said];
      if (said.some((line) => line.startsWith(`["e",${EVENT_START},`))) schedule.phase = 3;
      if (record !== null) {
        sample[RELAY] = 1;
        sample[VOLTS] = record[log.VOLTAGE] * CIRCUIT.voltsPerCount[0];
        sample[AMPS] = (record[log.CURRENT] * CIRCUIT.senseVoltsPerCount[0]) / CIRCUIT.senseOhms[0];
        message.set([0, record[log.TIME], 0, 0], 0);
        message.set([record[log.FORCE] * 1000, record[log.TEMPERATURE] * 50], 5);
        message.set([0, record[log.STEP_COUNT], 1, 1, record[log.CHARGE_IN], 0], 7);
      }
      onFrame(raw);
    },
  };
}

/** The sample of a run with this number: noisy, a step every 300 of them. */
export function sampleOf(index: number): Float64Array {
  const record = new Float64Array(log.COLUMNS);
  const noise = (salt: number): number => ((index * 7919 + salt * 104729) % 211) - 105;
  record[log.TIME] = 1000 * index;
  record[log.VOLTAGE] = 1000 + noise(1);
  record[log.CURRENT] = 16000 + noise(2);
  record[log.FORCE] = 5880 + (noise(3) % 3);
  record[log.TEMPERATURE] = 500 + (noise(4) % 3);
  record[log.CHARGE_IN] = 1000 * index;
  record[log.SCALE] = log.RANGE_DIGIT + log.RELAY_DIGIT;
  record[log.STEP_COUNT] = 1 + Math.floor(index / 300);
  record[log.CYCLE_COUNT] = record[log.DIRECTION] = 1;
  return record;
}

export const START_LINE = `["e",${EVENT_START},0,3,77]`;
export const VERDICT_LINE = `["e",${EVENT_VERDICT},5,0,-1,0]`;

/** The line of a step's event, in the frame of sample `index`. */
export function stepLine(index: number): string {
  return `["e",${EVENT_STEP},${1000 * index},0,${Math.floor(index / 300)},100]`;
}

/** All that the flash holds. */
export function bookOf(flash: Flash): LogBook {
  const sectors = flash.sectors.length;
  const kept = log.regionStart(log.KEPT, sectors) * flash.sectorBytes;
  const book: LogBook = { pages: [], kept: [] };
  for (let at = 0; at < sectors * flash.sectorBytes; at += log.PAGE_BYTES) {
    const bytes = Uint8Array.from({ length: log.PAGE_BYTES }, (_, i) => readFlash(flash, at + i));
    if (at >= kept) book.kept.push(...decodeKept(bytes));
    const page = at < kept ? decodePage(bytes) : null;
    if (page !== null) book.pages.push(page);
  }
  return book;
}
