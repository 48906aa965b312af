import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import {
  createWhole,
  encodeProgram,
  encodeStep,
  isPlain,
  seal,
  shortened,
} from "../../firmware/encode.ts";
import type { Step, Term } from "../../firmware/protocol.ts";
import {
  ALL_PLACES,
  CORE_PLACES,
  ENTRY_WORDS_MAX,
  HASH,
  PROTOCOL_HEADER_BYTES,
  SEALED,
  STEP_CURRENT,
  STEP_END,
  STEP_REST,
  TERMS_MAX,
  createStep,
  createStepRecord,
  decodeHeader,
  unfold,
} from "../../firmware/protocol.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { entryOf, putStep, recordOf, stepOf } from "./records.ts";

const u32 = fc.integer({ min: 0, max: 0xffffffff });
const value = fc.oneof(fc.double(), fc.float(), fc.constantFrom(0, -0, Infinity, -Infinity));
const term: fc.Arbitrary<Term> = fc.record({
  quantity: fc.nat(15),
  below: fc.boolean(),
  threshold: value,
  delay: value,
  last: fc.boolean(),
  to: fc.nat(65535),
});
const core = {
  kind: fc.nat(8),
  actions: fc.nat(255),
  flags: fc.nat(65535),
  to: fc.nat(65535),
  count: u32,
  ...{ current: value, increment: value, currentMax: value, duration: value, charge: value },
  ...{ voltageMin: value, voltageMax: value, rest: value, budget: value },
};
const further = {
  ...{ voltage: value, voltageEnd: value, rate: value, frequency: value, frequencyEnd: value },
  ...{ recordTime: value, recordVoltage: value, recordCurrent: value },
  terms: fc.array(term, { maxLength: TERMS_MAX }),
};
const TERM: Term = { quantity: 1, below: true, threshold: 4.2, delay: 0, last: true, to: 3 };
const step: fc.Arbitrary<Step> = fc.record({ ...core, ...further });
/** Mostly zeros, as steps are. */
const sparse: fc.Arbitrary<Step> = fc
  .tuple(step, fc.subarray(Object.keys({ ...core, ...further })))
  .map(([drawn, keys]) => {
    const some = Object.entries(drawn).filter(([key]) => keys.includes(key));
    return { ...createStep(), ...(Object.fromEntries(some) as Partial<Step>) };
  });

/** The entry of the first step, as a board checks it. */
function stepBytes(of: Step): Uint8Array {
  return encodeStep(of, 0, crc32);
}

function programOf(count: number, hash: number, whole = createWhole()): Uint8Array {
  const steps = Array.from({ length: count }, () => createStep());
  return encodeProgram(steps, whole, hash, crc32);
}

function headerBytes(count: number, hash: number): Uint8Array {
  return programOf(count, hash).slice(0, PROTOCOL_HEADER_BYTES);
}

/** As a board reads a header: steps, or -1. */
function stepsOf(header: Uint8Array): number {
  return crc32(header) === SEALED ? decodeHeader(new Uint32Array(header.slice().buffer)) : -1;
}

/** Every byte of `good`, changed in one bit, in all, and at random. */
function eachChange(good: Uint8Array, check: (bad: Uint8Array) => void): void {
  const change = (at: number, flip: number): void => {
    const bad = good.slice();
    bad[at] ^= flip;
    check(bad);
  };
  for (let at = 0; at < good.length; at++) {
    for (let bit = 0; bit < 8; bit++) change(at, 1 << bit);
    change(at, 255);
  }
  fc.assert(fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), change), {
    seed: 1,
    numRuns: 500,
  });
}

