// Where a JSON text breaks off. JSON.parse of current engines names no position, and it silently
// keeps the last of two equal keys; both matter in files that people write by hand.

/** What is wrong in a text; line and column count from 1. */
export interface SyntaxFault {
  line: number;
  column: number;
  message: string;
}

interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  message: string;
}

const DEPTH_MAX = 64;
const SPACE = /[ \t\r\n]*/y;
// RFC 8259, sections 6 and 7.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

function take(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found === null) return null;
  cursor.at += found[0].length;
  return found[0];
}

function next(cursor: Cursor): string {
  take(cursor, SPACE);
  return cursor.text[cursor.at] ?? "";
}

function fail(cursor: Cursor, expected: string): false {
  const found = cursor.text[cursor.at];
  const seen = found === undefined ? "the file ends" : JSON.stringify(found) + " stands";
  cursor.message = `${seen} where ${expected} is expected`;
  return false;
}

function key(cursor: Cursor, keys: Set<string>): boolean {
  next(cursor);
  const start = cursor.at;
  const text = take(cursor, STRING);
  if (text === null) return fail(cursor, "a key in double quotes");
  const name: unknown = JSON.parse(text);
  if (keys.has(String(name))) {
    cursor.at = start;
    cursor.message = `key ${text} stands twice`;
    return false;
  }
  keys.add(String(name));
  if (next(cursor) !== ":") return fail(cursor, '":"');
  cursor.at++;
  return true;
}

function members(cursor: Cursor, close: string): boolean {
  const keys = close === "}" ? new Set<string>() : null;
  cursor.at++;
  if (next(cursor) === close) {
    cursor.at++;
    return true;
  }
  for (;;) {
    if (keys !== null && !key(cursor, keys)) return false;
    if (!value(cursor)) return false;
    const separator = next(cursor);
    if (separator !== "," && separator !== close) return fail(cursor, `"," or "${close}"`);
    cursor.at++;
    if (separator === close) return true;
  }
}

function value(cursor: Cursor): boolean {
  const first = next(cursor);
  if (first === "{" || first === "[") {
    if (++cursor.depth > DEPTH_MAX) return fail(cursor, `a value less than ${DEPTH_MAX} deep`);
    const whole = members(cursor, first === "{" ? "}" : "]");
    cursor.depth--;
    return whole;
  }
  const found = take(cursor, first === '"' ? STRING : SCALAR);
  return found !== null || fail(cursor, first === '"' ? "a closed text" : "a value");
}

/** The first syntax fault (or doubled key) of a JSON text, null if there is none. */
export function findSyntaxFault(text: string): SyntaxFault | null {
  const cursor: Cursor = { text, at: 0, depth: 0, message: "" };
  if (value(cursor)) {
    if (next(cursor) === "") return null;
    fail(cursor, "the end");
  }
  const before = text.slice(0, cursor.at).split("\n");
  return {
    line: before.length,
    column: (before.at(-1) ?? "").length + 1,
    message: cursor.message,
  };
}
