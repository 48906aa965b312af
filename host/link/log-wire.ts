// Asks a board for bytes of its log: one piece, one answer, under its check sum. A piece is short
// enough for a board in the middle of a run to tell it between two frames.
import { crc32 } from "node:zlib";
import { NoAnswer } from "./ask.ts";
import type { Wire } from "./wire.ts";

/** What a board tells of its log. */
export interface LogFacts {
  readonly bytes: number;
  readonly sectorBytes: number;
  /** The newest run, 0 = none, and whether it is on. */
  readonly run: number;
  readonly isOn: boolean;
  /** Since that run began, ms; null = the board has been off since. */
  readonly ageMs: number | null;
}

/** In a run a line is no longer than a frame's. */
const PIECE_BYTES = 256;
const RUNNING_PIECE_BYTES = 64;
const TIMEOUT_MS = 1500;
const TRIES = 8;
/** For a look that is worth no patience. */
const GLANCE_TRIES = 2;
/** The flash erases a sector in 0.4 s at most. */
const BUSY_MS = 60;
const BUSY_TRIES = 40;
const NO_CHIP = "no log chip answered";
/** `log` is no word of a board without a log. */
const NOT_UNDERSTOOD = /^\["k",0,1\]/;

type Parse<T> = (values: readonly unknown[]) => T | null;

function once<T>(wire: Wire, line: string, parse: Parse<T>): Promise<T | "unknown" | null> {
  return new Promise((done) => {
    const settle = (value: T | "unknown" | null): void => {
      clearTimeout(timer);
      wire.onLine(() => undefined);
      wire.onEnd(() => undefined);
      done(value);
    };
    const timer = setTimeout(() => settle(null), TIMEOUT_MS);
    wire.onEnd(() => settle(null));
    wire.onLine((text) => {
      if (NOT_UNDERSTOOD.test(text)) return settle("unknown");
      if (!text.startsWith('["l",')) return;
      try {
        const value = parse((JSON.parse(text) as unknown[]).slice(1));
        if (value !== null) settle(value);
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    });
    wire.send(line);
  });
}

async function ask<T>(wire: Wire, line: string, parse: Parse<T>, tries = TRIES): Promise<T | null> {
  let unknown = 0;
  for (let i = 0; i < tries; i++) {
    const why = wire.ended();
    if (why !== null) throw new NoAnswer(`the connection ended: ${why}`);
    const answer = await once(wire, line, parse);
    if (answer === "unknown") unknown++;
    else if (answer !== null) return answer;
  }
  if (unknown > 0) return null;
  throw new NoAnswer(`no answer to "log" within ${(TIMEOUT_MS * tries) / 1000} s`);
}

/** What a board tells of its log, null = it knows of none. Rejects with NoAnswer. */
export function askFacts(wire: Wire, tries = TRIES): Promise<LogFacts | null> {
  const parse: Parse<LogFacts> = (values) => {
    const sound = values.length >= 5 && values.every((each) => typeof each === "number");
    if (!sound) return null;
    const [bytes, sectorBytes, run, isOn, ageMs] = values as number[];
    const fits = sectorBytes >= 256 && sectorBytes % 256 === 0 && bytes % sectorBytes === 0;
    if (!fits || bytes > 1 << 27) return null;
    return { bytes, sectorBytes, run, isOn: isOn === 1, ageMs: ageMs < 0 ? null : ageMs };
  };
  return ask(wire, "log", parse, tries);
}

function piece(offset: number, count: number): Parse<Uint8Array | "busy"> {
  return ([at, busy, sum, text]) => {
    if (at !== offset) return null;
    if (busy !== 0) return "busy";
    if (typeof text !== "string") return null;
    const bytes = new Uint8Array(Buffer.from(text, "base64"));
    return bytes.length === count && crc32(bytes) === sum ? bytes : null;
  };
}

/** `count` bytes of the log from `offset` on. Rejects with NoAnswer. */
export async function askBytes(
  wire: Wire,
  facts: LogFacts,
  offset: number,
  count: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(count);
  const most = facts.isOn ? RUNNING_PIECE_BYTES : PIECE_BYTES;
  for (let at = 0, busy = 0; at < count;) {
    const length = Math.min(most, count - at);
    const line = `log ${offset + at} ${length}`;
    const answer = await ask(wire, line, piece(offset + at, length));
    if (answer === null) throw new NoAnswer(`"log" is not understood any more`);
    if (answer === "busy") {
      if (++busy > BUSY_TRIES) throw new NoAnswer(NO_CHIP);
      await new Promise((done) => setTimeout(done, BUSY_MS));
      continue;
    }
    bytes.set(answer, at);
    at += length;
  }
  return bytes;
}

/** What there is to say of a board's log, null = it keeps none, or does not say. A chip that is
 *  missing or dead looks busy for ever. */
export async function askState(
  wire: Wire,
): Promise<{ run: number; trouble: string | null } | null> {
  try {
    const facts = await askFacts(wire, GLANCE_TRIES);
    if (facts === null) return null;
    return { run: facts.run, trouble: await troubleOf(wire, facts) };
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  }
}

async function troubleOf(wire: Wire, facts: LogFacts): Promise<string | null> {
  try {
    await askBytes(wire, facts, 0, 1);
    return null;
  } catch (error) {
    if (error instanceof NoAnswer && error.message === NO_CHIP) return NO_CHIP;
    throw error;
  }
}
