// The line's grammar: exactly the requests there are, and nothing else ever throws.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  PIECE_BYTES,
  VERB_GET,
  VERB_PUT,
  createRequest,
  decodeAnswer,
  encodeAnswer,
  parse,
} from "../../firmware/console.ts";

const PLAIN = "start stop hold resume clear status selftest load put commit get".split(" ");

function parsed(text: string) {
  const request = createRequest();
  const verb = parse(text, request);
  return { verb, ...request, bytes: Array.from(request.bytes.subarray(0, request.count)) };
}

describe("a request", () => {
  test.each(PLAIN.map((word, i) => [word, i + 1]))("%s is verb %i", (word, verb) => {
    const takesArguments = verb === VERB_PUT || verb === VERB_GET;
    expect(parsed(word).verb).toBe(takesArguments ? 0 : verb);
    expect(parsed(`${word} 1`).verb).toBe(0);
    expect(parsed(`${word} `).verb).toBe(0);
    expect(parsed(` ${word}`).verb).toBe(0);
    expect(parsed(word.toUpperCase()).verb).toBe(0);
    expect(parsed(word.slice(1)).verb).toBe(0);
    expect(parsed(word.slice(0, -1)).verb).toBe(0);
  });

  test("puts bytes", () => {
    expect(parsed("put 1024 00ff7a")).toEqual({
      verb: VERB_PUT,
      offset: 1024,
      count: 3,
      bytes: [0, 255, 0x7a],
    });
    expect(parsed(`put 0 ${"ab".repeat(PIECE_BYTES)}`).count).toBe(PIECE_BYTES);
  });

  test("gets bytes", () => {
    expect(parsed("get 7 32")).toMatchObject({ verb: VERB_GET, offset: 7, count: 32 });
    expect(parsed("get 123456789 1")).toMatchObject({
      verb: VERB_GET,
      offset: 123456789,
      count: 1,
    });
  });

  test.each([
    ...["put", "put ", "put 1", "put 1 ", "put 1 a", "put 1 abc", "put 1 AB", "put 1 0x"],
    ...["put x ab", "put -1 ab", "put 1e3 ab", "put 0x1 ab", "put 1234567890 ab", "put  1 ab"],
    ...["put 1 ab ", "put 1  ab", `put 1 ${"ab".repeat(PIECE_BYTES + 1)}`, "get 1", "get 1 0"],
    ...["get 1 33", "get 1 1.5", "get 1 -1", "get 1 1 1", "selftestx", "selftest1", "", " "],
    ...["put  ab", "get  4", "get 1x 4", "get x1 4", "get 1 4x", "get 1 x", "get 1234567890 4"],
    ...["__proto__", "constructor", "eval(1)", "start\0", "        "],
  ])("%j is none", (text) => {
    expect(parsed(text).verb).toBe(0);
  });

  test("that is random is none, and never throws", () => {
    const word = fc.constantFrom(...PLAIN, "x", "");
    const noise = fc.string({ unit: "binary" });
    const line = fc.oneof(
      noise,
      fc.tuple(word, noise).map((parts) => parts.join(" ")),
      fc.tuple(word, fc.integer(), fc.string({ unit: "grapheme-ascii" })).map((p) => p.join(" ")),
    );
    const exact = /^(start|stop|hold|resume|clear|status|selftest|load|commit)$/;
    const arranged = /^(put \d{1,9} ([0-9a-f]{2}){1,32}|get \d{1,9} 0*([1-9]|[12]\d|3[0-2]))$/;
    fc.assert(
      fc.property(line, (text) => {
        expect(parsed(text).verb > 0).toBe(exact.test(text) || arranged.test(text));
      }),
      { numRuns: 5000 },
    );
  });

  test("with arguments in range is understood as it was meant", () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: PIECE_BYTES });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), bytes, (offset, content) => {
        const hex = Buffer.from(content).toString("hex");
        expect(parsed(`put ${offset} ${hex}`)).toEqual({
          verb: VERB_PUT,
          offset,
          count: content.length,
          bytes: Array.from(content),
        });
      }),
    );
  });
});

describe("an answer", () => {
  test("is read as it was written", () => {
    expect(decodeAnswer(encodeAnswer(1, 4, ",17"))).toEqual({ verb: 1, result: 4, values: [17] });
    expect(decodeAnswer(encodeAnswer(2, 0, ""))).toEqual({ verb: 2, result: 0, values: [] });
  });

  test.each([
    '["d",1,2]',
    '["k"]',
    '["k",1]',
    '["k",1,"x"]',
    '["k",1,0,null]',
    '["k",1,1e999]',
    '["k",1,0,-1e999]',
    '["k",1,0',
    "k",
    "",
  ])("is not %j", (line) => {
    expect(decodeAnswer(line)).toBeNull();
  });

  test("in random text never throws", () => {
    const line = fc.oneof(
      fc.string(),
      fc.string().map((text) => `["k",${text}`),
      fc.json().map((text) => `["k",${text}]`),
    );
    fc.assert(
      fc.property(line, (text) => void decodeAnswer(text)),
      { numRuns: 5000 },
    );
  });
});
