// What memory may hold that nobody meant: any byte of configuration, header and step changed, and
// records that are sealed properly and say nonsense. The channel refuses, or ends in bounds.
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ENVELOPE, MEMORY_AREAS } from "../../boards/default-channel.ts";
import { createChannel } from "../../firmware/channel.ts";
import { CONFIG_BYTES, VOLTAGE_GAIN, createConfig, encodeConfig } from "../../firmware/config.ts";
import { FAULT_CONFIG, FAULT_NONE, FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { PROTOCOL_HEADER_BYTES, createStep } from "../../firmware/protocol.ts";
import type { Step, Term } from "../../firmware/protocol.ts";
import { IDLE } from "../../firmware/schedule.ts";
import { load, prefetch } from "../../firmware/store.ts";
import { EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { entryOf, stepOf } from "../firmware/records.ts";
import { bootShell, memoryOf } from "../firmware/shell-board.ts";
import {
  CAPABILITIES,
  CIRCUIT,
  CODE_MID,
  cellOf,
  currentStep,
  restStep,
} from "../firmware/specimen.ts";
import { isLong, runs } from "./runs.ts";

const STEPS = [restStep(1), currentStep(5e-4, { duration: 20 })];
/** Where the second step's offsets are, and the step, and how many bytes. */
const TABLE_AT = MEMORY_AREAS.protocol + PROTOCOL_HEADER_BYTES + 2;
const [STEP_AT, STEP_LENGTH] = entryOf(memoryOf(STEPS), MEMORY_AREAS.protocol, 1);

/** The lower byte of where the step ends. */
function isEnd(at: number): boolean {
  return at === TABLE_AT + 2;
}

/** What a channel makes of a memory with one byte changed: fault of loading, else of the step. */
function judged(at: number, flip: number) {
  const bytes = memoryOf(STEPS);
  bytes[at] ^= flip;
  const memory = createArrayMemory(bytes, MEMORY_AREAS, crc32);
  const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
  const fault = load(channel, memory, ENVELOPE);
  return { channel, fault, step: fault === FAULT_NONE ? prefetch(channel.run, memory, 1) : fault };
}

/** Every change of a byte; in `npm test` each bit, all of them, and every other. */
const flips = isLong
  ? Array.from({ length: 255 }, (_, i) => i + 1)
  : [1, 2, 4, 8, 16, 32, 64, 128, 255, 0x55];

describe("any one byte changed", () => {
  test("of the configuration: no cell is known, and no program", () => {
    const untouched = createConfig(CODE_MID);
    for (let at = 0; at < CONFIG_BYTES; at++) {
      for (const flip of flips) {
        const { channel, fault } = judged(at, flip);
        const applied = channel.run.steps >= 0 || channel.limits.currentMax !== 0;
        if (fault !== FAULT_CONFIG || applied) throw new Error(`byte ${at} ^ ${flip}`);
        if (flip === 1) expect(channel.config).toEqual(untouched);
      }
    }
  });

  test("of the program's header, of a step or where it is: nothing to run", () => {
    const range = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, i) => from + i);
    const header = range(MEMORY_AREAS.protocol, PROTOCOL_HEADER_BYTES);
    for (const at of [...header, ...range(TABLE_AT, 4), ...range(STEP_AT, STEP_LENGTH)]) {
      const isHeader = header.includes(at);
      for (const flip of flips) {
        const { channel, step } = judged(at, flip);
        const applied = isHeader ? channel.run.steps >= 0 : channel.run.loadedIndex >= 0;
        const refused = step === FAULT_PROTOCOL && !applied;
        // An entry is whole words: an end within the next one changes nothing.
        const same = isEnd(at) && flip < 4 && isDeepStrictEqual(stepOf(channel.run.next), STEPS[1]);
        if (!refused && !same) throw new Error(`byte ${at} ^ ${flip}`);
      }
    }
  });
});

const VERDICT = `["e",${EVENT_VERDICT},`;

