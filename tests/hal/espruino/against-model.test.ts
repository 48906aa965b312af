// SPI and bit-banged pins as Espruino has them, against the models of the chips behind.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createSpi } from "../../../hal/espruino/spi.ts";
import { createTwoWire } from "../../../hal/espruino/two-wire.ts";
import type { EspruinoPin, EspruinoSpi } from "../../../hal/espruino/platform.ts";
import { HX711_NEWTONS_PER_COUNT, createHx711 } from "../../../hal/loadcell/hx711.ts";
import { createNor } from "../../../hal/memory/nor.ts";
import type { Converter } from "../../../hal/port.ts";
import { advanceTo } from "../../../sim/advance.ts";
import { dataHx711, lowerHx711, raiseHx711, updateHx711 } from "../../../sim/chip/hx711.ts";
import { transferW25q32 } from "../../../sim/chip/w25q32.ts";
import { bridgeNow } from "../../../sim/wire.ts";
import type { World } from "../../../sim/world.ts";
import { createWorld } from "../../../sim/world.ts";
import { pellet } from "../../sim/bench-world.ts";

/** Between two calls of a script, and within one that sets several pins, ms. */
const CALL_MS = 0.5;
const PIN_MS = 0.002;

let lapse = CALL_MS;
beforeEach(() => {
  vi.stubGlobal("digitalWrite", (pins: EspruinoPin[], bits: number) => {
    lapse = PIN_MS;
    [...pins].reverse().forEach((pin, i) => pin.write(((bits >> i) & 1) === 1));
    lapse = CALL_MS;
  });
});
afterEach(() => vi.unstubAllGlobals());

const noMode = { mode: () => undefined };

describe("the flash of the log on Espruino's SPI", () => {
  // The model takes whole transfers: what was sent since the select line fell, then the answer.
  function flash(fitted: boolean) {
    const chips = fitted ? ({ log: "w25q32" } as const) : {};
    const world = createWorld({ cell: pellet("hNa"), seed: 1, chips });
    const sent: number[] = [];
    let selected = false;
    let answered = 0;
    const exchange = (into: Uint8Array): void => {
      const chip = world.fitted.w25q32;
      if (chip === null) into.fill(0xff);
      else transferW25q32(chip, sent, into, world.clock.nowMs, world.random.flash);
      answered++;
    };
    const bus: EspruinoSpi = {
      setup: () => undefined,
      write: (bytes) => {
        expect(selected).toBe(true);
        sent.push(...Array.from(bytes));
      },
      send: (bytes) => {
        expect(selected).toBe(true);
        const into = new Uint8Array(bytes.length);
        exchange(into);
        return into;
      },
    };
    const select: EspruinoPin = {
      ...noMode,
      write: (high) => {
        if (selected && high && answered === 0) exchange(new Uint8Array(0));
        selected = !high;
        sent.length = 0;
        answered = 0;
        advanceTo(world, world.clock.nowMs + CALL_MS);
      },
      read: () => false,
    };
    const nor = createNor(createSpi(bus, select));
    advanceTo(world, 10);
    const idle = (): void => {
      for (let n = 0; n < 10_000 && nor.busy(); n++) advanceTo(world, world.clock.nowMs + 0.1);
      expect(nor.busy()).toBe(false);
    };
    const content = (offset: number, count: number): number[] => {
      const into = new Uint8Array(count);
      expect(nor.read(offset, into)).toBe(true);
      return [...into];
    };
    return { nor, idle, content, selected: () => selected };
  }

  test("keeps what is programmed, page and sector", () => {
    const { nor, idle, content, selected } = flash(true);
    const page = Array.from({ length: 256 }, (_, i) => (i * 7) & 255);
    expect(content(0x2000, 3)).toEqual([255, 255, 255]);
    expect(nor.program(0x2000, page)).toBe(true);
    idle();
    expect(content(0x2000, 256)).toEqual(page);
    expect(nor.program(0x2fff, [1])).toBe(true);
    idle();
    expect(nor.erase(2)).toBe(true);
    idle();
    expect(content(0x2000, 256)).toEqual(page.map(() => 255));
    expect(content(0x2fff, 1)).toEqual([255]);
    expect(selected()).toBe(false);
  });

  test("that is not there is a fault, not data", () => {
    const { nor } = flash(false);
    expect(nor.read(0, new Uint8Array(4))).toBe(false);
    expect(nor.program(0, [1])).toBe(false);
    expect(nor.erase(0)).toBe(false);
  });
});

