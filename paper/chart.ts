// A figure: panels side by side, each with curves and the paper's values as dashed lines or rings.
// Apache ECharts draws SVG without a browser; resvg turns it into PNG with a font of its own, so
// that every machine gets the same picture.
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import * as echarts from "echarts";

/** One line or cloud of points. */
export interface Trace {
  name: string;
  points: [number, number][];
  colour: string;
  dots?: boolean;
}

/** A value of the paper: a line across at `y`, a line down at `x`, or a ring at both. */
export interface Mark {
  x?: number;
  y?: number;
  label: string;
  /** Text of a line across: under it. */
  below?: boolean;
}

export interface Axis {
  name: string;
  min?: number;
  max?: number;
  /** Names of the ticks 0, 1, … instead of numbers. */
  ticks?: string[];
}

export interface Panel {
  title: string;
  x: Axis;
  y: Axis;
  traces: Trace[];
  marks: Mark[];
}

const FONT_FILE = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
const FONT = "DejaVu Sans";
const INK = "#333";
const PAPER_INK = "#c0392b";
const PANEL_WIDTH = 560;
const PANEL_HEIGHT = 360;
const LEFT = 78;
const RIGHT = 24;
const TOP = 62;
const BOTTOM = 62;
const HEADING = 34;

function place(n: number, columns: number) {
  const left = (n % columns) * PANEL_WIDTH;
  const top = HEADING + Math.floor(n / columns) * PANEL_HEIGHT;
  return {
    grid: {
      left: left + LEFT,
      top: top + TOP,
      width: PANEL_WIDTH - LEFT - RIGHT,
      height: PANEL_HEIGHT - TOP - BOTTOM,
    },
    title: { left: left + LEFT, top: top + 8 },
    legend: { left: left + LEFT, top: top + 32 },
  };
}

function axisOption(axis: Axis, n: number, vertical: boolean): object {
  const named = axis.ticks === undefined;
  return {
    type: named ? "value" : "category",
    gridIndex: n,
    name: axis.name,
    nameLocation: "middle",
    nameGap: vertical ? 50 : 32,
    nameTextStyle: { color: INK, fontSize: 13 },
    axisLabel: { color: INK, fontSize: 12, interval: 0, ...(named ? { formatter: String } : {}) },
    axisLine: { show: true, onZero: false, lineStyle: { color: INK } },
    splitLine: { show: vertical, lineStyle: { color: "#e6e6e6" } },
    ...(named ? {} : { data: axis.ticks }),
    ...(axis.min === undefined ? {} : { min: axis.min }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
  };
}

function traceOption(trace: Trace, n: number): object {
  return {
    type: trace.dots === true ? "scatter" : "line",
    name: trace.name,
    xAxisIndex: n,
    yAxisIndex: n,
    data: trace.points,
    color: trace.colour,
    symbol: trace.dots === true ? "circle" : "none",
    symbolSize: 6,
    lineStyle: { width: 1.3 },
    clip: true,
  };
}

function markLine(mark: Mark): object {
  const down = mark.x !== undefined;
  return {
    ...(down ? { xAxis: mark.x } : { yAxis: mark.y }),
    label: {
      formatter: mark.label,
      position: down ? "end" : mark.below === true ? "insideEndBottom" : "insideEndTop",
      rotate: 0,
      color: PAPER_INK,
      fontSize: 11,
    },
  };
}

/** The paper's values of a panel: one series with lines, and one with rings. */
function marksOption(panel: Panel, n: number): object[] {
  const lines = panel.marks.filter((mark) => mark.x === undefined || mark.y === undefined);
  const rings = panel.marks.filter((mark) => mark.x !== undefined && mark.y !== undefined);
  const axes = { xAxisIndex: n, yAxisIndex: n, color: PAPER_INK };
  const ring = (mark: Mark): object => ({
    value: [mark.x, mark.y],
    label: {
      show: mark.label !== "",
      formatter: mark.label,
      position: "top",
      align: "left",
      color: PAPER_INK,
    },
  });
  return [
    {
      ...{ ...axes, type: "line", data: [] },
      markLine: {
        symbol: "none",
        silent: true,
        lineStyle: { type: "dashed", color: PAPER_INK, width: 1.2 },
        data: lines.map(markLine),
      },
    },
    {
      ...{ ...axes, type: "scatter", symbol: "circle", symbolSize: 13, z: 5 },
      itemStyle: { color: "transparent", borderColor: PAPER_INK, borderWidth: 2 },
      data: rings.map(ring),
    },
  ];
}

function titleOf(text: string, at: object, size: number): object {
  return { text, ...at, textStyle: { color: INK, fontSize: size, fontWeight: "normal" } };
}

function legendOf(panel: Panel, at: object): object {
  const data = panel.traces.length > 1 ? panel.traces.map((trace) => trace.name) : [];
  return { data, ...at, itemHeight: 10, textStyle: { color: INK, fontSize: 12 } };
}

type Option = Record<string, unknown>;

function optionOf(title: string, panels: readonly Panel[], columns: number): Option {
  const places = panels.map((_, n) => place(n, columns));
  return {
    animation: false,
    backgroundColor: "#fff",
    textStyle: { fontFamily: FONT },
    title: [
      titleOf(title, { left: 16, top: 8 }, 16),
      ...panels.map((panel, n) => titleOf(panel.title, places[n].title, 14)),
    ],
    legend: panels.map((panel, n) => legendOf(panel, places[n].legend)),
    grid: places.map((each) => each.grid),
    xAxis: panels.map((panel, n) => axisOption(panel.x, n, false)),
    yAxis: panels.map((panel, n) => axisOption(panel.y, n, true)),
    series: panels.flatMap((panel, n) => [
      ...panel.traces.map((trace) => traceOption(trace, n)),
      ...marksOption(panel, n),
    ]),
  };
}

/** The figure as SVG text. */
export function drawSvg(title: string, panels: readonly Panel[], columns: number): string {
  const width = columns * PANEL_WIDTH;
  const height = HEADING + Math.ceil(panels.length / columns) * PANEL_HEIGHT;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption(optionOf(title, panels, columns));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** An SVG of ours as PNG, 1.5 pixels a unit. */
export function rasterise(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles: [FONT_FILE], defaultFontFamily: FONT };
  return new Resvg(svg, { font, fitTo: { mode: "zoom", value: 1.5 } }).render().asPng();
}
