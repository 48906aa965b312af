// Experiment 4: h-Na at 0.5 mA/cm2 for 6000 h, in frames of 1 s, contact noise as usual.
import { believed, paperCell } from "./cells.ts";
import { fresh, hold } from "./direct.ts";
import { cycling, REST_S } from "./experiments.ts";
import { createTally, tally } from "./half-cycles.ts";
import { measure } from "./instrument.ts";
import type { Result } from "./result.ts";
import { thinned } from "./result.ts";
import type { Row } from "./row.ts";
import { carried, densityUncertainty, millivolts } from "./uncertainty.ts";

const MA_CM2 = 0.5;
const MAH_CM2 = 0.125;
const HALF_S = 900;
/** Later cycles do not add to what a wrong current does. */
const CARRIED_CYCLES = 2000;

interface Truth {
  peakMv: number;
  bridges: number;
}

function truthOf(cycles: number, scale: number): Truth {
  const run = fresh(paperCell("hNa"), 1, scale);
  run.cell.longStepS = 60;
  hold(run, 0, REST_S);
  let peakV = 0;
  for (let half = 0; half < 2 * cycles; half++) {
    const volts = hold(run, half % 2 === 0 ? MA_CM2 : -MA_CM2, HALF_S);
    peakV = Math.max(peakV, Math.abs(volts));
  }
  return { peakMv: peakV * 1000, bridges: run.cell.short.bridges };
}

function rowsOf(cycles: number, peakV: number, alarms: number): Row[] {
  const truth = truthOf(cycles, 1);
  const peakOf = (scale: number): number => truthOf(Math.min(cycles, CARRIED_CYCLES), scale).peakMv;
  const share = densityUncertainty(paperCell("hNa").uncertainty.area);
  return [
    {
      experiment: 4,
      quantity: `h-Na, 0.5 mA/cm², largest voltage in ${cycles / 2} h`,
      unit: "mV",
      digits: 2,
      paper: "< 25",
      truth: truth.peakMv,
      measured: millivolts(peakV, carried(peakOf, share) / 1000),
      rule: { kind: "between", low: 0, high: 25 },
    },
    {
      experiment: 4,
      quantity: "the same run: bridges; measured: alarms and faults",
      unit: "",
      digits: 0,
      paper: "none",
      truth: truth.bridges,
      measured: { value: alarms, uncertainty: 0 },
      rule: { kind: "between", low: 0, high: 0 },
    },
  ];
}

/** `cycles` of 0.125 mAh/cm2 in and out: 12 000 are 6000 h. */
export function hybridEndurance(cycles: number): Result {
  const cell = paperCell("hNa");
  const state = createTally();
  const points: [number, number][] = [];
  let peakV = 0;
  const method = cycling(MA_CM2, MAH_CM2, cycles);
  const outcome = measure(cell, believed(cell, cell.sim.seed), method, cell.sim.seed, (frame) => {
    const over = tally(state, frame);
    if (over === null) return;
    peakV = Math.max(peakV, over.peakV);
    points.push([over.endedS / 3600, Math.abs(over.endV) * 1000]);
  });
  const alarms = outcome.shorts + outcome.faults + outcome.verdict.values[0];
  return {
    rows: rowsOf(cycles, peakV, alarms),
    curves: [
      { figure: "endurance-hybrid", name: "h-Na, 0.5 mA/cm²", points: thinned(points, 1200) },
    ],
    remarks: [`experiment 4 took ${outcome.frames} frames through the firmware`],
  };
}
