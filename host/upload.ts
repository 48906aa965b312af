// Puts a protocol and a cell into a board's memory. The calibration stays the board's own: it is
// fetched before anything is overwritten. Every piece is compared by its check sum as read back.
import { crc32 } from "node:zlib";
import type { Config } from "../firmware/config.ts";
import { CONFIG_BYTES, decodeConfig, encodeConfig } from "../firmware/config.ts";
import * as code from "../firmware/console.ts";
import type { MemoryAreas } from "../hal/port.ts";
import { InputError } from "./input-error.ts";
import type { Patience } from "./link/ask.ts";
import { ask, NoAnswer } from "./link/ask.ts";
import type { Wire } from "./link/wire.ts";
import type { Plan } from "./plan.ts";
import { programBytes, programRoom, shortHash } from "./program.ts";
import { refusal } from "./refusal.ts";

const PIECE: Patience = { timeoutMs: 500, tries: 8 };
/** Magic and version: what a board clears while it is being loaded. */
const MARK_BYTES = 8;

async function fetchBytes(wire: Wire, target: string, offset: number, count: number) {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += code.PIECE_BYTES) {
    const length = Math.min(code.PIECE_BYTES, count - at);
    const line = `get ${offset + at} ${length}`;
    const answer = await ask(wire, line, code.VERB_GET, PIECE, ({ values }) => {
      const [place, ...piece] = values;
      return place === offset + at && piece.length === length;
    });
    if (answer.result !== code.RESULT_DONE) throw refusal(target, "get", answer);
    bytes.set(answer.values.slice(1), at);
  }
  return bytes;
}

/** Fills `config` from the record, also where an earlier load broke off and left it unmarked. */
function recover(record: Uint8Array, config: Config): boolean {
  if (decodeConfig(record, config, crc32)) return true;
  const marked = new Uint8Array(CONFIG_BYTES);
  encodeConfig(config, marked, crc32);
  marked.set(record.subarray(MARK_BYTES), MARK_BYTES);
  return decodeConfig(marked, config, crc32);
}

/** No program takes less: header, offsets and a step. */
const LEAST_BYTES = 64;

async function open(wire: Wire, target: string, bytes: number): Promise<MemoryAreas> {
  const answer = await ask(wire, "load", code.VERB_LOAD, undefined, (each) => {
    return each.values.length === 3;
  });
  if (answer.result !== code.RESULT_DONE) throw refusal(target, "load", answer);
  const [config, protocol, journal] = answer.values;
  const areas = { config, protocol, journal, end: journal };
  const fits = config >= 0 && protocol - config >= CONFIG_BYTES && journal <= 1 << 24;
  if (!fits || programRoom(areas) < LEAST_BYTES)
    throw new Error(`${target}: load: no memory map of ours`);
  const room = programRoom(areas);
  if (bytes <= room) return areas;
  throw new InputError(
    `${target}: a program of ${bytes} bytes does not fit into its memory; accepted: up to ${room}`,
  );
}

// The first piece, with the mark, comes last: until then nothing there is a record of ours, and a
// reset finds nothing that is half of this load and half of the one before.
async function put(wire: Wire, target: string, offset: number, bytes: Uint8Array): Promise<void> {
  const count = Math.ceil(bytes.length / code.PIECE_BYTES);
  for (let i = 1; i <= count; i++) {
    const at = (i % count) * code.PIECE_BYTES;
    const piece = Buffer.from(bytes.subarray(at, at + code.PIECE_BYTES));
    const line = `put ${offset + at} ${piece.toString("hex")}`;
    const answer = await ask(wire, line, code.VERB_PUT, PIECE, ({ values }) => {
      return values[0] === offset + at && values[1] === crc32(piece);
    });
    if (answer.result === code.RESULT_RUN_IS_ON) {
      throw new Error(`${target}: load: the board has restarted meanwhile; load it again`);
    }
    if (answer.result !== code.RESULT_DONE) throw refusal(target, "load", answer);
  }
}

async function commit(wire: Wire, target: string, plan: Plan): Promise<void> {
  const answer = await ask(wire, "commit", code.VERB_COMMIT);
  if (answer.result === code.RESULT_NO_CONFIG) {
    throw new InputError(
      `${target}: load: the board is not made for this cell; accepted: another --cell FILE`,
    );
  }
  if (answer.result !== code.RESULT_DONE) throw refusal(target, "load", answer);
  const [steps, hash] = answer.values;
  if (steps === plan.steps.length && hash === shortHash(plan.hash)) return;
  throw new Error(`${target}: load: the board holds another program than it was given`);
}

async function told<T>(target: string, talk: () => Promise<T>): Promise<T> {
  try {
    return await talk();
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new Error(`${target}: load: ${error.message}`, { cause: error });
  }
}

/** Fills `config` with what a board holds at `offset`; false = nothing of ours, and `config` is
 *  untouched. Throws an Error of one line when the board fails. */
export function fetchConfig(
  wire: Wire,
  target: string,
  offset: number,
  config: Config,
): Promise<boolean> {
  return told(target, async () => {
    return recover(await fetchBytes(wire, target, offset, CONFIG_BYTES), config);
  });
}

/** Loads `plan` and `config` into the board. Throws InputError when the board refuses, and an Error
 *  of one line when it fails; what it held before does not run any more then. */
export function upload(wire: Wire, target: string, plan: Plan, config: Config): Promise<void> {
  return told(target, async () => {
    const program = programBytes(plan.steps, plan.whole);
    const areas = await open(wire, target, program.length);
    const record = new Uint8Array(CONFIG_BYTES);
    encodeConfig(config, record, crc32);
    await put(wire, target, areas.protocol, program);
    await put(wire, target, areas.config, record);
    await commit(wire, target, plan);
  });
}
