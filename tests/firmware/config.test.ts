import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Config } from "../../firmware/config.ts";
import {
  AREA_CM2,
  CONFIG_BYTES,
  CURRENT_GAIN,
  CURRENT_OFFSET,
  FORCE_GAIN,
  PER_RANGE,
  SET_GAIN,
  VOLTAGE_GAIN,
  ZERO_CODE,
  setCell,
  createConfig,
  decodeConfig,
  encodeConfig,
} from "../../firmware/config.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { CODE_MID, describedCell } from "./specimen.ts";

/** A configuration whose every number is drawn. */
function filled(numbers: number[]): Config {
  const config = createConfig(CODE_MID);
  expect(config).toHaveLength(numbers.length);
  config.set(numbers);
  return config;
}

const FIELDS = 32;
const numbers = fc.array(fc.double(), { minLength: FIELDS, maxLength: FIELDS });

function bytesOf(config: Config): Uint8Array {
  const bytes = new Uint8Array(CONFIG_BYTES);
  encodeConfig(config, bytes, crc32);
  return bytes;
}

describe("the configuration's bytes", () => {
  test("hold every number exactly, and encoding leaves it alone", () => {
    fc.assert(
      fc.property(numbers, (drawn) => {
        const config = filled(drawn);
        const bytes = bytesOf(config);
        expect(config).toEqual(filled(drawn));
        const read = createConfig(0);
        expect(decodeConfig(bytes, read, crc32)).toBe(true);
        expect(read).toEqual(config);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test("may lie anywhere in a buffer where a double may", () => {
    const config = filled(Array.from({ length: FIELDS }, (_, i) => i + 0.5));
    const memory = new Uint8Array(CONFIG_BYTES + 20);
    encodeConfig(config, memory.subarray(8, 8 + CONFIG_BYTES), crc32);
    expect(memory.subarray(8, 8 + CONFIG_BYTES)).toEqual(bytesOf(config));
    const read = createConfig(0);
    expect(decodeConfig(memory.subarray(8, 8 + CONFIG_BYTES), read, crc32)).toBe(true);
    expect(read).toEqual(config);
  });

  test("are refused with any one byte changed, and leave the old configuration alone", () => {
    const good = bytesOf(filled(Array.from({ length: FIELDS }, (_, i) => 1 / (i + 1))));
    const changes = fc.tuple(fc.nat(CONFIG_BYTES - 1), fc.integer({ min: 1, max: 255 }));
    const refused = (at: number, flip: number): void => {
      const bad = good.slice();
      bad[at] ^= flip;
      const config = createConfig(CODE_MID);
      expect(decodeConfig(bad, config, crc32)).toBe(false);
      expect(config).toEqual(createConfig(CODE_MID));
    };
    for (let at = 0; at < CONFIG_BYTES; at++) for (const flip of [1, 128, 255]) refused(at, flip);
    fc.assert(
      fc.property(changes, ([at, flip]) => refused(at, flip)),
      { seed: 1, numRuns: 1000 },
    );
  });

  test("are refused when blank, erased or random", () => {
    const config = createConfig(CODE_MID);
    for (const fill of [0, 255]) {
      expect(decodeConfig(new Uint8Array(CONFIG_BYTES).fill(fill), config, crc32)).toBe(false);
    }
    const bytes = fc.uint8Array({ minLength: CONFIG_BYTES, maxLength: CONFIG_BYTES });
    fc.assert(
      fc.property(bytes, (random) => !decodeConfig(random, config, crc32)),
      { seed: 1, numRuns: 200 },
    );
  });

  test("of another version are refused even if they are whole", () => {
    const bytes = bytesOf(createConfig(CODE_MID));
    const view = new DataView(bytes.buffer);
    for (const at of [0, 4]) {
      const other = bytes.slice();
      other[at]++;
      const end = CONFIG_BYTES - 4;
      new DataView(other.buffer).setUint32(end, crc32(other.subarray(0, end)), true);
      expect(decodeConfig(other, createConfig(0), crc32)).toBe(false);
    }
    expect(view.getUint32(4, true)).toBe(1);
  });
});

test("a configuration without a cell corrects nothing and has no area", () => {
  const config = createConfig(CODE_MID);
  const byRange = (place: number): number[] =>
    [0, 1, 2, 3].map((range) => config[place + PER_RANGE * range]);
  expect([...config.subarray(AREA_CM2, VOLTAGE_GAIN)]).toEqual(Array(11).fill(0));
  expect([...config.subarray(VOLTAGE_GAIN, CURRENT_GAIN)]).toEqual([1, 0, 1, 0, 0]);
  expect([config[FORCE_GAIN], config[VOLTAGE_GAIN]]).toEqual([1, 1]);
  expect(byRange(ZERO_CODE)).toEqual([CODE_MID, CODE_MID, CODE_MID, CODE_MID]);
  expect([...byRange(CURRENT_GAIN), ...byRange(SET_GAIN)]).toEqual(Array(8).fill(1));
  expect(byRange(CURRENT_OFFSET)).toEqual([0, 0, 0, 0]);
});

test("a cell described by names has its place each", () => {
  const described = describedCell();
  const config = createConfig(CODE_MID);
  setCell(config, described);
  expect([...config.subarray(0, VOLTAGE_GAIN)]).toEqual(Object.values(described));
  expect(config.subarray(VOLTAGE_GAIN)).toEqual(createConfig(CODE_MID).subarray(VOLTAGE_GAIN));
});
