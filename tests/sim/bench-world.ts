// What the tests of the simulator share: cells, and raw register writes to the front end.
import { observe } from "../../sim/advance.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import type { Anode } from "../../sim/composition.ts";
import { createPort } from "../../sim/port.ts";
import type { SimPort } from "../../sim/port.ts";
import { createWorld } from "../../sim/world.ts";
import type { World } from "../../sim/world.ts";

/** The paper's pellet: 1.114 cm in diameter, 0.162 cm thick, 4.1 mS/cm, 0.6 tonne-force. */
export function pellet(anode: Anode, noise = 0, shorts = false): CellInput {
  return {
    name: "pellet",
    areaCm2: 0.9747,
    electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 4.1e-3, activationEnergyEv: 0.29 },
    clampForceN: 5880,
    temperatureC: 25,
    sim: { anode, noise, shorts },
  };
}

/** An ideal, noiseless world with its ports. */
export function idealBench(anode: Anode = "hNa"): { world: World; port: SimPort } {
  const world = createWorld({ cell: pellet(anode), seed: 1, errors: 0, noise: 0 });
  return { world, port: createPort(world, "inline") };
}

/** Gain 2, the given code, and the given range relays (a bit each). */
export function drive(port: SimPort, code: number, ranges: number): void {
  port.i2c.write(0x4c, [0x40, 0x08, 0x00]);
  port.i2c.write(0x4c, [0x30, code >> 8, code & 0xff]);
  port.i2c.write(0x20, [0x0a, ranges]);
  port.i2c.write(0x20, [0x00, 0xf0]);
  settle(port);
}

/** Lets 20 ms pass: longer than any contact moves. */
export function settle(port: SimPort): void {
  port.runUntil(port.clock.now() + 20);
}

/** One conversion of the ADS1115, signed code; multiplexer and range given. Inline only. */
export function convert(port: SimPort, mux: number, range: number): number {
  const config = 0x8103 | (mux << 12) | (range << 9) | (4 << 5);
  port.i2c.write(0x48, [1, config >> 8, config & 0xff]);
  port.runUntil(port.clock.now() + 12);
  let code = NaN;
  const done = (bytes: ArrayLike<number> | null): void => {
    if (bytes !== null) code = ((bytes[0] << 24) >> 16) | bytes[1];
  };
  port.declare([done]);
  port.i2c.read(0x48, 0, 2, done);
  return code;
}

/** Current through the loop and voltage of the cell now. */
export function truth(world: World): { loadA: number; cellV: number } {
  observe(world);
  return { loadA: world.frontend.loadA, cellV: world.cell.voltageV };
}
