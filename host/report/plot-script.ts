// The script inside a report: draws its plots with uPlot. Plain JavaScript as text, because it runs
// in the reader's browser and not here.

export const PLOT_SCRIPT = `
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ink = "#1a1f24", soft = "#5b6670", line = "#e4e8ec";
  const font = "13px " + getComputedStyle(document.body).fontFamily;
  const tones = { bad: "#b42318", warn: "#b7791f" };
  const axis = (label, more) => Object.assign(
    { label, font, labelFont: font, stroke: ink, labelSize: 22, labelGap: 2,
      grid: { stroke: line, width: 1 }, ticks: { stroke: soft, width: 1, size: 5 } }, more);
  const flat = (label) => axis(label, { size: 36 });
  const tall = (label) => axis(label, { size: 60 });
  const plots = [];
  const add = (id, height, options, values) => {
    const place = document.getElementById(id);
    if (!place) return;
    const size = () => ({ width: Math.max(280, place.clientWidth), height });
    const frame = { legend: { show: false }, padding: [10, 14, 0, 0] };
    plots.push({ plot: new uPlot({ ...frame, ...size(), ...options }, values, place), size });
  };
  const upright = (plot, x, colour, width, dash) => {
    const at = Math.round(plot.valToPos(x, "x", true));
    const c = plot.ctx, box = plot.bbox;
    if (at < box.left || at > box.left + box.width) return;
    c.save(); c.strokeStyle = colour; c.lineWidth = width * devicePixelRatio;
    c.setLineDash(dash.map((d) => d * devicePixelRatio)); c.beginPath();
    c.moveTo(at, box.top); c.lineTo(at, box.top + box.height); c.stroke(); c.restore();
  };
  const marks = (plot) => data.marks.forEach((m) => upright(plot, m.x, tones[m.tone], 1.2, [4, 3]));
  const cursor = { sync: { key: "time" }, y: false };
  const span = { x: { time: false, range: () => [0, data.hours] } };
  const curve = (colour) => [{}, { stroke: colour, width: 1.2, points: { show: false } }];
  add("voltage", 300, { cursor, scales: span, series: curve(ink), hooks: { draw: [marks] },
    axes: [flat("Test time / h"), tall(data.voltage.label)] }, data.voltage.xy);
  add("density", 240, { cursor, scales: span, series: curve("#4b5aa7"), hooks: { draw: [marks] },
    axes: [flat("Test time / h"), tall("Current density / mA cm\\u207b\\u00b2")] },
    data.density.xy);
  const close = data.closeUp;
  if (close) {
    const zero = (plot) => upright(plot, 0, tones[close.tone], 1.2, [4, 3]);
    add("close-up", 240, { cursor: { y: false }, hooks: { draw: [zero] },
      scales: { x: { time: false } }, series: curve(ink),
      axes: [flat("Time from the short / s"), tall(close.label)] }, close.xy);
  }
  data.evidence.forEach((e) => {
    const colour = tones[e.tone] || soft;
    const zero = (plot) => upright(plot, 0, colour, 1.2, [4, 3]);
    const x = { time: false };
    const dots = { stroke: ink, width: 1.2, points: { show: true, size: 4, fill: ink } };
    if (e.frames) {
      const current = { scale: "j", stroke: "#4b5aa7", width: 1, points: { show: false } };
      const bound = { stroke: tones.bad, width: 1, dash: [6, 4], points: { show: false } };
      const right = { scale: "j", side: 1, size: 60, grid: { show: false }, stroke: "#4b5aa7" };
      // From zero, or the converter's last digit would fill the plot.
      const range = (u, low, high) => [Math.min(-1e-3, low * 1.15), Math.max(1e-3, high * 1.15)];
      const j = { range };
      add(e.id, 190, { cursor: { y: false }, hooks: { draw: [zero] }, scales: { x, j },
        series: [{}, dots, current, bound], axes: [flat("Time from the event / s"), tall(e.label),
          axis("j / mA cm\\u207b\\u00b2", right)] }, e.frames);
    }
    if (e.burst) add(e.id + "-burst", 170, { cursor: { y: false }, scales: { x },
      series: [{}, dots], axes: [flat("Time in the burst / ms"), tall(e.label)] }, e.burst);
  });
  const dots = (colour, size) => ({ stroke: colour, paths: () => null,
    points: { show: true, size, width: 1.5, stroke: colour, fill: "#ffffff" } });
  const cycles = data.cycles;
  if (cycles) {
    const size = cycles.capacity[0].length > 200 ? 3 : 6;
    const number = { time: false };
    add("capacity", 240, { cursor: { y: false },
      scales: { x: number, y: { range: (u, low, high) => [0, high * 1.12] } },
      series: [{}, dots("#b4450f", size + 3), dots("#1f5f99", size)],
      axes: [flat("Cycle"), tall(cycles.label)] }, cycles.capacity);
    // A perfect cell would leave the plot without a height.
    const near = (u, low, high) => [low - Math.max(0.1, (high - low) * 0.1),
      high + Math.max(0.1, (high - low) * 0.1)];
    add("efficiency", 190, { cursor: { y: false }, scales: { x: number, y: { range: near } },
      series: [{}, dots("#4b5aa7", size)],
      axes: [flat("Cycle"), tall("Efficiency / %")] }, cycles.efficiency);
  }
  const r = data.resistance;
  if (r) {
    const bulk = { stroke: soft, width: 1.2, dash: [7, 5], points: { show: false } };
    const limits = (u, low, high) => (r.log
      ? [Math.pow(10, Math.floor(Math.log10(low))), Math.pow(10, Math.ceil(Math.log10(high)))]
      : [0, high * 1.12]);
    const scales = { x: { time: false, range: () => [r.from, r.to] },
      y: { distr: r.log ? 3 : 1, range: limits } };
    const bracket = (plot) => r.bracket.forEach((x) => upright(plot, x, tones.bad, 1.2, [2, 3]));
    add("resistance", 290, { scales, hooks: { draw: [bracket] }, cursor: { y: false },
      series: [{}, dots("#b4450f", 10), dots("#1f5f99", 5), bulk],
      axes: [flat(r.label), tall("Areal resistance / \\u03a9 cm\\u00b2")] }, r.xy);
  }
  const fit = () => plots.forEach((p) => p.plot.setSize(p.size()));
  let timer = 0;
  addEventListener("resize", () => { clearTimeout(timer); timer = setTimeout(fit, 80); });
  addEventListener("beforeprint", () => plots.forEach((p) =>
    p.plot.setSize({ width: 660, height: p.size().height })));
  addEventListener("afterprint", fit);
})();
`;
