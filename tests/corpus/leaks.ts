// Bridges put into the cell: the terminal voltage falls because part of the current goes beside the
// ions, as it does in a cell. Sizes are shares of the terminal voltage at the moment they begin.
import type { Stream } from "../../sim/random.ts";
import { between } from "./noise.ts";
import type { Effect, Moment } from "./scenario.ts";

/** Conductance that lowers the present terminal voltage by `share`, mS/cm²: V falls by
 *  GR / (1 + GR), R being V/i. */
function leakFor(moment: Moment, share: number): number {
  const { cell } = moment;
  const maCm2 = Math.abs(cell.currentA / cell.areaCm2) * 1000;
  const millivolts = Math.abs(cell.voltageV) * 1000;
  if (millivolts === 0) return 0;
  return ((share / (1 - share)) * maCm2 * 1000) / millivolts;
}

/** A leak from `atS` on, within one frame. */
export function stepLeak(atS: number, share: number): Effect {
  let leak = 0;
  return (moment) => {
    if (moment.timeS < atS) return;
    if (leak === 0) leak = leakFor(moment, share);
    moment.bridgeMsCm2 += leak;
  };
}

/** A leak that grows from `fromS` on so that the voltage falls linearly, and stays. */
export function slowLeak(fromS: number, overS: number, share: number): Effect {
  let whole = 0;
  return (moment) => {
    if (moment.timeS < fromS) return;
    // The leak for a share p goes with p / (1 - p); `whole` is that of one half.
    if (whole === 0) whole = leakFor(moment, 0.5);
    const present = share * Math.min((moment.timeS - fromS) / overS, 1);
    moment.bridgeMsCm2 += (whole * present) / (1 - present);
  };
}

/** Leaks of `durationS` about once a minute from `fromS` on. */
export function dips(stream: Stream, fromS: number, share: number, durationS: number): Effect {
  let nextS = fromS;
  let untilS = -1;
  let leak = 0;
  return (moment) => {
    if (moment.timeS >= nextS) {
      leak = leakFor(moment, share);
      untilS = moment.timeS + durationS;
      nextS = moment.timeS + between(stream, 40, 80);
    }
    if (moment.timeS < untilS) moment.bridgeMsCm2 += leak;
  };
}

/** A metallic bridge of `msCm2` for good. */
export function hardLatch(atS: number, msCm2: number): Effect {
  return (moment) => {
    if (moment.timeS < atS) return;
    moment.latch = true;
    moment.bridgeMsCm2 = msCm2;
  };
}

/** A bridge for a while. */
export function passingLeak(fromS: number, untilS: number, msCm2: number): Effect {
  return (moment) => {
    if (moment.timeS >= fromS && moment.timeS < untilS) moment.bridgeMsCm2 += msCm2;
  };
}

/** A fixture that leaks from the start on. */
export function fixture(ohm: number): Effect {
  return (moment) => {
    moment.bridgeMsCm2 += 1000 / ohm / moment.cell.areaCm2;
  };
}
