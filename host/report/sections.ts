// The written parts of a report.
import { STEP_CCD } from "../../firmware/protocol.ts";
import type { Cell } from "../cell-file.ts";
import { nominalCapacityMah } from "../cell-file.ts";
import { stepStarts } from "../compiled/ground.ts";
import { evidence, sentence, title } from "../describe.ts";
import type { CcdResult, VerdictRecord } from "../event-record.ts";
import type { Run } from "../meta.ts";
import { duration, level, significant, testTime } from "../quantity.ts";
import { programLines } from "../program-lines.ts";
import type { Protocol } from "../protocol/form.ts";
import { version } from "../version.ts";
import { cycleRows } from "./cycle-rows.ts";
import { html } from "./escape.ts";
import type { Findings } from "./findings.ts";
import { tone } from "./tone.ts";

type Row = readonly [name: string, value: string];

const GOOD = ["healthy"];
const BAD = ["hard-short"];

function figures(rows: readonly Row[]): string {
  const items = rows.map(([name, value]) => {
    return `<div><dt>${html(name)}</dt><dd>${html(value)}</dd></div>`;
  });
  return `<dl class="figures">${items.join("")}</dl>`;
}

function orNone(maCm2: number | null): string {
  return maCm2 === null ? "none" : `${level(maCm2)} mA/cm²`;
}

function leakage(ccd: CcdResult): string {
  const percent = (share: number): string => significant(share * 100, 3);
  const sigma = ccd.leakageFractionUncertainty;
  const size = percent(ccd.leakageFraction);
  return sigma === null ? `${size} %` : `${size} ± ${percent(sigma)} %`;
}

function ccdRows(verdict: VerdictRecord): Row[] {
  const { ccd } = verdict;
  if (ccd === undefined) return [];
  const bracket = ccd.bracketMaCm2;
  const above = ccd.lastCompletedMaCm2 === null ? "–" : `> ${level(ccd.lastCompletedMaCm2)} mA/cm²`;
  return [
    [
      "Critical current density",
      bracket === null ? above : `${level(bracket[0])} – ${level(bracket[1])} mA/cm²`,
    ],
    ["Last level completed", orNone(ccd.lastCompletedMaCm2)],
    ["First soft short", orNone(ccd.softMaCm2)],
    ["Irreversible short", orNone(ccd.hardMaCm2)],
    ["Cumulative areal capacity", `${significant(ccd.cumulativeArealCapacityMahCm2, 4)} mAh/cm²`],
    ["Leakage fraction", leakage(ccd)],
  ];
}

function span(low: number, high: number, digits: number): string {
  if (!Number.isFinite(low)) return "–";
  const ends = [low.toFixed(digits), high.toFixed(digits)];
  return ends[0] === ends[1] ? ends[0] : ends.join(" – ");
}

/** What the page is about, in one line. */
export function heading(run: Run, verdict: VerdictRecord): string {
  const { cell, protocol } = run.plan;
  if (verdict.ccd !== undefined) return `Critical current density of ${cell.name}`;
  return `${cell.name}: protocol ${protocol.name}`;
}

/** Title, verdict and the figures that go with it. */
export function summary(run: Run, findings: Findings, verdict: VerdictRecord): string {
  const bad = BAD.includes(verdict.verdict) || verdict.end === "fault" ? "bad" : "warn";
  const standing = GOOD.includes(verdict.verdict) && verdict.end !== "fault" ? "" : bad;
  const what = run.seed === null ? "Cell" : "Simulated cell";
  const seed = run.seed === null ? "" : ` · seed ${run.seed}`;
  const kind = `${what} · protocol ${run.plan.protocol.name}${seed}`;
  const rows: Row[] = [
    ...ccdRows(verdict),
    ...cycleRows(findings, verdict),
    ["Test time", duration((findings.last?.timeMs ?? 0) / 1000)],
    ["Clamp force", `${span(findings.forceMinN, findings.forceMaxN, 0)} N`],
    ["Temperature", `${span(findings.temperatureMinC, findings.temperatureMaxC, 1)} °C`],
  ];
  return (
    `<header><p class="kind">${html(kind)}</p><h1>${html(heading(run, verdict))}</h1></header>` +
    `<p class="verdict ${standing}">${html(sentence(verdict))}</p>${figures(rows)}`
  );
}

