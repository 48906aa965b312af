// Which curves go into which figure, and what the paper says there: Cao et al., Adv. Energy Mater.
// 12 (2022) 2102579. Measured curves are what the firmware recorded.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mark, Panel, Trace } from "./chart.ts";
import { drawSvg, rasterise } from "./chart.ts";
import type { Curve } from "./result.ts";
import { CLIMBS } from "./shorting.ts";

const BARE = "#7f8c8d";
const HYBRID = "#1f6fb2";
const EFFICIENCY = "#e08e0b";

interface Figure {
  file: string;
  title: string;
  panels: Panel[];
  columns: number;
}

function trace(curves: readonly Curve[], figure: string, name: string, colour: string): Trace[] {
  const found = curves.find((curve) => curve.figure === figure && curve.name === name);
  return found === undefined ? [] : [{ name, colour, points: found.points }];
}

function all(curves: readonly Curve[], figure: string, colour: string): Trace[] {
  const found = curves.filter((curve) => curve.figure === figure);
  return found.map(({ name, points }) => ({ name, colour, points }));
}

const timeH = { name: "time / h" };
const voltageMv = { name: "voltage / mV" };

function cyclingFigure(curves: readonly Curve[]): Figure {
  const both = (size: number, label: string): Mark[] => [
    { y: size, label },
    { y: -size, label: "" },
  ];
  const panels: Panel[] = [
    {
      title: "bare Na, 0.1 mA/cm², 0.1 mAh/cm²",
      ...{ x: { ...timeH, max: 23 }, y: { ...voltageMv, min: -150, max: 150 } },
      traces: all(curves, "cycling-bare", BARE),
      marks: [
        { y: 8, label: "paper: 8 mV at first" },
        { x: 9.5, y: -100, label: "" },
        { y: -100, label: "paper: 100 mV in cycle 4", below: true },
      ],
    },
    {
      title: "bare Na, the same to its hard short (seed 1)",
      ...{ x: timeH, y: { ...voltageMv, min: -200, max: 200 } },
      traces: all(curves, "life-bare", BARE),
      marks: [{ x: 82, label: "paper: 82 h" }],
    },
    {
      title: "h-Na, 0.1 mA/cm², 0.1 mAh/cm²",
      ...{ x: timeH, y: { ...voltageMv, min: -10, max: 10 } },
      traces: all(curves, "cycling-hybrid", HYBRID),
      marks: both(5, "paper: 5 mV"),
    },
    {
      title: "h-Na, 0.5 mA/cm², |voltage| at the end of half cycles",
      ...{ x: { ...timeH, max: 6000 }, y: { ...voltageMv, min: 20, max: 28 } },
      traces: all(curves, "endurance-hybrid", HYBRID),
      marks: [{ y: 25, label: "paper: below 25 mV for 6000 h" }],
    },
  ];
  return { file: "cycling", title: "Symmetric cells at constant current", panels, columns: 2 };
}

function staircaseFigure(curves: readonly Curve[]): Figure {
  const panels = CLIMBS.map(({ name, paper }): Panel => ({
    title: `${name} (paper: ${paper} mA/cm²)`,
    ...{ x: timeH, y: voltageMv },
    traces: trace(curves, "staircase", name, name === "bare" ? BARE : HYBRID),
    marks: [],
  }));
  const title = "Critical current density: steps of 0.1 mA/cm², 0.2 mAh/cm² a half cycle (seed 1)";
  return { file: "staircase", title, panels, columns: 2 };
}

function criticalFigure(curves: readonly Curve[]): Figure {
  const found = curves.filter((curve) => curve.figure === "critical-current");
  const points = found.flatMap((curve) => {
    const at = CLIMBS.findIndex((climb) => climb.name === curve.name);
    return curve.points.map(([, level]): [number, number] => [at, level]);
  });
  const marks = CLIMBS.flatMap(({ paper }, at): Mark[] =>
    typeof paper === "number" ? [{ x: at, y: paper, label: "" }] : [],
  );
  const panel: Panel = {
    title: "level of the hard short, ten seeds each; rings: the paper's values",
    x: { name: "anode", ticks: CLIMBS.map((climb) => climb.name) },
    y: { name: "current density / mA/cm²", min: 0, max: 4 },
    traces: [{ name: "measured", points, colour: HYBRID, dots: true }],
    marks,
  };
  return {
    file: "critical-current",
    title: "Critical current density",
    panels: [panel],
    columns: 1,
  };
}

