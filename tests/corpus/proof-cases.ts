// The kinds of cells that proofs are scored on, drawn from a seed: what state the cell is in, and
// what happens to it between its baseline and the suspicion.
import type { Cell, CellInput } from "../../sim/cell-state.ts";
import { setTemperature } from "../../sim/cell.ts";
import { refreshInterface } from "../../sim/cell-kinetics.ts";
import type { Stream } from "../../sim/random.ts";
import { createStream, uniform } from "../../sim/random.ts";
import type { Bench } from "./proof-bench.ts";
import { agedCell, begin, change, isExamined, provenStep, quietCell, run } from "./proof-bench.ts";

const HALF_S = 3600;
/** From the beginning to after the baseline; from the event to the suspicion, s. */
const BASELINE_S = 90;
const FULL_BASELINE_S = 470;
const WAIT_S = 45;

/** A kind of cell and event. `shorted` = a metal path exists when the proof is asked for. */
export interface Case {
  name: string;
  shorted: boolean;
  /** Whether a contrast is expected, so that most of them should be decided. */
  contrast: boolean;
  prepare: (seed: number, chance: Stream) => Bench;
}

type Start = (seed: number, chance: Stream) => Bench;

function between(chance: Stream, low: number, high: number): number {
  return low + (high - low) * uniform(chance);
}

/** Bare sodium after three to nine cycles at 0.1 mA/cm², in the middle of a half cycle, either
 *  direction; goes on at `maCm2`. */
function agedAt(maCm2: number): Start {
  return (seed, chance) => {
    const input = quietCell("bareNa", 0.1);
    const halves = 6 + Math.floor(between(chance, 0, 12));
    const times = Array<number>(halves).fill(HALF_S);
    const cell = agedCell(input, seed, 0.1, [...times, between(chance, 300, HALF_S)]);
    const sign = halves % 2 === 0 ? 1 : -1;
    return begin(input, seed, [provenStep(sign * maCm2, input.areaCm2)], cell);
  };
}

const aged = agedAt(0.1);

function fresh(maCm2: number) {
  return (seed: number): Bench => {
    const input = quietCell("hNa", 0.05);
    return begin(input, seed, [provenStep(maCm2, input.areaCm2)]);
  };
}

/** A hybrid full cell at 5 C, on the plateau of its charge. */
function full(seed: number): Bench {
  const input: CellInput = quietCell("hNa", 0.05, true);
  const limits = { voltageMin: 2.5, voltageMax: 3.8 };
  return begin(input, seed, [provenStep(0.3, input.areaCm2, limits)]);
}

type Event = (cell: Cell, chance: Stream) => void;

/** Baseline, then `event`, then a while. */
function after(start: Start, event: Event, baselineS = BASELINE_S): Case["prepare"] {
  return (seed, chance) => {
    const bench = start(seed, chance);
    run(bench, baselineS);
    change(bench, (cell) => event(cell, chance));
    run(bench, WAIT_S, () => isExamined(bench));
    return bench;
  };
}

/** Temperature runs away by `kelvin` within two minutes; the suspicion comes on the way. */
function warming(start: Start, kelvin: number): Case["prepare"] {
  return (seed, chance) => {
    const bench = start(seed, chance);
    run(bench, BASELINE_S);
    const from = bench.channel.world.cell.temperatureC;
    const steps = 40;
    for (let i = 1; i <= steps; i++) {
      change(bench, (cell) => setTemperature(cell, from + (kelvin * i) / steps));
      run(bench, 3, () => isExamined(bench));
      if (isExamined(bench)) break;
    }
    return bench;
  };
}

function bridge(low: number, high: number): Event {
  return (cell, chance) => {
    cell.short.conductanceMsCm2 = low * Math.exp(between(chance, 0, Math.log(high / low)));
  };
}