describe("an HX711 on two pins", () => {
  function loadCell(rate: 10 | 80) {
    const chips = { loadCell: "hx711", hx711RateHz: rate } as const;
    const world = createWorld({
      ...{ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0, chips },
    });
    const chip = world.fitted.hx711;
    if (chip === null) throw new Error("no HX711");
    const look = (): void => {
      const { cell, clock, random } = world;
      updateHx711(chip, bridgeNow(world), cell.temperatureC, clock.nowMs, random.loadCell);
    };
    let level = true;
    const clock: EspruinoPin = {
      ...noMode,
      write: (high) => {
        look();
        if (high && !level) raiseHx711(chip, world.clock.nowMs);
        if (!high && level) lowerHx711(chip, world.clock.nowMs);
        level = high;
        advanceTo(world, world.clock.nowMs + lapse);
      },
      read: () => level,
    };
    const data: EspruinoPin = {
      ...noMode,
      write: () => undefined,
      read: () => {
        advanceTo(world, world.clock.nowMs + CALL_MS);
        look();
        return dataHx711(chip, world.clock.nowMs);
      },
    };
    // jsspiSoftwareFunc in Espruino's src/jsspi.c, mode 1.
    const bus: EspruinoSpi = {
      setup: (options) => expect(options).toEqual({ sck: clock, miso: data, mode: 1 }),
      write: () => undefined,
      send: (bytes) => {
        lapse = PIN_MS / 10;
        const taken = bytes.map(() => {
          let byte = 0;
          for (let bit = 0; bit < 8; bit++) {
            clock.write(true);
            clock.write(false);
            byte = (byte << 1) | (dataHx711(chip, world.clock.nowMs) ? 1 : 0);
          }
          return byte;
        });
        lapse = CALL_MS;
        return taken;
      },
    };
    return { world, wires: createTwoWire(bus, clock, data), clock, data };
  }

  function convert(world: World, force: Converter): number {
    let counts = NaN;
    force.begin(0, 0);
    for (let n = 0; n < 20_000 && counts !== counts; n++) {
      let state = 0;
      force.poll((_value, answer) => (state = answer));
      if (state === 1) force.read((value, answer) => (counts = answer === 1 ? value : NaN));
      else advanceTo(world, world.clock.nowMs + 1);
    }
    return counts;
  }

  test.each([10, 80] as const)("reads the force at %i readings a second, whenever", (rate) => {
    const { world, wires } = loadCell(rate);
    const force = createHx711(wires);
    for (let n = 0; n < 60; n++) {
      advanceTo(world, world.clock.nowMs + 500 + 1.7 * n);
      const newtons = convert(world, force) * HX711_NEWTONS_PER_COUNT;
      expect(Math.abs(newtons / world.cell.forceN - 1)).toBeLessThan(1e-3);
    }
  });

  test("would be switched off by pulses of two writes, or torn by ones in two calls", () => {
    for (const how of ["written", "one by one"]) {
      const { world, clock, data } = loadCell(80);
      const pulse = (): void => {
        if (how === "one by one") lapse = PIN_MS;
        clock.write(true);
        lapse = CALL_MS;
        clock.write(false);
      };
      const wrong = Array.from({ length: 20 }, (_, n) => {
        advanceTo(world, world.clock.nowMs + 500 + 1.7 * n);
        const newtons =
          convert(world, createHx711({ pulse, data: data.read })) * HX711_NEWTONS_PER_COUNT;
        return !(Math.abs(newtons / world.cell.forceN - 1) < 1e-3);
      });
      expect(wrong).toContain(true);
    }
  });
});
