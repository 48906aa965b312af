// What may come over the line: requests, requests that have suffered, and noise of every kind, as
// characters of one byte, cut into pieces as a UART delivers them.
import fc from "fast-check";

const VERBS = "start stop hold resume clear status selftest load put commit get".split(" ");
/** The most that the firmware takes for a line. */
export const LINE_MAX = 120;
/** What a UART gives at a time. */
const PIECE_MAX = 64;

const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const hex = fc
  .uint8Array({ minLength: 1, maxLength: 33 })
  .map((b) => Buffer.from(b).toString("hex"));
const offset = fc.oneof(
  fc.nat(0x8100).map(String),
  fc.constantFrom("0", "-1", "1e3", "0x10", "01024", "999999999", "1000000000", "4294967296", " "),
);

/** A line of the grammar. */
const proper = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...VERBS) },
  { weight: 2, arbitrary: fc.tuple(offset, hex).map(([at, bytes]) => `put ${at} ${bytes}`) },
  { weight: 1, arbitrary: fc.tuple(offset, fc.nat(40)).map(([at, n]) => `get ${at} ${n}`) },
);

/** One letter lost, gained or changed, or a part said twice. */
const mutated = fc
  .tuple(proper, fc.nat(), byte, fc.constantFrom("lose", "gain", "change", "repeat", "shout"))
  .map(([text, where, letter, how]) => {
    const at = where % (text.length + 1);
    if (how === "shout") return text.toUpperCase();
    if (how === "repeat") return text + text.slice(at);
    const rest = text.slice(how === "gain" ? at : at + 1);
    return text.slice(0, at) + (how === "lose" ? "" : letter) + rest;
  });

const utf8 = fc
  .string({ unit: "binary", maxLength: 60 })
  .map((text) => Buffer.from(text, "utf8").toString("latin1"));
const special = fc.constantFrom(
  ...["\0", "\u0003", "stop\0", "\u0003stop", "start;stop", "__proto__", "constructor", "eval(1)"],
  ...["\u001b[2J", "put 1 __", '["k",1,0]', "get  1 1", "$", "\ufffd".repeat(40)],
);
const overlong = fc
  .tuple(
    proper,
    fc.constantFrom(LINE_MAX - 4, LINE_MAX, LINE_MAX + 1, 130, 200, 300, 300, 300, 10_240),
  )
  .map(([text, length]) => text.padEnd(length, "x"));

/** One line, without its end. */
const line = fc.oneof(
  { weight: 6, arbitrary: proper },
  { weight: 6, arbitrary: mutated },
  { weight: 2, arbitrary: fc.array(byte, { maxLength: 40 }).map((all) => all.join("")) },
  { weight: 1, arbitrary: utf8 },
  { weight: 1, arbitrary: special },
  { weight: 1, arbitrary: overlong },
);

const ending = fc.constantFrom("\n", "\n", "\r", "\r\n", "\n\n", "");

/** Some lines in a row, with or without their ends. */
export const talk = fc
  .array(fc.tuple(line, ending), { minLength: 1, maxLength: 24 })
  .map((lines) => lines.map(([text, end]) => text + end).join(""));

/** `text` in pieces whose lengths go round in `sizes`. */
export function pieces(text: string, sizes: readonly number[]): string[] {
  const found: string[] = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const length = 1 + (sizes[i % sizes.length] % PIECE_MAX);
    found.push(text.slice(at, at + length));
    at += length;
  }
  return found;
}