/** Voids close: contact is regained by such a factor. */
function healing(low: number, high: number): Event {
  return (cell, chance) => {
    for (const electrode of [cell.a, cell.b]) {
      electrode.contact = Math.min(1, electrode.contact * between(chance, low, high));
    }
  };
}

/** A lead's or a current collector's contact improves by up to 6 Ω cm². */
function contactStep(cell: Cell, chance: Stream): void {
  cell.bulkOhmCm2 -= between(chance, 0.5, 6);
}

/** The interfaces wet: they lose up to a half of their resistance. */
function wet(cell: Cell, chance: Stream): void {
  const law = cell.composition;
  cell.composition = { ...law, contactOhmCm2: law.contactOhmCm2 * between(chance, 0.5, 0.9) };
  refreshInterface(cell, cell.a);
  refreshInterface(cell, cell.b);
}

function nothing(): void {}

const FULL = FULL_BASELINE_S;

/** All kinds; conductances in mS/cm². */
export const CASES: readonly Case[] = [
  healthy("fresh h-Na 0.1, nothing", after(fresh(0.1), nothing)),
  healthy("fresh h-Na 0.5, nothing", after(fresh(0.5), nothing)),
  healthy("fresh h-Na 0.5, +5 K", warming(fresh(0.5), 5)),
  healthy("fresh h-Na 0.5, -5 K", warming(fresh(0.5), -5)),
  healthy("fresh h-Na 0.5, contact step", after(fresh(0.5), contactStep)),
  healthy("fresh h-Na 0.5, wetting", after(fresh(0.5), wet)),
  healthy("aged bare 0.1, nothing", after(aged, nothing)),
  healthy("aged bare 0.1, healing 1.1-2", after(aged, healing(1.1, 2))),
  healthy("aged bare 0.1, healing 2-3", after(aged, healing(2, 3)), true),
  healthy("aged bare 0.1, +5 K", warming(aged, 5)),
  healthy("aged bare 0.1, -5 K", warming(aged, -5)),
  healthy("aged bare 0.1, contact step", after(aged, contactStep)),
  healthy("aged bare 0.3, nothing", after(agedAt(0.3), nothing)),
  healthy("aged bare 0.3, healing 2-3", after(agedAt(0.3), healing(2, 3)), true),
  healthy("full cell, nothing", after(full, nothing, FULL)),
  shorted("aged bare 0.1, G 0.3-1.5", after(aged, bridge(0.3, 1.5)), false),
  shorted("aged bare 0.1, G 1.5-7", after(aged, bridge(1.5, 7)), true),
  shorted("aged bare 0.1, G 7-30", after(aged, bridge(7, 30)), false),
  shorted("aged bare 0.1, G 30-100", after(aged, bridge(30, 100)), true),
  shorted("aged bare 0.3, G 0.3-1.5", after(agedAt(0.3), bridge(0.3, 1.5)), false),
  shorted("aged bare 0.3, G 1.5-7", after(agedAt(0.3), bridge(1.5, 7)), true),
  shorted("fresh h-Na 0.5, G 1-10", after(fresh(0.5), bridge(1, 10)), false),
  shorted("fresh h-Na 0.5, G 14-100", after(fresh(0.5), bridge(14, 100)), true),
  shorted("fresh h-Na 0.1, G 14-100", after(fresh(0.1), bridge(14, 100)), true),
  shorted("full cell, G 0.02-0.1", after(full, bridge(0.02, 0.1), FULL), false),
  shorted("full cell, G 0.1-0.5", after(full, bridge(0.1, 0.5), FULL), true),
];

function healthy(name: string, prepare: Case["prepare"], contrast = false): Case {
  return { name, shorted: false, contrast, prepare };
}

function shorted(name: string, prepare: Case["prepare"], contrast: boolean): Case {
  return { name, shorted: true, contrast, prepare };
}

/** The stream of chance that belongs to a case and a seed. */
export function chanceOf(name: string, seed: number): Stream {
  return createStream(seed, `proof: ${name}`);
}
