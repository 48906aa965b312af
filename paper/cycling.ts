// Experiments 1 (at dc) and 3: symmetric cells cycled at constant current.
import type { Anode } from "../host/cell-file.ts";
import { believed, paperCell, QUIET } from "./cells.ts";
import { cycleDirect, fresh, halfCycle, hold } from "./direct.ts";
import { cycling } from "./experiments.ts";
import type { HalfCycle } from "./half-cycles.ts";
import { createTally, restV, tally } from "./half-cycles.ts";
import type { Outcome } from "./instrument.ts";
import { measure } from "./instrument.ts";
import type { Result } from "./result.ts";
import { thinned } from "./result.ts";
import type { Measured } from "./row.ts";
import { FIVE_PERCENT } from "./row.ts";
import { carried, densityUncertainty, millivolts, voltageUncertainty } from "./uncertainty.ts";

const HOUR_S = 3600;
/** The first frame is past the double layer, and before slow transport has set in. */
const FIRST_S = 0.5;

/** A cycling run through the firmware. */
interface Cycled {
  halves: HalfCycle[];
  /** First voltage under current, V, offset removed. */
  firstV: number;
  points: [number, number][];
  outcome: Outcome;
}

function cycled(
  anode: Anode,
  maCm2: number,
  mahCm2: number,
  cycles: number,
  noise?: number,
): Cycled {
  const cell = paperCell(anode, noise);
  const state = createTally();
  const halves: HalfCycle[] = [];
  const points: [number, number][] = [];
  let firstV = NaN;
  const belief = believed(cell, cell.sim.seed);
  const outcome = measure(cell, belief, cycling(maCm2, mahCm2, cycles), cell.sim.seed, (frame) => {
    const over = tally(state, frame);
    if (over !== null) halves.push(over);
    const open = state.open;
    if (open === null) return;
    if (firstV !== firstV && frame.timeS - open.startedS >= FIRST_S) {
      firstV = frame.voltageV - restV(state);
    }
    points.push([frame.timeS / HOUR_S, (frame.voltageV - restV(state)) * 1000]);
  });
  if (state.open !== null) halves.push(state.open);
  return { halves, firstV, points: thinned(points, 2500), outcome };
}

/** Half the distance of two half cycles' ends: free of the converter's offset. */
function swing(a: HalfCycle, b: HalfCycle): number {
  return Math.abs(a.endV - b.endV) / 2;
}

/** Interface resistance from the first second at 0.1 mA/cm2: what is left of V / i after the
 *  pellet's L / sigma, by halves. Ohm cm2. */
function interfaceAtDc(anode: Anode, firstV: number): Measured {
  const cell = paperCell(anode, QUIET);
  const belief = believed(cell, cell.sim.seed);
  const { thicknessCm, conductivitySPerCm } = belief.electrolyte;
  const pellet = thicknessCm / conductivitySPerCm;
  const whole = firstV / 1e-4;
  const { thickness, conductivity, area } = cell.uncertainty;
  const uncertainty = Math.hypot(
    pellet * Math.hypot(thickness, conductivity),
    whole * densityUncertainty(area),
    voltageUncertainty(firstV) / 1e-4,
  );
  return { value: (whole - pellet) / 2, uncertainty: uncertainty / 2 };
}

/** The same quantity of the model, no instrument. */
function trueInterface(anode: Anode): number {
  const run = fresh(paperCell(anode, QUIET));
  return (hold(run, 0.1, FIRST_S) / 1e-4 - run.cell.bulkOhmCm2) / 2;
}

function atStart(name: string, anode: Anode, paper: number, firstV: number) {
  return {
    experiment: 1,
    quantity: `interface resistance at start by dc, ${name}`,
    unit: "Ω cm²",
    digits: 1,
    paper,
    truth: trueInterface(anode),
    measured: interfaceAtDc(anode, firstV),
    rule: FIVE_PERCENT,
  };
}

