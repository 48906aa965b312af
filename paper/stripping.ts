// Experiment 6, its dc part: stripping one way at 0.2 mA/cm2 until the interface gives out.
import { believed, paperCell, QUIET } from "./cells.ts";
import { fresh, hold, minutesTo } from "./direct.ts";
import { stripping } from "./experiments.ts";
import { createTally, restV, tally } from "./half-cycles.ts";
import { measure } from "./instrument.ts";
import type { Result } from "./result.ts";
import { thinned } from "./result.ts";
import type { Measured, Row } from "./row.ts";
import { FIVE_PERCENT } from "./row.ts";
import { carried, densityUncertainty, timeUncertainty, voltageUncertainty } from "./uncertainty.ts";

const MA_CM2 = 0.2;
const END_V = 0.2;
/** Recorded a little further: the cut-off acts on raw readings, offset included. */
const CUT_OFF_V = 0.22;
/** Where the curve of h-Na has turned up. */
const KNEE_V = 0.02;
const EARLY_MIN = 300;
const SHARE = densityUncertainty(paperCell("hNa").uncertainty.area);

/** Voltage over time, V and min, from the moment current flows. */
function curveOf(anode: "bareNa" | "hNa"): [number, number][] {
  const cell = paperCell(anode, QUIET);
  const state = createTally();
  const points: [number, number][] = [];
  measure(
    cell,
    believed(cell, cell.sim.seed),
    stripping(MA_CM2, CUT_OFF_V),
    cell.sim.seed,
    (frame) => {
      tally(state, frame);
      if (state.open === null) return;
      points.push([(frame.timeS - state.open.startedS) / 60, frame.voltageV - restV(state)]);
    },
  );
  return points;
}

function firstAbove(points: [number, number][], volts: number): number {
  const found = points.find((point) => point[1] >= volts);
  return found === undefined ? NaN : found[0];
}

function truthMinutes(anode: "bareNa" | "hNa", volts: number, scale = 1): number {
  return minutesTo(fresh(paperCell(anode, QUIET), 1, scale), MA_CM2, volts);
}

function minutes(anode: "bareNa" | "hNa", volts: number, value: number): Measured {
  const sensitivity = carried((scale) => truthMinutes(anode, volts, scale), SHARE);
  return { value, uncertainty: Math.hypot(sensitivity, timeUncertainty(value * 60) / 60) };
}

function timeRow(anode: "bareNa" | "hNa", volts: number, paper: number, value: number): Row {
  const name = anode === "hNa" ? "h-Na" : "bare";
  const what = volts === KNEE_V ? "turns up (20 mV)" : `reaches ${volts} V`;
  return {
    experiment: 6,
    quantity: `${name}, stripping at 0.2 mA/cm², ${what}`,
    unit: "min",
    digits: 1,
    paper,
    truth: truthMinutes(anode, volts),
    measured: minutes(anode, volts, value),
    rule: FIVE_PERCENT,
  };
}

function earlyMv(scale: number): number {
  return hold(fresh(paperCell("hNa", QUIET), 1, scale), MA_CM2, EARLY_MIN * 60) * 1000;
}

/** Both anodes. */
export function oneWayStripping(): Result {
  const bare = curveOf("bareNa");
  const hybrid = curveOf("hNa");
  const early = hybrid.find((point) => point[0] >= EARLY_MIN)?.[1] ?? NaN;
  const earlyU = Math.hypot(carried(earlyMv, SHARE), voltageUncertainty(early) * 1000);
  const millivolts = (points: [number, number][]): [number, number][] =>
    thinned(points, 2000).map(([time, volts]) => [time, volts * 1000]);
  return {
    rows: [
      timeRow("bareNa", END_V, 200, firstAbove(bare, END_V)),
      {
        experiment: 6,
        quantity: "h-Na, stripping at 0.2 mA/cm², voltage at 300 min",
        unit: "mV",
        digits: 2,
        paper: "< 20",
        truth: earlyMv(1),
        measured: { value: early * 1000, uncertainty: earlyU },
        rule: { kind: "between", low: 0, high: 20 },
      },
      timeRow("hNa", KNEE_V, 350, firstAbove(hybrid, KNEE_V)),
      timeRow("hNa", END_V, 370, firstAbove(hybrid, END_V)),
    ],
    curves: [
      { figure: "stripping", name: "bare Na", points: millivolts(bare) },
      { figure: "stripping", name: "h-Na", points: millivolts(hybrid) },
    ],
    remarks: [],
  };
}
