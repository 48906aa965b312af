// Reads the log's kept stream: events, evidence, last samples of steps, scales.
import { crc32 } from "node:zlib";
import * as log from "../firmware/log-format.ts";
import type { EventMessage, EvidenceMessage } from "../firmware/telemetry.ts";
import { take, takeSigned } from "./log-page.ts";
import type { Reader } from "./log-page.ts";

/** A kept record, its head read. */
export interface KeptRecord {
  readonly run: number;
  readonly kind: number;
  readonly number: number;
  /** Samples logged before it. */
  readonly before: number;
  readonly payload: Uint8Array;
}

const POINT = 3;
const EVIDENCE_HEAD = 3;

function three(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

/** The records of a page of the kept stream, up to the first that is none. */
export function decodeKept(page: Uint8Array): KeptRecord[] {
  const records: KeptRecord[] = [];
  for (let at = 0; at < page.length;) {
    const length = page[at];
    const tail = at + 1 + length;
    if (length === log.BLANK || length < log.KEPT_HEAD || tail + 2 > page.length) break;
    const bytes = page.subarray(at + 1, tail);
    if (crc32(bytes) % 65536 !== (page[tail] | (page[tail + 1] << 8))) break;
    records.push({
      run: bytes[log.KEPT_RUN] | (bytes[log.KEPT_RUN + 1] << 8),
      kind: bytes[log.KEPT_KIND],
      number: three(bytes, log.KEPT_NUMBER),
      before: three(bytes, log.KEPT_BEFORE),
      payload: bytes.subarray(log.KEPT_HEAD),
    });
    at = tail + 2;
  }
  return records;
}

function allSigned(payload: Uint8Array): number[] {
  const reader: Reader = { bytes: payload, at: 0 };
  const values: number[] = [];
  while (reader.at < payload.length) values.push(takeSigned(reader));
  return values;
}

/** The event of a record. Throws a RangeError where it is not whole. */
export function keptEvent({ payload }: KeptRecord): EventMessage {
  const [code, timeMs, ...values] = allSigned(payload);
  return { code, timeMs, values };
}

/** The sample of a record. Throws a RangeError where it is not whole. */
export function keptSample({ payload }: KeptRecord): Float64Array {
  const values = allSigned(payload);
  if (values.length !== log.COLUMNS) throw new RangeError("log: no sample");
  return Float64Array.from(values);
}

/** The line of evidence in a record. Throws a RangeError where it is not whole. */
export function keptEvidence({ payload }: KeptRecord): EvidenceMessage {
  const reader: Reader = { bytes: payload, at: 0 };
  const values: number[] = [];
  const count = take(reader);
  if (count > payload.length) throw new RangeError("log: no evidence");
  for (let i = 0; i < count; i++) {
    const base = i < EVIDENCE_HEAD + POINT ? 0 : values[i - POINT];
    values.push(takeSigned(reader) + base);
  }
  const [event, burst, timeMs, ...points] = values;
  return { event, burst: burst === 1, timeMs, points };
}

/** How many records were lost. */
export function keptLost({ payload }: KeptRecord): number {
  return take({ bytes: payload, at: 0 });
}

/** What the counts of a run stand for. */
export interface Scales {
  readonly voltageOffset: number;
  readonly voltsPerCount: readonly number[];
  readonly ohms: readonly number[];
  readonly currentGain: readonly number[];
  readonly currentOffset: readonly number[];
  readonly senseVoltsPerCount: readonly number[];
}

function doubles({ payload }: KeptRecord): number[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const count = Math.floor(payload.length / 8);
  return Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, true));
}

/** The scales in two kept records, see firmware/log-scale.ts. */
export function keptScales(volts: KeptRecord, amperes: KeptRecord): Scales {
  const [voltageOffset, ...voltsPerCount] = doubles(volts);
  const [ranges, ...rest] = doubles(amperes);
  const part = (i: number): number[] => rest.slice(i * ranges, (i + 1) * ranges);
  return {
    ...{ voltageOffset, voltsPerCount, ohms: part(0), currentGain: part(1) },
    ...{ currentOffset: part(2), senseVoltsPerCount: rest.slice(3 * ranges) },
  };
}
