// Channels built with other chips, through the board's ports: addresses, loop, front end, lines.
import { describe, expect, it } from "vitest";
import { observe } from "../../sim/advance.ts";
import { copy } from "../../sim/copy.ts";
import type { ChipChoice } from "../../sim/fitted.ts";
import { brownOutFitted } from "../../sim/fitted-power.ts";
import { createPort } from "../../sim/port.ts";
import type { SimPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import { TEAR_HALF } from "../../sim/tear.ts";
import type { World } from "../../sim/world.ts";
import { pellet, settle } from "./bench-world.ts";

const EVERYTHING: ChipChoice = {
  setpoint: "mcp4725",
  converter: "ads122c04",
  loadCell: "hx711",
  temperature: "tmp117",
  clock: "ds3231",
  log: "w25q32",
};

interface Bench {
  world: World;
  port: SimPort;
}

function bench(chips: ChipChoice, errors = 0, noise = 0): Bench {
  const world = createWorld({ cell: pellet("hNa"), seed: 1, errors, noise, chips });
  return { world, port: createPort(world, "inline") };
}

function read(port: SimPort, address: number, register: number, count: number): number[] {
  const got: number[] = [];
  const done = (bytes: ArrayLike<number> | null): void => void got.push(...Array.from(bytes!));
  port.declare([done]);
  port.i2c.read(address, register, count, done);
  return got;
}

/** Closes the 1 mA range. */
function close(port: SimPort): void {
  port.i2c.write(0x20, [0x0a, 0x04]);
  port.i2c.write(0x20, [0x00, 0xf0]);
  settle(port);
}

function loadA(world: World): number {
  observe(world);
  return world.frontend.loadA;
}

/** One single-shot conversion of the ADS122C04 at 20 SPS, V at the input. */
function convert(port: SimPort, config0: number): number {
  port.i2c.write(0x40, [0x40, config0]);
  port.i2c.write(0x40, [0x08]);
  port.runUntil(port.clock.now() + 60);
  expect(read(port, 0x40, 0x28, 1)[0] & 0x80).toBe(0x80);
  const [high, middle, low] = read(port, 0x40, 0x10, 3);
  const code = ((high << 24) >> 8) | (middle << 8) | low;
  return (code * 2.048) / 0x800000 / 2 ** ((config0 >> 1) & 7);
}

describe("addresses", () => {
  const answering = (chips: ChipChoice): number[] => {
    const { port } = bench(chips);
    const all = Array.from({ length: 127 }, (_, i) => i + 1);
    return all.filter((address) => port.i2c.write(address, []));
  };

  it("are the default channel's unless others are chosen", () => {
    expect(answering({})).toEqual([0x20, 0x2a, 0x48, 0x4c, 0x50]);
    expect(answering(EVERYTHING)).toEqual([0x20, 0x40, 0x49, 0x50, 0x60, 0x68]);
    expect(answering({ setpoint: "dac8571" })).toEqual([0x20, 0x2a, 0x48, 0x4c, 0x50]);
  });

  it("beyond seven bits belong to nobody", () => {
    expect(bench({}).port.i2c.write(200, [0])).toBe(false);
  });
});

describe("MCP4725 as set-point", () => {
  it("starts at zero current, and maps code to 5 V / 4096", () => {
    const { world, port } = bench({ setpoint: "mcp4725" });
    close(port);
    expect(loadA(world)).toBeCloseTo(0, 12);
    port.i2c.write(0x60, [0x0c, 0x00]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(0.625e-3, 12);
    port.i2c.write(0x60, [0x00, 0x00]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(-1.25e-3, 12);
  });

  it("goes back to its EEPROM by the general call, and can hold another code there", () => {
    const { world, port } = bench({ setpoint: "mcp4725", mcp4725Code: 0xc00 });
    close(port);
    expect(loadA(world)).toBeCloseTo(0.625e-3, 12);
    port.i2c.write(0x60, [0x08, 0x00]);
    port.i2c.write(0x00, [0x06]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(0.625e-3, 12);
  });

  it("is switched off by power-down, and on by the general call's wake-up", () => {
    const { world, port } = bench({ setpoint: "mcp4725" });
    close(port);
    port.i2c.write(0x60, [0x18, 0x00]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(-1.25e-3, 12);
    port.i2c.write(0x00, [0x09]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(0, 12);
  });
});

describe("DAC8571 as set-point", () => {
  it("starts at full negative current, and maps code to 5 V / 65536", () => {
    const { world, port } = bench({ setpoint: "dac8571" });
    close(port);
    expect(loadA(world)).toBeCloseTo(-1.25e-3, 12);
    port.i2c.write(0x4c, [0x10, 0xc0, 0x00]);
    settle(port);
    expect(loadA(world)).toBeCloseTo(0.625e-3, 12);
    expect(read(port, 0x4c, -1, 3)).toEqual([0xc0, 0x00, 0x10]);
  });

  it("hears what is written to an ADS1115 at its broadcast address: its read-back is lost", () => {
    const { world, port } = bench({ setpoint: "dac8571" });
    close(port);
    port.i2c.write(0x4c, [0x10, 0xc0, 0x00]);
    port.i2c.write(0x48, [0x01, 0x93, 0x83]);
    settle(port);
    expect(read(port, 0x4c, -1, 3)).toEqual([0x93, 0x83, 0x01]);
    expect(loadA(world)).toBeCloseTo(0.625e-3, 12);
    const quiet = bench({ setpoint: "dac8571", converter: "ads122c04" }).port;
    quiet.i2c.write(0x4c, [0x10, 0xc0, 0x00]);
    expect(quiet.i2c.write(0x48, [0x01, 0x93, 0x83])).toBe(false);
    expect(read(quiet, 0x4c, -1, 2)).toEqual([0xc0, 0x00]);
  });
});

describe("ADS122C04 as converter", () => {
  it("reads cell, shunt and thermistor against the common", () => {
    const { world, port } = bench({ converter: "ads122c04" });
    port.relay.write(true);
    port.i2c.write(0x4c, [0x40, 0x08, 0x00]);
    port.i2c.write(0x4c, [0x30, 0xb3, 0x33]);
    close(port);
    port.runUntil(port.clock.now() + 2000);
    const cell = convert(port, 0x20);
    observe(world);
    expect(cell).toBeCloseTo(0.4 * world.cell.voltageV, 6);
    expect(convert(port, 0x50)).toBeCloseTo(1000 * loadA(world), 5);
    expect(convert(port, 0x60)).toBeCloseTo(-1.25, 6);
    expect(convert(port, 0x28)).toBeCloseTo(0.4 * world.cell.voltageV, 6);
    expect(world.frontend.loadA).toBeCloseTo(0.5e-3, 7);
  });

  it("sees the mains at 90 SPS, not at 20 SPS", () => {
    const spread = (config1: number): number => {
      const { world, port } = bench({ converter: "ads122c04" });
      world.frontend.mains.cellV = 1e-3;
      port.i2c.write(0x40, [0x44, config1]);
      const volts = Array.from({ length: 20 }, () => {
        port.runUntil(port.clock.now() + 3.7);
        return convert(port, 0x20);
      });
      return Math.max(...volts) - Math.min(...volts);
    };
    expect(spread(0x00)).toBeLessThan(1e-6);
    expect(spread(0x40)).toBeGreaterThan(1e-4);
  });

  it("has no ADS1115 beside it", () => {
    const { world, port } = bench({ converter: "ads122c04" });
    port.i2c.write(0x40, [0x08]);
    port.i2c.write(0x00, [0x06]);
    port.runUntil(200);
    expect(world.fitted.ads122c04?.ready).toBe(1);
  });
});

describe("TMP117 and DS3231", () => {
  it("give the cell's temperature and the time since it was set", () => {
    const { port } = bench({ temperature: "tmp117", clock: "ds3231" });
    port.i2c.write(0x68, [0x00, 0x00, 0x00, 0x12, 0x01, 0x22, 0x11, 0x26]);
    port.runUntil(3600e3 + 500);
    expect(read(port, 0x49, 0, 2)).toEqual([0x0c, 0x80]);
    expect(read(port, 0x68, 0, 7)).toEqual([0, 0, 0x13, 1, 0x22, 0x11, 0x26]);
  });

  it("are reset by the general call, or not, as their data sheets say", () => {
    const { port } = bench({ temperature: "tmp117", clock: "ds3231" });
    port.runUntil(1000);
    port.i2c.write(0x68, [0x0f, 0x00]);
    port.i2c.write(0x00, [0x06]);
    expect(read(port, 0x49, 0, 2)).toEqual([0x80, 0x00]);
    expect(read(port, 0x68, 0x0f, 1)).toEqual([0x00]);
  });
});

describe("the two wires", () => {
  it("carry the HX711: the clamp force in codes", () => {
    const { world, port } = bench({ loadCell: "hx711" });
    expect(port.twoWire.data()).toBe(true);
    port.runUntil(500);
    expect(port.twoWire.data()).toBe(false);
    const startMs = port.clock.now();
    let code = 0;
    for (let i = 0; i < 24; i++) {
      port.twoWire.pulse();
      code = code * 2 + (port.twoWire.data() ? 1 : 0);
    }
    port.twoWire.pulse();
    expect(port.clock.now() - startMs).toBeCloseTo(25 * 0.002, 9);
    expect(port.twoWire.data()).toBe(true);
    const newton = (code / 0x800000 / 256 / 2e-3) * 9806.65;
    expect(newton).toBeCloseTo(world.cell.forceN, 1);
  });

  it("are never ready without one", () => {
    const { port } = bench({});
    port.twoWire.pulse();
    port.runUntil(5000);
    expect(port.twoWire.data()).toBe(true);
  });
});

describe("SPI", () => {
  it("reaches the flash, and takes a microsecond a byte", () => {
    const { port } = bench({ log: "w25q32" });
    const id = new Uint8Array(3);
    port.spi.transfer([0x9f], id);
    expect([...id]).toEqual([0xef, 0x40, 0x16]);
    expect(port.clock.now()).toBeCloseTo(0.004, 12);
    port.runUntil(10);
    port.spi.transfer([0x06], new Uint8Array(0));
    port.spi.transfer([0x02, 0, 0, 0, 1, 2], new Uint8Array(0));
    port.runUntil(11);
    const data = new Uint8Array(2);
    port.spi.transfer([0x03, 0, 0, 0], data);
    expect([...data]).toEqual([1, 2]);
  });

  it("floats high without one, and does not exist on a deferred port", () => {
    const { world, port } = bench({});
    const data = new Uint8Array(1);
    port.spi.transfer([0x9f], data);
    expect([...data]).toEqual([0xff]);
    const far = createPort(world, "deferred");
    expect(() => far.spi.transfer([0x9f], data)).toThrow(/deferred/);
    expect(() => far.twoWire.pulse()).toThrow(/deferred/);
    expect(() => far.twoWire.data()).toThrow(/deferred/);
  });
});

describe("brown-outs", () => {
  const cut = ({ world }: Bench, target: string): boolean =>
    brownOutFitted(world.fitted, target, world.clock.nowMs, world.random, TEAR_HALF);

  it("bring each chip back to its power-on state", () => {
    const rig = bench(EVERYTHING);
    const { world, port } = rig;
    const { mcp4725, ads122c04, hx711, tmp117, ds3231, w25q32 } = world.fitted;
    port.i2c.write(0x60, [0x01, 0x23]);
    port.i2c.write(0x40, [0x40, 0x20]);
    port.i2c.write(0x49, [0x02, 0x12, 0x34]);
    port.i2c.write(0x68, [0x0f, 0x00]);
    port.runUntil(1000);
    port.twoWire.data();
    port.spi.transfer([0x06], new Uint8Array(0));
    for (const target of ["dac", "adc", "loadCell", "thermometer", "clock", "log"]) {
      expect(cut(rig, target)).toBe(true);
    }
    expect(mcp4725?.code).toBe(0x800);
    expect(ads122c04?.registers[0]).toBe(0);
    expect(hx711?.ready).toBe(0);
    expect(tmp117?.registers[2]).toBe(0x6000);
    expect(ds3231?.registers[0x0f]).toBe(0);
    expect(w25q32?.enabled).toBe(0);
    const zero = bench({ setpoint: "dac8571" });
    zero.port.i2c.write(0x4c, [0x10, 0x80, 0x00]);
    expect(cut(zero, "dac")).toBe(true);
    expect(zero.world.fitted.dac8571?.code).toBe(0);
  });

  it("leave alone what is not there", () => {
    expect(["dac", "adc", "loadCell", "log"].map((name) => cut(bench({}), name))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("a world of other chips", () => {
  /** A second of everything; what was read. */
  function second({ port }: Bench): number[] {
    const flash = new Uint8Array(1);
    port.i2c.write(0x60, [0x0b, 0x00]);
    port.i2c.write(0x40, [0x08]);
    port.spi.transfer([0x06], new Uint8Array(0));
    port.spi.transfer([0x02, 0, 0, 0, 0x5a], new Uint8Array(0));
    port.runUntil(port.clock.now() + 1000);
    port.spi.transfer([0x03, 0, 0, 0], flash);
    let force = 0;
    for (let i = 0; i < 25; i++) {
      port.twoWire.pulse();
      force = force * 2 + (port.twoWire.data() ? 1 : 0);
    }
    const i2c = [
      [0x40, 0x10, 3],
      [0x49, 0, 2],
      [0x68, 0, 7],
      [0x60, -1, 5],
    ].flatMap(([address, register, count]) => read(port, address, register, count));
    return [...i2c, force, flash[0]];
  }

  it("is plain data, repeats itself, and goes on identically from a copy", () => {
    const first = bench(EVERYTHING, 1, 1);
    const again = bench(EVERYTHING, 1, 1);
    expect(second(first)).toEqual(second(again));
    const world = copy(first.world);
    const fork = { world, port: createPort(world, "inline") };
    expect(fork.world).toEqual(first.world);
    const ahead = [second(first), second(first)];
    expect([second(fork), second(fork)]).toEqual(ahead);
    expect(fork.world).toEqual(first.world);
    expect(ahead[0]).not.toEqual(ahead[1]);
  });

  it("draws the default chips' errors and the cell's fate as without them", () => {
    const plain = createWorld({ cell: pellet("hNa"), seed: 3 });
    const other = createWorld({ cell: pellet("hNa"), seed: 3, chips: EVERYTHING });
    expect(other.random).toEqual(plain.random);
    expect(other.frontend.shuntsOhm).toEqual(plain.frontend.shuntsOhm);
    expect(other.adc).toEqual(plain.adc);
  });
});