function capacityRows(cell: Cell): Row[] {
  const { activeMassMg, specificCapacityMahPerG } = cell;
  const nominal = nominalCapacityMah(cell);
  const specific =
    specificCapacityMahPerG === undefined ? "" : ` at ${specificCapacityMahPerG} mAh/g`;
  return [
    ...(activeMassMg === undefined ? [] : [["Active mass", `${activeMassMg} mg`] as const]),
    ...(nominal === null
      ? []
      : [["Nominal capacity", `${significant(nominal, 4)} mAh${specific}`] as const]),
  ];
}

/** The cell as the instrument knows it, and the program it ran. */
export function conditions(run: Run): string {
  const { cell, steps, board, protocol } = run.plan;
  const { thicknessCm, conductivitySPerCm, activationEnergyEv } = cell.electrolyte;
  const [low, high] = cell.voltageWindowV;
  const share = (value: number): string => `± ${significant(value * 100, 2)} %`;
  const rows: Row[] = [
    ["Electrode area", `${cell.areaCm2} cm² ${share(cell.uncertainty.area)}`],
    ["Electrolyte thickness", `${thicknessCm} cm ${share(cell.uncertainty.thickness)}`],
    [
      "Conductivity at 25 °C",
      `${significant(conductivitySPerCm * 1000, 4)} mS/cm ${share(cell.uncertainty.conductivity)}`,
    ],
    ["Activation energy", `${activationEnergyEv} eV`],
    ["Clamp force asked for", `${cell.clampForceN} N`],
    ...capacityRows(cell),
    ["Voltage window", `${low} to ${high} V`],
  ];
  const program = programLines(steps, cell, board, stepStarts(protocol.method)).join("\n");
  return `<h2>Cell and program</h2>${figures(rows)}<pre>${html(program)}</pre>`;
}

/** Everything the channel noticed, with the figures it decided by. */
export function eventTable(findings: Findings): string {
  if (findings.signs.length === 0) return "<h2>Events</h2><p>None.</p>";
  const rows = findings.signs.map(({ record, setpointMaCm2 }) => {
    const at = setpointMaCm2 === 0 ? "–" : level(setpointMaCm2);
    return (
      `<tr class="${tone(record)}"><td class="number">${testTime(record.t)}</td>` +
      `<td>${html(title(record))}</td><td class="number">${html(at)}</td>` +
      `<td>${html(evidence(record))}</td></tr>`
    );
  });
  const more = findings.signsLeftOut;
  const note = more > 0 ? `<p class="note">${more} more are in the event file.</p>` : "";
  return (
    '<h2>Events</h2><table><thead><tr><th class="number">Test time</th><th>Event</th>' +
    '<th class="number">Set-point / mA cm⁻²</th><th>Evidence</th></tr></thead>' +
    `<tbody>${rows.join("")}</tbody></table>${note}`
  );
}

const CAUTION =
  " Critical current densities depend on step height, charge per half cycle and rest: compare " +
  "them only within one protocol.";

function protocolText(protocol: Protocol): string {
  const { method, ...head } = protocol;
  const steps = method.map((step) => `    ${JSON.stringify(step)}`).join(",\n");
  const opening = JSON.stringify({ cyclet: 1, ...head }).slice(0, -1);
  return `${opening},\n  "method": [\n${steps}\n  ]\n}`;
}

/** How to get the same run again. */
export function reproduction(run: Run, bundle: string): string {
  const hasStaircase = run.plan.steps.some((step) => step.kind === STEP_CCD);
  const lines = [
    run.command,
    "",
    `cyclet ${version()}, program file SHA-256 ${bundle}`,
    `protocol SHA-256 ${run.plan.hash}`,
    ...(run.seed === null ? [] : [`seed ${run.seed}`]),
  ];
  const same = "The same command with the same program file gives the same bytes in all files. ";
  return (
    `<h2>How to reproduce</h2><pre>${html(lines.join("\n"))}</pre>` +
    `<p class="note">${run.seed === null ? "" : same}` +
    "On another channel: this protocol file, with a cell file of the cell's own. Its hash " +
    `is that of the steps compiled for the electrode's area.${hasStaircase ? CAUTION : ""}</p>` +
    `<pre>${html(protocolText(run.plan.protocol))}</pre>`
  );
}
