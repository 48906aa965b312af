// What each event was decided on: its readings as small plots, its figures beside them.
import { figures, title } from "../describe.ts";
import type { SignRecord } from "../event-record.ts";
import type { Reading } from "../evidence-file.ts";
import { level, micro, significant, testTime } from "../quantity.ts";
import { html } from "./escape.ts";
import type { Findings, Sign } from "./findings.ts";
import type { Observation } from "./observations.ts";
import { tone } from "./tone.ts";

/** Events shown: of more, the first and the last. */
const FIRST = 20;
const LAST = 10;
/** Proofs shown with the event that they followed. */
const PROOFS_MAX = 6;

/** An event with its readings and the proofs that followed it. */
interface Exhibit {
  number: number;
  sign: Sign;
  observation: Observation;
  proofs: SignRecord[];
}

function proofsAfter(signs: readonly Sign[], at: number): SignRecord[] {
  const proofs: SignRecord[] = [];
  for (const { record } of signs.slice(at + 1)) {
    if (record.event === "short" || record.event === "recovered") break;
    if (record.event === "proof" && proofs.length < PROOFS_MAX) proofs.push(record);
  }
  return proofs;
}

function exhibits(findings: Findings): Exhibit[] {
  const { signs, observations } = findings;
  const all = signs.flatMap((sign, at): Exhibit[] => {
    const number = sign.record.evidence ?? 0;
    const observation = observations.get(number);
    if (observation === undefined) return [];
    const proofs = sign.record.event === "short" ? proofsAfter(signs, at) : [];
    return [{ number, sign, observation, proofs }];
  });
  return all.length <= FIRST + LAST ? all : [...all.slice(0, FIRST), ...all.slice(-LAST)];
}

function inOrder(readings: readonly Reading[]): Reading[] {
  return [...readings].sort((a, b) => a.time - b.time);
}

/** Ω cm² that the areal resistance fell below, null where the rule has no such bound. */
function boundOf(record: SignRecord): number | null {
  return record.event === "short" && record.rule !== "charge" ? record.threshold : null;
}

function curve(readings: Reading[], origin: number, perSecond: number, scale: number) {
  return [
    readings.map(({ time }) => micro((time - origin) * perSecond)),
    readings.map(({ voltage }) => micro(voltage * scale)),
  ];
}

function plot({ number, sign, observation }: Exhibit, areaCm2: number): object {
  const frames = inOrder(observation.frames);
  const burst = inOrder(observation.burst);
  const largest = [...frames, ...burst].reduce(
    (most, one) => Math.max(most, Math.abs(one.voltage)),
    0,
  );
  const [scale, unit] = largest < 1 ? [1000, "mV"] : [1, "V"];
  const bound = boundOf(sign.record);
  const [times, voltages] = curve(frames, sign.record.t, 1, scale);
  const densities = frames.map((one) => micro((one.current * 1000) / areaCm2));
  const bounds = frames.map((one) => {
    return bound === null ? null : micro((bound / areaCm2) * one.current * scale);
  });
  return {
    id: `evidence-${number}`,
    tone: tone(sign.record),
    label: `Voltage / ${unit}`,
    frames: frames.length > 0 ? [times, voltages, densities, bounds] : null,
    burst: burst.length > 0 ? curve(burst, burst[0].time, 1000, scale) : null,
  };
}

/** The numbers behind the plots; s from the event, ms from a burst's first reading. */
export function evidenceData(findings: Findings): object[] {
  return exhibits(findings).map((exhibit) => plot(exhibit, findings.areaCm2));
}

function figuresOf(record: SignRecord): (readonly [string, string])[] {
  if (record.event === "short") {
    const [value, threshold] = figures(record);
    return [
      ["Rule", record.rule],
      ["Value", value],
      ["Threshold", threshold],
      ["Confidence", `${significant(record.confidence * 100, 3)} %`],
    ];
  }
  if (record.event === "proof") {
    const [value, threshold] = figures(record);
    return [
      ["Method", record.method],
      ["Value", value],
      ["Threshold", threshold],
    ];
  }
  return record.event === "trend" ? [["Growth", `× ${significant(record.value, 3)}`]] : [];
}

function proofWords(record: SignRecord): string {
  if (record.event !== "proof") return "";
  const [value, threshold] = figures(record);
  return `${record.result} (${record.method}: ${value}, threshold ${threshold})`;
}

function article({ number, sign, observation, proofs }: Exhibit): string {
  const { record, setpointMaCm2 } = sign;
  const at = setpointMaCm2 === 0 ? "rest" : `${level(setpointMaCm2)} mA/cm²`;
  const rows = [...figuresOf(record), ["Set-point", at] as const];
  rows.push(...proofs.map((proof) => ["Proof", proofWords(proof)] as const));
  const list = rows.map(([name, value]) => `<dt>${html(name)}</dt><dd>${html(value)}</dd>`);
  const place = (id: string): string => `<div class="plot small" id="${id}"></div>`;
  const id = `evidence-${number}`;
  const plots =
    (observation.frames.length > 0 ? place(id) : "") +
    (observation.burst.length > 0 ? place(`${id}-burst`) : "");
  return (
    `<article><h3>${number}. ${html(title(record))}, ${testTime(record.t)}</h3>` +
    `<div class="exhibit"><div>${plots}</div><dl>${list.join("")}</dl></div></article>`
  );
}

/** The section of all exhibits; "" when the channel has sent no evidence. */
export function evidenceSection(findings: Findings): string {
  const shown = exhibits(findings);
  if (shown.length === 0) return "";
  const note =
    '<p class="note">Readings at full rate around the event (dashed upright), and readings taken ' +
    "faster than frames. Red: the voltage at the threshold. Blue: current density. All of them " +
    "are in the evidence file.</p>";
  return `<h2>Evidence</h2>${note}${shown.map(article).join("")}`;
}
