// The curve as a picture: found against false alarms, and both against the threshold.
import { drawSvg } from "../../paper/chart.ts";
import type { Panel, Trace } from "../../paper/chart.ts";

/** What one examiner achieved: found shares by kind of trace, and false alarms. */
export interface Point {
  /** Factor on the thresholds; NaN = a detector without one. */
  factor: number;
  /** False alarms a channel-day; where there were none, half a one in all the days. */
  alarmsADay: number;
  /** By kind, in the order of the kinds. */
  shares: number[];
}

const COLOURS = ["#1f6fb2", "#27ae60", "#e08e0b", "#8e44ad"];
const INK = "#7f8c8d";
const COLUMNS = 2;

function curves(
  kinds: readonly string[],
  points: readonly Point[],
  x: (point: Point) => number,
): Trace[] {
  return kinds.map((name, k) => ({
    name,
    colour: COLOURS[k % COLOURS.length],
    points: points.map((point) => [x(point), point.shares[k]]),
  }));
}

function logAlarms({ alarmsADay }: Point): number {
  return Math.log10(alarmsADay);
}

function logFactor({ factor }: Point): number {
  return Math.log2(factor);
}

/** The picture as SVG text; `others` are detectors without a factor. */
export function drawRoc(
  title: string,
  kinds: readonly string[],
  points: readonly Point[],
  others: readonly Point[],
): string {
  const alarms = { name: "log10 of false alarms a channel-day (none drawn as half a one)" };
  const found = { name: "share found", min: 0, max: 1 };
  const factor = { name: "log2 of the factor on the thresholds", min: -2, max: 1.5 };
  const dots = curves(kinds, others, logAlarms).map((each) => ({ ...each, dots: true }));
  const falling: Trace = {
    name: "false alarms",
    colour: INK,
    points: points.map((point) => [logFactor(point), logAlarms(point)]),
  };
  const common = { y: found, marks: [] };
  const panels: Panel[] = [
    {
      title: "these detectors",
      ...{ ...common, x: alarms, traces: curves(kinds, points, logAlarms) },
    },
    { title: "drop of 20 % (left), CUSUM (right)", ...{ ...common, x: alarms, traces: dots } },
    {
      title: "found against threshold",
      ...{ ...common, x: factor, traces: curves(kinds, points, logFactor) },
    },
    {
      title: "false alarms against threshold",
      ...{ x: factor, y: { name: "log10 a channel-day" }, traces: [falling], marks: [] },
    },
  ];
  return drawSvg(title, panels, COLUMNS);
}
