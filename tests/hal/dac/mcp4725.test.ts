// MCP4725 data sheet, Microchip DS22039D: 6.1.1 and figure 6-1 (fast write), 6.2 and figure 6-3
// (read command), table 5-2 (power-down bits), table 5-3 (EEPROM, factory mid-scale).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMcp4725 } from "../../../hal/dac/mcp4725.ts";
import type { ReadState } from "../../../hal/port.ts";
import { TIMINGS, collector, createScriptedBus } from "../scripted-bus.ts";

const ADDRESS = 0x62;
// Second byte of the read command's figure: RDY/BSY, POR, X, X, X, PD1, PD0, X.
const RDY = 1 << 7;
const POR = 1 << 6;
const PD1 = 1 << 2;
const PD0 = 1 << 1;

/** Five bytes as the chip sends them; its EEPROM holds mid-scale. */
function reply(status: number, code: number): number[] {
  return [status, code >> 4, (code & 15) << 4, 0x08, 0x00];
}

/** Fast write: C2 C1 PD1 PD0 D11..D8, D7..D0, the first four zero. */
function fast(code: number) {
  return { address: ADDRESS, write: [Math.floor(code / 256), code % 256] };
}

describe.each(TIMINGS)("MCP4725, completions %s", (timing) => {
  test("is put to mid scale and normal mode by one fast write", () => {
    const bus = createScriptedBus(timing);
    const dac = createMcp4725(bus.i2c, ADDRESS);
    bus.expect({ address: ADDRESS, write: [0x08, 0x00] });
    expect(dac.reset()).toBe(true);
    bus.finished();
    expect([dac.codeMid, dac.codeMax]).toEqual([2048, 4095]);
  });

  test("takes any code by a fast write", () => {
    const bus = createScriptedBus(timing);
    const dac = createMcp4725(bus.i2c, ADDRESS);
    for (let code = 0; code <= 4095; code += code === 4080 ? 15 : 16) {
      bus.expect(fast(code));
      expect(dac.write(code)).toBe(true);
    }
    bus.finished();
  });

  test("reads any code back, ready and not powered down, whatever the unused bits say", () => {
    const bus = createScriptedBus(timing);
    const dac = createMcp4725(bus.i2c, ADDRESS);
    const unused = fc.constantFrom(0, POR, 0x38, 0x01, POR | 0x39);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4095 }), unused, (code, rest) => {
        const taken = collector<[number, ReadState]>();
        const bytes = reply(RDY | rest, code);
        bus.expect({ address: ADDRESS, register: -1, count: 5, reply: bytes });
        dac.read(taken.done);
        bus.finished();
        expect(taken.seen).toEqual([[code, 1]]);
      }),
      {
        seed: 1,
        examples: [
          [0, 0],
          [15, 0],
          [16, 0],
          [4095, POR],
        ],
      },
    );
  });

  test.each([
    ["its EEPROM is being written", POR],
    ["it is powered down, 1 kΩ to ground", RDY | POR | PD0],
    ["it is powered down, 100 kΩ to ground", RDY | POR | PD1],
    ["it is powered down, 500 kΩ to ground", RDY | POR | PD1 | PD0],
    ["the bus reads zeros", 0],
    ["the bus reads ones", 0xff],
  ])("is not ok while %s", (_, status) => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: -1, count: 5, reply: reply(status, 1234) });
    createMcp4725(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[1234, -1]]);
  });

  test("reports a missing acknowledge of a read", () => {
    const bus = createScriptedBus(timing);
    const taken = collector<[number, ReadState]>();
    bus.expect({ address: ADDRESS, register: -1, count: 5, reply: null });
    createMcp4725(bus.i2c, ADDRESS).read(taken.done);
    bus.finished();
    expect(taken.seen).toEqual([[0, -1]]);
  });
});

test("MCP4725: writes and resets without an acknowledge fail", () => {
  const bus = createScriptedBus("inline");
  const dac = createMcp4725(bus.i2c, ADDRESS);
  bus.expect({ ...fast(77), ack: false }, { ...fast(2048), ack: false });
  expect(dac.write(77)).toBe(false);
  expect(dac.reset()).toBe(false);
  bus.finished();
});