describe("a step's bytes", () => {
  test("hold every field exactly", () => {
    fc.assert(
      fc.property(fc.oneof(step, sparse), (drawn) => {
        const bytes = stepBytes(drawn);
        expect(crc32(bytes)).toBe(SEALED);
        expect(bytes.length % 4).toBe(0);
        expect(bytes.length).toBeLessThanOrEqual(4 * ENTRY_WORDS_MAX);
        expect(stepOf(recordOf(drawn))).toEqual(drawn);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test("leave nothing of the step that was in the record before", () => {
    fc.assert(
      fc.property(step, sparse, (before, drawn) => {
        const record = recordOf(before);
        expect(putStep(record, drawn)).toBe(true);
        expect(stepOf(record)).toEqual(drawn);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test("are taken by a record without places for features only as far as they need none", () => {
    fc.assert(
      fc.property(fc.record(core), sparse, (plain, drawn) => {
        const record = createStepRecord(CORE_PLACES);
        const bare = { ...createStep(), ...plain };
        expect(putStep(record, bare)).toBe(true);
        expect(stepOf(record)).toEqual(bare);
        const asked = { ...drawn, ...plain };
        const needs = Object.keys(further).some((key) => {
          const field = asked[key as keyof typeof further];
          return Array.isArray(field) ? field.length > 0 : !Object.is(field, 0);
        });
        expect(putStep(record, asked)).toBe(!needs);
      }),
      { seed: 1, numRuns: 500 },
    );
    for (const key of Object.keys(further)) {
      const asked = key === "terms" ? { terms: [TERM] } : { [key]: 1 };
      const record = createStepRecord(CORE_PLACES);
      expect(putStep(record, { ...createStep(), ...asked })).toBe(false);
      expect(putStep(recordOf(createStep()), { ...createStep(), ...asked })).toBe(true);
    }
  });

  test("are refused with any one byte changed", () => {
    eachChange(stepBytes({ ...createStep(), kind: 2, current: 1e-3, budget: 100 }), (bad) => {
      expect(crc32(bad)).not.toBe(SEALED);
    });
  });

  test("are those of an END before any was read", () => {
    for (const places of [CORE_PLACES, ALL_PLACES]) {
      const blank = { ...createStep(), voltageMin: 0, voltageMax: 0 };
      expect(stepOf(createStepRecord(places))).toEqual(blank);
    }
  });
});

describe("a program's header", () => {
  test("holds count and hash", () => {
    fc.assert(
      fc.property(fc.nat(500), u32, (count, hash) => {
        const bytes = headerBytes(count, hash);
        expect([stepsOf(bytes), new Uint32Array(bytes.buffer)[HASH]]).toEqual([count, hash]);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  test("is refused with any one byte changed", () => {
    eachChange(headerBytes(12, 0xdeadbeef), (bad) => expect(stepsOf(bad)).toBe(-1));
  });

  test("is refused when blank or erased, or of another version though whole", () => {
    for (const fill of [0, 255]) {
      expect(stepsOf(new Uint8Array(PROTOCOL_HEADER_BYTES).fill(fill))).toBe(-1);
    }
    for (const at of [0, 4]) {
      const other = headerBytes(3, 4);
      other[at]++;
      seal(other, crc32);
      expect(stepsOf(other)).toBe(-1);
    }
  });

  test("of a program with limits of its own is another version's", () => {
    const whole = { ...createWhole(), budget: 100 };
    const bytes = programOf(2, 7, whole);
    expect(stepsOf(bytes.slice(0, PROTOCOL_HEADER_BYTES))).toBe(-1);
  });
});

describe("a program's bytes", () => {
  test("hold each step where the table says, and the whole behind the last", () => {
    fc.assert(
      fc.property(
        fc.array(sparse, { minLength: 1, maxLength: 20 }),
        fc.nat(1e6),
        (steps, budget) => {
          const whole = { ...createWhole(), budget, terms: [TERM], flags: 16, recordTime: 0.1 };
          const bytes = encodeProgram(steps, whole, 1, crc32);
          const all = [...steps, { ...createStep(), ...whole, kind: STEP_END }];
          all.forEach((each, index) => {
            const [from, length] = entryOf(bytes, 0, index);
            expect(from % 4).toBe(0);
            expect(bytes.slice(from, from + length)).toEqual(encodeStep(each, index, crc32));
          });
          const [from, length] = entryOf(bytes, 0, steps.length);
          expect(from + length).toBe(bytes.length);
        },
      ),
      { seed: 1, numRuns: 100 },
    );
  });

  test("of 500 steps of current with every cut-off fit into the memory", () => {
    const { current, voltage } = { current: 1.23456789e-3, voltage: 4.2 };
    const all = { duration: 3600, charge: shortened(1.7), budget: shortened(3660.1) };
    const one = { ...createStep(), kind: STEP_CURRENT, ...all, current, flags: 4, actions: 0xb7 };
    const steps = Array.from({ length: 500 }, (_, i) => {
      return { ...one, voltageMax: voltage + i / 1e4, voltageMin: 2.1 };
    });
    const { length } = encodeProgram([...steps, createStep()], createWhole(), 1, crc32);
    expect(length).toBe(500 * 50 + 40);
    expect(length).toBeLessThanOrEqual(MEMORY_AREAS.journal - MEMORY_AREAS.protocol);
  });

  test("of a rest are few", () => {
    const rest = { ...createStep(), kind: STEP_REST, duration: 60, budget: 120 };
    expect(stepBytes(rest)).toHaveLength(28);
    expect(stepBytes(createStep())).toHaveLength(16);
  });

  test("are none where there are too many terms or steps", () => {
    const terms = Array.from({ length: TERMS_MAX + 1 }, () => TERM);
    expect(() => stepBytes({ ...createStep(), terms })).toThrow("9 terms");
    const steps = Array.from({ length: 3000 }, () => ({
      ...createStep(),
      current: 0.1,
      rest: 0.1,
    }));
    expect(() => encodeProgram(steps, createWhole(), 1, crc32)).toThrow("bytes");
  });

  test("hold a whole only where it says something", () => {
    expect(isPlain(createWhole())).toBe(true);
    for (const own of [{ budget: 1 }, { recordTime: 1 }, { recordVoltage: 1 }, { terms: [TERM] }]) {
      expect(isPlain({ ...createWhole(), ...own })).toBe(false);
    }
    expect(stepsOf(headerBytes(1, 1))).toBe(1);
  });
});

test("an entry that says more than fits, or less than its forms promise, is refused", () => {
  const entry = encodeStep({ ...createStep(), current: 0.1, rest: 3 }, 0, crc32);
  for (const length of [entry.length - 4, entry.length + 4]) {
    const bytes = new Uint8Array(length);
    bytes.set(entry.subarray(0, length));
    const other = new Uint32Array(bytes.buffer);
    expect(unfold(createStepRecord(ALL_PLACES), other)).toBe(false);
  }
});

test("an empty step is an END that bounds nothing", () => {
  expect(createStep()).toMatchObject({
    kind: STEP_END,
    budget: 0,
    voltageMin: -Infinity,
    voltageMax: Infinity,
  });
});

test("a value may be shortened to the digits of one word", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e30, max: 1e30 }), (x) => {
      const short = shortened(x);
      expect(Math.abs(short - x)).toBeLessThanOrEqual(Math.abs(x) * 4.8e-7 + 1e-300);
      const length = (budget: number) => stepBytes({ ...createStep(), budget }).length;
      if (short !== 0) expect(length(short)).toBe(20);
    }),
    { seed: 1, numRuns: 500 },
  );
  const kept = [0, 1, 60, 0.5, 2 ** 21 - 1, Infinity, -Infinity, NaN];
  expect(kept.map(shortened)).toEqual(kept);
});
