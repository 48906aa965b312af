// The grammar of the line: one request in, one answer of whole numbers out. What is not exactly one
// of these requests is refused; nothing is ever evaluated.

// Verbs by number, from 1; eight characters each.
const VERBS =
  "start   stop    hold    resume  clear   status  selftest" + "load    put     commit  get     ";
const WIDTH = 8;
const PADDING = "        ";
export const VERB_START = 1;
export const VERB_STOP = 2;
export const VERB_HOLD = 3;
export const VERB_RESUME = 4;
export const VERB_CLEAR = 5;
export const VERB_STATUS = 6;
export const VERB_SELFTEST = 7;
export const VERB_LOAD = 8;
export const VERB_PUT = 9;
export const VERB_COMMIT = 10;
export const VERB_GET = 11;

// Results.
export const RESULT_DONE = 0;
/** No verb of ours, or an argument out of range. */
export const RESULT_NOT_UNDERSTOOD = 1;
export const RESULT_RUN_IS_ON = 2;
export const RESULT_NO_RUN = 3;
/** The fault's code follows. */
export const RESULT_FAULT = 4;
export const RESULT_MEMORY_FAILED = 5;
export const RESULT_NOTHING_HELD = 6;
export const RESULT_NO_CONFIG = 7;
export const RESULT_NO_PROGRAM = 8;
/** An earlier request has not been carried out yet. */
export const RESULT_BUSY = 9;

/** Bytes that `put` and `get` move at most. */
export const PIECE_BYTES = 32;
const HEX_DIGITS = "0123456789abcdef";

/** The arguments of `put` and `get`. */
export interface Request {
  /** Where in memory, bytes. */
  offset: number;
  /** How many bytes; `put` brings them in `bytes`. */
  count: number;
  bytes: Uint8Array;
}

/** A request without arguments. */
export function createRequest(): Request {
  return { offset: 0, count: 0, bytes: new Uint8Array(PIECE_BYTES) };
}

/** The decimal number in `text[from…to)`, -1 = none (nor where `to` is); at most nine digits. */
function whole(text: string, from: number, to: number): number {
  if (to <= from || to - from > 9) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = HEX_DIGITS.indexOf(text.charAt(i));
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Reads pairs of hexadecimal digits from `from` on into the request; false = not such. */
function takeBytes(text: string, from: number, request: Request): boolean {
  const count = (text.length - from) / 2;
  if (count < 1 || count > PIECE_BYTES || count % 1 !== 0) return false;
  for (let i = 0; i < count; i++) {
    const high = HEX_DIGITS.indexOf(text.charAt(from + 2 * i));
    const low = HEX_DIGITS.indexOf(text.charAt(from + 2 * i + 1));
    if (high < 0 || low < 0) return false;
    request.bytes[i] = high * 16 + low;
  }
  request.count = count;
  return true;
}

/** Fills `request` from the arguments behind the first space; false = not such. */
function takeArguments(text: string, from: number, verb: number, request: Request): boolean {
  const space = text.indexOf(" ", from);
  request.offset = whole(text, from, space);
  if (request.offset < 0) return false;
  if (verb === VERB_PUT) return takeBytes(text, space + 1, request);
  request.count = whole(text, space + 1, text.length);
  return request.count >= 1 && request.count <= PIECE_BYTES;
}

/** The verb of a line, 0 = not understood; arguments go into `request`. */
export function parse(text: string, request: Request): number {
  const space = text.indexOf(" ");
  const length = space < 0 ? text.length : space;
  if (length > WIDTH) return 0;
  const at = VERBS.indexOf((text.slice(0, length) + PADDING).slice(0, WIDTH));
  // None is at -1, a remainder too.
  if (at % WIDTH !== 0) return 0;
  const verb = at / WIDTH + 1;
  if (verb !== VERB_PUT && verb !== VERB_GET) return space < 0 ? verb : 0;
  return takeArguments(text, space + 1, verb, request) ? verb : 0;
}

/** An answer as a line, without its line feed; `more` = "" or further numbers, each after a
 *  comma. */
export function encodeAnswer(verb: number, result: number, more: string): string {
  return `["k",${verb},${result}${more}]`;
}

/** An answer as the host reads it. */
export interface Answer {
  verb: number;
  result: number;
  values: number[];
}

/** The answer in a line, or null when it holds none. */
export function decodeAnswer(line: string): Answer | null {
  if (line.slice(0, 5) !== '["k",') return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length < 3) return null;
  const finite = (value: unknown) => typeof value === "number" && Math.abs(value) < Infinity;
  const numbers = parsed.slice(1).filter(finite) as number[];
  if (numbers.length !== parsed.length - 1) return null;
  return { verb: numbers[0], result: numbers[1], values: numbers.slice(2) };
}