const wild = fc.oneof(
  fc.double(),
  fc.double({ min: -0.02, max: 0.02 }),
  fc.constantFrom(0, 1, -1, NaN, Infinity, -Infinity, 1e-300, -0, 1e9),
);
const seconds = fc.oneof(wild, fc.double({ min: 0, max: 3, noNaN: true }));
const wildTerm: fc.Arbitrary<Term> = fc.record({
  quantity: fc.nat(15),
  below: fc.boolean(),
  threshold: wild,
  delay: seconds,
  last: fc.boolean(),
  to: fc.oneof(fc.nat(6), fc.integer({ min: 65530, max: 65535 })),
});
const wildStep: fc.Arbitrary<Step> = fc.record({
  kind: fc.nat(9),
  actions: fc.nat(255),
  flags: fc.nat(65535),
  to: fc.nat(6),
  count: fc.oneof(fc.nat(3), fc.constant(0xffffffff)),
  current: wild,
  increment: wild,
  currentMax: wild,
  duration: seconds,
  charge: wild,
  voltageMin: wild,
  voltageMax: wild,
  rest: seconds,
  budget: seconds,
  voltage: wild,
  voltageEnd: wild,
  rate: wild,
  frequency: wild,
  frequencyEnd: wild,
  recordTime: seconds,
  recordVoltage: wild,
  recordCurrent: wild,
  terms: fc.array(wildTerm, { maxLength: 8 }),
});

/** Code of a current through the largest range's resistor beyond which nobody may go. */
const CODES_MAX = 1.02 * CIRCUIT.codesPerSenseVolt * 1.0;

describe("a program that is sealed and says nonsense", () => {
  test("never throws, never leaves the ranges, and a stop stops it", () => {
    let refused = 0;
    const check = (steps: Step[]): void => {
      const board = bootShell(memoryOf(steps));
      for (let i = 0; i < 3; i++) board.frame();
      board.send("start");
      for (let i = 0; i < 120; i++) {
        board.frame();
        if (board.held.relay !== 1) continue;
        expect(Math.abs(board.held.code - CODE_MID)).toBeLessThanOrEqual(CODES_MAX);
        expect(board.held.range).toBeGreaterThanOrEqual(0);
      }
      const { run, guard } = board.shell.channel;
      // Of levels that are no numbers the verdict's are none: it is said all the same.
      const told = board.lines.filter((each) => each.startsWith(VERDICT)).length;
      expect(told).toBe(run.schedule.phase === IDLE ? 1 : 0);
      if (guard.fault === FAULT_PROTOCOL || told === 1) refused++;
      board.send("stop");
      board.frame();
      expect(run.schedule.phase).toBe(IDLE);
      expect(board.held.relay).toBe(0);
    };
    const amount = runs(400);
    fc.assert(fc.property(fc.array(wildStep, { minLength: 1, maxLength: 4 }), check), amount);
    expect(refused).toBeGreaterThan((amount.numRuns ?? 0) / 10);
  });

  test("in its configuration: no limit is wider than the board's envelope", () => {
    let taken = 0;
    const check = (changes: [number, number][]): void => {
      const config = cellOf();
      for (const [place, value] of changes) config[place] = value;
      const bytes = memoryOf([]);
      encodeConfig(config, bytes.subarray(0, CONFIG_BYTES), crc32);
      const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
      const memory = createArrayMemory(bytes, MEMORY_AREAS, crc32);
      if (load(channel, memory, ENVELOPE) !== FAULT_NONE) return;
      taken++;
      const { limits } = channel;
      // Limits are held against readings: no calibration may shrink these by much.
      expect(Math.abs(config[VOLTAGE_GAIN] - 1)).toBeLessThanOrEqual(0.1 + 1e-12);
      expect(limits.currentMax).toBeLessThanOrEqual(ENVELOPE.currentMaxA);
      expect(limits.voltageMax).toBeLessThanOrEqual(ENVELOPE.voltageMaxV);
      expect(limits.voltageMin).toBeGreaterThanOrEqual(-ENVELOPE.voltageMaxV);
      expect(limits.temperatureMax).toBeLessThanOrEqual(ENVELOPE.temperatureMaxC);
      expect(limits.temperatureMin).toBeGreaterThanOrEqual(ENVELOPE.temperatureMinC);
      expect(limits.forceMax).toBeLessThanOrEqual(ENVELOPE.forceMaxN);
      expect(Object.values(limits).some((value) => value !== value)).toBe(false);
    };
    const place = fc.nat(createConfig(0).length - 1);
    const changes = fc.array(fc.tuple(place, fc.oneof(fc.double(), wild)), { maxLength: 4 });
    const amount = runs(3000);
    fc.assert(fc.property(changes, check), amount);
    expect(taken).toBeGreaterThan((amount.numRuns ?? 0) / 10);
  });

  test("is nothing but its end: it finishes at once", () => {
    const board = bootShell(memoryOf([createStep()]));
    for (let i = 0; i < 3; i++) board.frame();
    board.send("start");
    for (let i = 0; i < 20; i++) board.frame();
    expect(board.events().at(-1)).toMatchObject({ code: EVENT_VERDICT });
  });
});