/** Peak of cycle `n` (from 1) of bare sodium, mV. */
function bareTruth(n: number, scale: number): { firstMv: number; peakMv: number } {
  const run = fresh(paperCell("bareNa", QUIET), 1, scale);
  let firstMv = 0;
  let peakMv = 0;
  for (let half = 0; half < 2 * n; half++) {
    const { peakV, endV } = halfCycle(run, half % 2 === 0 ? 0.1 : -0.1, 1);
    if (half === 0) firstMv = endV * 1000;
    if (half >= 2 * n - 2) peakMv = Math.max(peakMv, peakV * 1000);
  }
  return { firstMv, peakMv };
}

/** Bare sodium at 0.1 mA/cm2: 10 cycles. */
export function bareCycling(): Result {
  const run = cycled("bareNa", 0.1, 0.1, 10, QUIET);
  const share = densityUncertainty(paperCell("bareNa").uncertainty.area);
  const truth = bareTruth(4, 1);
  const first = run.halves[0].endV;
  const peak = Math.max(run.halves[6].peakV, run.halves[7].peakV);
  const firstS = carried((scale) => bareTruth(1, scale).firstMv, share) / 1000;
  const peakS = carried((scale) => bareTruth(4, scale).peakMv, share) / 1000;
  const common = { experiment: 3, unit: "mV", digits: 2, rule: FIVE_PERCENT };
  return {
    rows: [
      atStart("bare", "bareNa", 12.0, run.firstV),
      {
        ...common,
        quantity: "bare, 0.1 mA/cm², end of first half cycle",
        paper: 8,
        truth: truth.firstMv,
        measured: millivolts(first, firstS),
      },
      {
        ...common,
        quantity: "bare, 0.1 mA/cm², peak of 4th cycle",
        paper: 100,
        truth: truth.peakMv,
        measured: millivolts(peak, peakS),
      },
    ],
    curves: [{ figure: "cycling-bare", name: "bare Na", points: run.points }],
    remarks: [],
  };
}

function steadyTruth(maCm2: number, hours: number, cycles: number, scale: number): number {
  const run = fresh(paperCell("hNa", QUIET), 1, scale);
  run.cell.longStepS = 60;
  cycleDirect(run, maCm2, hours, cycles);
  return Math.abs(run.cell.voltageV) * 1000;
}

/** h-Na at 0.1 mA/cm2: 100 cycles through the firmware, 3000 on the model. */
export function hybridCycling(): Result {
  const run = cycled("hNa", 0.1, 0.1, 100, QUIET);
  const [a, b] = run.halves.slice(-2);
  const share = densityUncertainty(paperCell("hNa").uncertainty.area);
  const sensitivityV = carried((scale) => steadyTruth(0.1, 1, 100, scale), share) / 1000;
  const common = { experiment: 3, unit: "mV", digits: 2, rule: FIVE_PERCENT };
  return {
    rows: [
      atStart("h-Na 1:5", "hNa", 3.5, run.firstV),
      {
        ...common,
        quantity: "h-Na, 0.1 mA/cm², end of half cycle 200 h",
        paper: 5,
        truth: steadyTruth(0.1, 1, 100, 1),
        measured: millivolts(swing(a, b), sensitivityV),
      },
      {
        ...common,
        quantity: "h-Na, 0.1 mA/cm², end of half cycle 6000 h",
        paper: 5,
        truth: steadyTruth(0.1, 1, 3000, 1),
        measured: null,
      },
    ],
    curves: [{ figure: "cycling-hybrid", name: "h-Na, 0.1 mA/cm²", points: run.points }],
    remarks: [],
  };
}

/** NZSP:Na 1:1, one cycle: its interface. */
export function oneToOne(): Result {
  const anode = { nzspToNaMassRatio: 1 };
  const run = cycled(anode, 0.1, 0.1, 1, QUIET);
  return { rows: [atStart("1:1", anode, 2.4, run.firstV)], curves: [], remarks: [] };
}
