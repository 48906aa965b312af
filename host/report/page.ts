// NAME.report.html: one page that needs nothing but itself.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { VerdictRecord } from "../event-record.ts";
import type { Run } from "../meta.ts";
import { bundleHash } from "../version.ts";
import { html, inlineJson } from "./escape.ts";
import type { Findings } from "./findings.ts";
import { plotData } from "./curves.ts";
import { evidenceSection } from "./evidence.ts";
import { PLOT_SCRIPT } from "./plot-script.ts";
import { conditions, eventTable, heading, reproduction, summary } from "./sections.ts";
import { staircaseSection } from "./staircase-table.ts";
import { STYLE } from "./style.ts";

interface Inlined {
  scripts: string[];
  styles: string[];
}

/** uPlot as installed, and our own script and style. */
function inlined(): Inlined {
  const require = createRequire(import.meta.url);
  const read = (name: string): string => readFileSync(require.resolve(name), "utf8");
  return {
    scripts: [read("uplot/dist/uPlot.iife.min.js"), PLOT_SCRIPT],
    styles: [read("uplot/dist/uPlot.min.css"), STYLE],
  };
}

function sources(texts: readonly string[]): string {
  const hash = (text: string): string => createHash("sha256").update(text).digest("base64");
  return texts.map((text) => `'sha256-${hash(text)}'`).join(" ");
}

// Nothing but these very scripts and styles may act, and nothing may be fetched.
function policy(parts: Inlined): string {
  return (
    `default-src 'none'; script-src ${sources(parts.scripts)}; ` +
    `style-src ${sources(parts.styles)}; base-uri 'none'; form-action 'none'`
  );
}

function figure(id: string, caption: string): string {
  return `<figure><div class="plot" id="${id}"></div><figcaption>${caption}</figcaption></figure>`;
}

function closeUp(findings: Findings): string {
  const { snapshot } = findings.closeUp;
  if (snapshot === null) return "";
  return figure("close-up", `Every frame around the ${html(snapshot.class)} short (dashed).`);
}

function resistances(findings: Findings, verdict: VerdictRecord): string {
  // One point is no curve.
  if (findings.halfCycles.count < 2) return "";
  const keys =
    '<span class="key charge"></span>charge<span class="key discharge"></span>discharge' +
    '<span class="key bulk"></span> pellet alone (thickness / conductivity)';
  const failed = (verdict.ccd?.bracketMaCm2 ?? null) !== null;
  const bracket = failed ? " Dotted: last level completed and level that failed." : "";
  const caption = `|V| / |j| at the end of each half cycle.${keys}.${bracket}`;
  return `<h2>Areal resistance</h2>${figure("resistance", caption)}`;
}

// A staircase is no cycling: each of its cycles is another experiment.
function cycles(findings: Findings, verdict: VerdictRecord): string {
  if (findings.cycles.count < 2 || verdict.ccd !== undefined) return "";
  const keys = '<span class="key charge"></span>charge<span class="key discharge"></span>discharge';
  const specific = findings.cycles.kept[0].dischargeMahPerG !== undefined;
  const kind = specific
    ? "Capacity of each cycle, by the active mass"
    : "Areal capacity of each cycle";
  const capacity = figure("capacity", `${kind}.${keys}.`);
  const known = findings.cycles.kept.some((one) => one.coulombicEfficiency !== null);
  if (!known) return `<h2>Cycles</h2>${capacity}`;
  const efficiency = "Coulombic efficiency of each cycle: discharge over charge.";
  return `<h2>Cycles</h2>${capacity}${figure("efficiency", efficiency)}`;
}

const SIMULATED = "All figures describe a simulated cell, measured by a simulated board.";
const REAL = "All figures are as the board has measured them.";

/** The whole page. The same run gives the same text. */
export function reportPage(run: Run, findings: Findings, verdict: VerdictRecord): string {
  const parts = inlined();
  const { thicknessCm, conductivitySPerCm } = run.plan.cell.electrolyte;
  const data = plotData(findings, verdict, thicknessCm / conductivitySPerCm);
  const scripts = parts.scripts.map((text) => `<script>${text}</script>`).join("\n");
  const styles = parts.styles.map((text) => `<style>${text}</style>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${html(policy(parts))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${html(heading(run, verdict))}</title>
${styles}
</head>
<body>
${summary(run, findings, verdict)}
${staircaseSection(run.plan, verdict)}
<h2>Voltage and current</h2>
${figure("voltage", "Voltage. Dashed: shorts and faults the channel reported.")}
${figure("density", "Measured current density; positive charges.")}
${cycles(findings, verdict)}
${resistances(findings, verdict)}
${eventTable(findings)}
${closeUp(findings)}
${evidenceSection(findings)}
${conditions(run)}
${reproduction(run, bundleHash())}
<footer>${run.seed === null ? REAL : SIMULATED}</footer>
<script type="application/json" id="data">${inlineJson(data)}</script>
${scripts}
</body>
</html>
`;
}
