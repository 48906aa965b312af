// Flaws of the analogue parts: each shows in what is converted, at its input only, and is gone when
// it is mended.
import { describe, expect, it } from "vitest";
import type { FaultEntry } from "../../sim/fault.ts";
import { createPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import { convert, drive, pellet, truth } from "./bench-world.ts";

// Multiplexer: cell, sense resistor and thermistor against common; all at ±2.048 V.
const CELL = 1;
const SENSE = 2;
const THERMISTOR = 3;
const RANGE = 2;

/** A world at 100 µA in the range of 1 mA, whose fault lasts from 1 to 2 s. */
function flawed(entry: Omit<FaultEntry, "at" | "durationS">) {
  const plan = [{ ...entry, at: { timeS: 1 }, durationS: 1 }];
  const world = createWorld({ cell: pellet("hNa"), seed: 1, errors: 0, noise: 0, plan });
  const port = createPort(world, "inline");
  port.relay.write(true);
  drive(port, 32768 + 2621, 4);
  return { world, port };
}

type Bench = ReturnType<typeof flawed>;

const readAll = ({ port }: Bench): number[] =>
  [CELL, SENSE, THERMISTOR].map((input) => convert(port, input, RANGE));

/** What is read before, during and after the fault. */
function read(bench: Bench): number[][] {
  return [0, 1500, 2500].map((timeMs) => {
    bench.port.runUntil(timeMs);
    return readAll(bench);
  });
}

describe("a flaw", () => {
  it("of the sense resistor's taps: the current has the other sign, and flows as before", () => {
    const bench = flawed({ kind: "polarity" });
    const [before, during, after] = read(bench);
    expect(during[1]).toBe(-before[1]);
    expect(Math.abs(before[1])).toBeGreaterThan(1000);
    expect([during[2], after[1]]).toEqual([before[2], before[1]]);
    expect(truth(bench.world).loadA).toBeCloseTo(1e-4, 7);
  });

  it("of the thermistor: its input lies at common", () => {
    const [before, during, after] = read(flawed({ kind: "thermistorOff" }));
    expect(before[2]).toBeLessThan(-1000);
    expect([during[1], during[2], after[2]]).toEqual([before[1], 0, before[2]]);
  });

  it("of a sense lead: its voltage goes to and fro", () => {
    const bench = flawed({ kind: "rattle", value: 2 });
    bench.port.runUntil(1500);
    const counts = Array.from({ length: 20 }, () => {
      bench.port.runUntil(bench.port.clock.now() + 5);
      return convert(bench.port, CELL, RANGE) * (2.048 / 32768 / 0.4);
    });
    expect(Math.max(...counts)).toBeGreaterThan(1);
    expect(Math.min(...counts)).toBeLessThan(-1);
    expect(Math.max(...counts.map(Math.abs))).toBeLessThan(2.1);
    bench.port.runUntil(2500);
    expect(Math.abs(convert(bench.port, CELL, RANGE))).toBeLessThan(200);
  });

  it("of the converter: each input reads as it did last, at any gain", () => {
    const bench = flawed({ kind: "frozen", target: "adc" });
    bench.port.runUntil(900);
    const last = readAll(bench);
    bench.port.runUntil(1500);
    expect(convert(bench.port, SENSE, 4)).toBe(last[1]);
    drive(bench.port, 32768, 4);
    expect(readAll(bench)).toEqual(last);
    bench.port.runUntil(2500);
    expect(Math.abs(readAll(bench)[1])).toBeLessThan(2);
  });

  it("of the set-point's output: its register is as written, its voltage is not", () => {
    const bench = flawed({ kind: "outputStuck", target: "dac", value: 3.5 });
    bench.port.runUntil(1500);
    expect(truth(bench.world).loadA).toBeCloseTo(5e-4, 7);
    expect(bench.world.dac.dacRegister).toBe(32768 + 2621);
    bench.port.runUntil(2500);
    expect(truth(bench.world).loadA).toBeCloseTo(1e-4, 7);
  });
});
