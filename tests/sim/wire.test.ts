import { describe, expect, it } from "vitest";
import { busMs } from "../../sim/wire.ts";
import { idealBench } from "./bench-world.ts";

const CHIPS = [0x20, 0x2a, 0x48, 0x4c, 0x50];

describe("I2C wire", () => {
  it("acknowledges the chips' addresses and no other", () => {
    const { world, port } = idealBench();
    for (let address = 1; address < 128; address++) {
      expect(port.i2c.write(address, [0])).toBe(CHIPS.includes(address));
    }
    expect(world.wire.transactions).toBe(127);
    expect(world.wire.nacks).toBe(127 - CHIPS.length);
  });

  it("answers a read of an absent chip with null, after the address byte", () => {
    const { port } = idealBench();
    const got: unknown[] = [];
    const done = (bytes: ArrayLike<number> | null): void => void got.push(bytes);
    port.declare([done]);
    port.i2c.read(0x33, 0, 2, done);
    expect(port.clock.now()).toBeCloseTo((9 + 2) / 400, 12);
    port.i2c.read(0x00, 0, 2, done);
    expect(got).toEqual([null, null]);
  });

  it("numbers every transaction once", () => {
    const { world, port } = idealBench();
    const done = (): void => undefined;
    port.declare([done]);
    port.i2c.write(0x48, [1]);
    port.i2c.read(0x48, -1, 2, done);
    port.i2c.read(0x48, 1, 2, done);
    expect(world.wire.transactions).toBe(3);
  });

  it("takes nine clocks a byte and one a condition at 400 kHz", () => {
    const { port } = idealBench();
    const done = (): void => undefined;
    port.declare([done]);
    expect(busMs(4, 2)).toBeCloseTo((9 * 4 + 2) / 400, 12);
    const t0 = port.clock.now();
    port.i2c.write(0x4c, [0x30, 0x80, 0x00]);
    const t1 = port.clock.now();
    expect(t1 - t0).toBeCloseTo(38 / 400, 12);
    // Address, register, repeated start, address, two bytes, stop.
    port.i2c.read(0x48, 0, 2, done);
    expect(port.clock.now() - t1).toBeCloseTo((9 * 5 + 3) / 400, 12);
  });

  it("goes on from the chip's own pointer when no register is given", () => {
    const { port } = idealBench();
    const got: number[] = [];
    const done = (bytes: ArrayLike<number> | null): void => void got.push(...Array.from(bytes!));
    port.declare([done]);
    port.i2c.write(0x50, [0x01, 0x00, 7, 8, 9]);
    port.i2c.write(0x50, [0x01, 0x00]);
    port.i2c.read(0x50, -1, 2, done);
    port.i2c.read(0x50, -1, 1, done);
    expect(got).toEqual([7, 8, 9]);
  });

  it("resets the ADS1115, and only it, by the general call", () => {
    const { world, port } = idealBench();
    port.i2c.write(0x48, [1, 0x93, 0x83]);
    port.i2c.write(0x4c, [0x30, 0x40, 0x00]);
    port.i2c.write(0x00, [0x06]);
    expect(world.adc.registers[1]).toBe(0x0583);
    expect(world.adc.converting).toBe(0);
    expect(world.dac.inputRegister).toBe(0x4000);
  });
});