function strippingFigure(curves: readonly Curve[]): Figure {
  const panel: Panel = {
    title: "0.2 mA/cm² to 0.2 V",
    x: { name: "time / min", min: 0, max: 400 },
    y: { ...voltageMv, min: 0, max: 220 },
    traces: [
      ...trace(curves, "stripping", "bare Na", BARE),
      ...trace(curves, "stripping", "h-Na", HYBRID),
    ],
    marks: [
      { x: 200, y: 200, label: "" },
      { x: 370, y: 200, label: "" },
      { x: 350, y: 20, label: "" },
      { y: 20, label: "paper: h-Na below 20 mV to 300 min" },
    ],
  };
  const title = "Stripping one way; rings: the paper's 200, 350 and 370 min";
  return { file: "stripping", title, panels: [panel], columns: 1 };
}

function fadeFigure(curves: readonly Curve[]): Figure {
  const capacity = { name: "capacity / mAh/g", min: 0, max: 130 };
  const efficiency = { name: "coulombic efficiency / %", min: 90, max: 102 };
  const cycle = { name: "cycle" };
  const panels: Panel[] = [
    {
      ...{ title: "h-Na, capacity", x: { ...cycle, max: 7500 }, y: { ...capacity, min: 80 } },
      traces: trace(curves, "fade", "h-Na capacity", HYBRID),
      marks: [
        { x: 1, y: 110.7, label: "paper: 110.7" },
        { x: 7300, y: 93.9, label: "" },
        { y: 93.9, label: "paper: 93.9 after 7300 cycles", below: true },
      ],
    },
    {
      ...{
        title: "h-Na, efficiency",
        x: { ...cycle, max: 7500 },
        y: { ...efficiency, min: 99, max: 101 },
      },
      traces: trace(curves, "fade", "h-Na efficiency", EFFICIENCY),
      marks: [{ y: 99.8, label: "paper: mean 99.8 %" }],
    },
    {
      ...{ title: "bare Na, capacity (seed 1)", x: { ...cycle, max: 800 }, y: capacity },
      traces: trace(curves, "fade", "bare capacity", BARE),
      marks: [{ x: 662, label: "paper: fails near 662" }],
    },
    {
      ...{
        title: "bare Na, efficiency (seed 1)",
        x: { ...cycle, max: 800 },
        y: { ...efficiency, min: 0 },
      },
      traces: trace(curves, "fade", "bare efficiency", EFFICIENCY),
      marks: [{ x: 500, label: "paper: swings after 500" }],
    },
  ];
  return { file: "full-cell", title: "Full cells, NVP at 5 C", panels, columns: 2 };
}

/** Writes all figures that have curves into `folder` as SVG and PNG; their paths. */
export function writeFigures(curves: readonly Curve[], folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  const figures = [
    cyclingFigure(curves),
    staircaseFigure(curves),
    criticalFigure(curves),
    strippingFigure(curves),
    fadeFigure(curves),
  ];
  const filled = figures.map((figure) => ({
    ...figure,
    panels: figure.panels.filter(({ traces }) => traces.some((each) => each.points.length > 0)),
  }));
  return filled
    .filter(({ panels }) => panels.length > 0)
    .flatMap(({ file, title, panels, columns }) => {
      const svg = drawSvg(title, panels, Math.min(columns, panels.length));
      const paths = [join(folder, `${file}.svg`), join(folder, `${file}.png`)];
      writeFileSync(paths[0], svg);
      writeFileSync(paths[1], rasterise(svg));
      return paths;
    });
}
