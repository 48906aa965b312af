// The result of a critical-current-density test with everything it depends on: what another lab
// needs to repeat it, and to know whether two results may be compared.
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_ONE_WAY, STEP_CCD } from "../../firmware/protocol.ts";
import { densityOf, staircaseRule } from "../ccd-lines.ts";
import type { CcdResult, VerdictRecord } from "../event-record.ts";
import type { Plan } from "../plan.ts";
import { duration, level, significant } from "../quantity.ts";
import { levelCount, levelCurrent } from "../staircase.ts";
import { html } from "./escape.ts";

/** N/cm² to MPa. */
const MPA_PER_N_CM2 = 0.01;

function cells(texts: readonly string[]): string {
  return texts.map((text) => `<td class="number">${html(text)}</td>`).join("");
}

function capacity(mahCm2: number | null): string {
  return mahCm2 === null ? "–" : significant(mahCm2, 4);
}

function current(maCm2: number | null | undefined): string {
  return maCm2 === null || maCm2 === undefined ? "–" : level(maCm2);
}

function results(ccd: CcdResult): string {
  const rows: readonly (readonly [string, string, string])[] = [
    ["Last level completed", current(ccd.lastCompletedMaCm2), "–"],
    ["Level that failed", current(ccd.bracketMaCm2?.[1]), "–"],
    ["First soft short", current(ccd.softMaCm2), capacity(ccd.softCumulativeArealCapacityMahCm2)],
    ["Irreversible short", current(ccd.hardMaCm2), capacity(ccd.hardCumulativeArealCapacityMahCm2)],
    ["End of the test", "–", capacity(ccd.cumulativeArealCapacityMahCm2)],
  ];
  const body = rows.map(([name, ...figures]) => `<tr><td>${name}</td>${cells(figures)}</tr>`);
  return (
    '<table class="result"><thead><tr><th></th><th class="number">Current density / mA cm⁻²</th>' +
    '<th class="number">Cumulative areal capacity / mAh cm⁻²</th></tr></thead>' +
    `<tbody>${body.join("")}</tbody></table>`
  );
}

/** The conditions of a staircase, name and value. */
function conditions(step: Step, plan: Plan): (readonly [string, string])[] {
  const { cell } = plan;
  const rule = staircaseRule(step, cell);
  const top = densityOf(levelCurrent(step, levelCount(step) - 1), cell);
  const mode = step.duration > 0 ? "constant time" : "constant capacity";
  const oneWay = (step.flags & FLAG_ONE_WAY) !== 0;
  const pressure = (cell.clampForceN / cell.areaCm2) * MPA_PER_N_CM2;
  return [
    ["Levels", `${densityOf(step.current, cell)} to ${top} mA/cm² ${rule.levels}`],
    ["Half cycle", `${mode}, ${rule.halfCycle}`],
    ["A level", `${step.count} ${oneWay ? "charging half cycle" : "cycle"}${plural(step.count)}`],
    ["Rest before a half cycle", step.rest > 0 ? duration(step.rest) : "none"],
    ["Voltage window", `${step.voltageMin} to ${step.voltageMax} V`],
    ["Stack pressure", `${significant(pressure, 3)} MPa`],
    ["Temperature", `${cell.temperatureC} °C`],
    ["Protocol, SHA-256", plan.hash],
  ];
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}

const RULE =
  "A level fails by a hard short, by leaving the voltage window, or when a soft short that began " +
  "in it stands through one whole further level. Capacities count both directions, from the " +
  "beginning of the run.";

/** The section of a staircase; "" for other tests. */
export function staircaseSection(plan: Plan, verdict: VerdictRecord): string {
  const step = plan.steps.find((one) => one.kind === STEP_CCD);
  if (verdict.ccd === undefined || step === undefined) return "";
  const rows = conditions(step, plan).map(([name, value]) => {
    return `<tr><td>${html(name)}</td><td>${html(value)}</td></tr>`;
  });
  return (
    `<h2>Critical current density</h2>${results(verdict.ccd)}` +
    `<table class="conditions"><tbody>${rows.join("")}</tbody></table><p class="note">${RULE}</p>`
  );
}
