// What memory holds, read into the channel: all of it sound, or nothing runs.
import { describe, expect, test } from "vitest";
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import type { Channel } from "../../firmware/channel.ts";
import { createChannel } from "../../firmware/channel.ts";
import { CONFIG_BYTES } from "../../firmware/config.ts";
import { FAULT_CONFIG, FAULT_NONE, FAULT_PROTOCOL } from "../../firmware/fault.ts";
import { PROTOCOL_HEADER_BYTES, STEP_END } from "../../firmware/protocol.ts";
import { load, prefetch } from "../../firmware/store.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Memory } from "../../hal/port.ts";
import { entryOf, stepOf } from "./records.ts";
import { memoryOf } from "./shell-board.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, ENVELOPE, cellOf } from "./specimen.ts";
import { currentStep, restStep } from "./specimen.ts";

const STEPS = [restStep(7), currentStep(5e-4, { duration: 20, flags: 5, actions: 0xb7 })];

function channelOf(): Channel {
  return createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
}

function stored(damage: (bytes: Uint8Array) => void = () => undefined): Memory {
  const bytes = memoryOf(STEPS);
  damage(bytes);
  return createArrayMemory(bytes, MEMORY_AREAS, crc32);
}

/** A memory that fails from `offset` on. */
function failing(offset: number): Memory {
  const sound = stored();
  return { ...sound, read: (at, into) => at < offset && sound.read(at, into) };
}

describe("loading", () => {
  test("finds configuration, limits, and the program's length and hash", () => {
    const channel = channelOf();
    expect(load(channel, stored(), ENVELOPE)).toBe(FAULT_NONE);
    expect(channel.config).toEqual(cellOf());
    expect(channel.limits.currentMax).toBeGreaterThan(0);
    expect(channel.limits.currentMax).toBeLessThanOrEqual(ENVELOPE.currentMaxA);
    expect(channel.run).toMatchObject({ steps: STEPS.length + 1, hash: 0xcafe });
  });

  test.each([
    ["a blank memory", stored((bytes) => bytes.fill(0))],
    ["one bit of the configuration", stored((bytes) => (bytes[CONFIG_BYTES - 20] ^= 1))],
    ["a memory that does not answer", failing(0)],
  ])("refuses %s", (_, memory) => {
    const channel = channelOf();
    expect(load(channel, memory, ENVELOPE)).toBe(FAULT_CONFIG);
    expect(channel.run.steps).toBe(-1);
  });

  test.each([
    ["damaged", stored((bytes) => (bytes[MEMORY_AREAS.protocol + 8] ^= 1))],
    ["not readable", failing(MEMORY_AREAS.protocol)],
  ])("without a program that is sound (%s) says so", (_, memory) => {
    const channel = channelOf();
    expect(load(channel, memory, ENVELOPE)).toBe(FAULT_PROTOCOL);
    expect(channel.config).toEqual(cellOf());
  });

  test("refuses an envelope that leaves the cell no voltage", () => {
    const narrow = { ...ENVELOPE, voltageMaxV: 0 };
    expect(load(channelOf(), stored(), narrow)).toBe(FAULT_CONFIG);
  });
});

describe("prefetching", () => {
  function loaded(memory = stored()): Channel {
    const channel = channelOf();
    load(channel, memory, ENVELOPE);
    return channel;
  }

  test("brings each step, and the end", () => {
    const channel = loaded();
    for (const [index, step] of STEPS.entries()) {
      expect(prefetch(channel.run, stored(), index)).toBe(FAULT_NONE);
      expect(stepOf(channel.run.next)).toEqual(step);
      expect(channel.run.loadedIndex).toBe(index);
    }
    expect(prefetch(channel.run, stored(), 2)).toBe(FAULT_NONE);
    expect(stepOf(channel.run.next).kind).toBe(STEP_END);
  });

  test("does not go beyond the program", () => {
    const channel = loaded();
    expect(prefetch(channel.run, stored(), 3)).toBe(FAULT_PROTOCOL);
    expect(channel.run.loadedIndex).toBe(-1);
    expect(prefetch(channelOf().run, stored(), 0)).toBe(FAULT_PROTOCOL);
  });

  test("takes a step only as the one of its index", () => {
    const bytes = memoryOf([restStep(7), restStep(7)]);
    const [first, length] = entryOf(bytes, MEMORY_AREAS.protocol, 0);
    const [second] = entryOf(bytes, MEMORY_AREAS.protocol, 1);
    bytes.copyWithin(second, first, first + length);
    const memory = createArrayMemory(bytes, MEMORY_AREAS, crc32);
    const channel = loaded(memory);
    expect(prefetch(channel.run, memory, 0)).toBe(FAULT_NONE);
    expect(prefetch(channel.run, memory, 1)).toBe(FAULT_PROTOCOL);
  });

  test("does not take a step of a length that none has, however its table came by it", () => {
    for (const length of [-4, 0, 8, 368, 60_000]) {
      const bytes = memoryOf(STEPS);
      const table = MEMORY_AREAS.protocol + 20;
      const view = new DataView(bytes.buffer);
      view.setUint16(table + 4, (view.getUint16(table + 2, true) + length) & 65535, true);
      const memory = createArrayMemory(bytes, MEMORY_AREAS, crc32);
      expect(prefetch(loaded(memory).run, memory, 1)).toBe(FAULT_PROTOCOL);
    }
  });

  test("takes no other step by a place of which one bit was misread, least of all an end", () => {
    const sound = stored();
    const channel = channelOf();
    load(channel, sound, ENVELOPE);
    for (let bit = 0; bit < 32 * (STEPS.length + 1); bit++) {
      const misread: Memory = {
        ...sound,
        read: (at, into) => {
          const read = sound.read(at, into);
          // The four bytes of the table, behind the header.
          const isPlace = at === MEMORY_AREAS.protocol + PROTOCOL_HEADER_BYTES + 2 * (bit >> 5);
          if (isPlace) into[(bit % 32) >> 3] ^= 1 << (bit & 7);
          return read;
        },
      };
      const answer = prefetch(channel.run, misread, bit >> 5);
      // The lowest bits of its end change nothing: then it is the step itself.
      if (answer === FAULT_NONE) {
        const read = channel.run.next.values.slice();
        expect(prefetch(channel.run, sound, bit >> 5)).toBe(FAULT_NONE);
        expect(read, String(bit)).toEqual(channel.run.next.values);
      } else expect(answer, String(bit)).toBe(FAULT_PROTOCOL);
    }
  });

  test("does not take a damaged step, nor one that cannot be read", () => {
    const [at] = entryOf(memoryOf(STEPS), MEMORY_AREAS.protocol, 1);
    for (const memory of [stored((bytes) => (bytes[at + 10] ^= 1)), failing(at)]) {
      const channel = loaded();
      expect(prefetch(channel.run, memory, 0)).toBe(FAULT_NONE);
      expect(prefetch(channel.run, memory, 1)).toBe(FAULT_PROTOCOL);
      expect(channel.run.loadedIndex).toBe(-1);
    }
  });
});
