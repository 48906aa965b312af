// What the report shows, gathered while the run goes on, in bounded memory.
import type { FrameMessage } from "../../firmware/telemetry.ts";
import type { Envelope } from "../decimate.ts";
import { addPoint, createEnvelope } from "../decimate.ts";
import type { SignRecord } from "../event-record.ts";
import { isMeasurement } from "../lines.ts";
import { density, micro } from "../quantity.ts";
import type { Thinned } from "../thinned.ts";
import { addThinned, createThinned } from "../thinned.ts";
import type { CloseUp } from "./close-up.ts";
import { createCloseUp, followFrame, followSign } from "./close-up.ts";
import type { Observations } from "./observations.ts";

/** The end of a half cycle. */
export interface HalfCycle {
  /** Counted from 1. */
  number: number;
  /** 1 charge, -1 discharge. */
  direction: number;
  levelMaCm2: number;
  /** |V| / |j| in its last frame under current, Ω cm². */
  arealResistance: number;
}

/** A cycle's event. */
export type CycleSign = SignRecord & { event: "cycle" };

/** An event and the current density it fell into. */
export interface Sign {
  record: SignRecord;
  setpointMaCm2: number;
}

export interface Findings {
  readonly areaCm2: number;
  readonly voltage: Envelope;
  readonly currentDensity: Envelope;
  readonly closeUp: CloseUp;
  readonly halfCycles: Thinned<HalfCycle>;
  readonly cycles: Thinned<CycleSign>;
  /** Events other than steps and pulses; the first ones, should there be many. */
  /** The first and the last of all, and those with an efficiency: how many, and their sum. */
  firstCycle: CycleSign | null;
  lastCycle: CycleSign | null;
  efficiencies: number;
  efficiencySum: number;
  readonly signs: Sign[];
  signsLeftOut: number;
  readonly observations: Observations;
  setpointMaCm2: number;
  last: FrameMessage | null;
  /** The last frame under current of the step under way: some steps end at rest. */
  live: FrameMessage | null;
  forceMinN: number;
  forceMaxN: number;
  temperatureMinC: number;
  temperatureMaxC: number;
}

const HALF_CYCLES_MAX = 4000;
const SIGNS_MAX = 500;

/** Nothing found yet. */
export function createFindings(areaCm2: number): Findings {
  return {
    areaCm2,
    voltage: createEnvelope(1),
    currentDensity: createEnvelope(1),
    closeUp: createCloseUp(),
    halfCycles: createThinned(HALF_CYCLES_MAX),
    cycles: createThinned(HALF_CYCLES_MAX),
    ...{ firstCycle: null, lastCycle: null, efficiencies: 0, efficiencySum: 0 },
    signs: [],
    signsLeftOut: 0,
    observations: new Map(),
    setpointMaCm2: 0,
    last: null,
    live: null,
    forceMinN: Infinity,
    forceMaxN: -Infinity,
    temperatureMinC: Infinity,
    temperatureMaxC: -Infinity,
  };
}

/** Closes the half cycle under way, if there is one. */
export function endHalfCycle(findings: Findings): void {
  const { live: last, halfCycles } = findings;
  findings.live = null;
  if (last === null || last.currentPa === 0) return;
  const ohms = Math.abs((last.voltageUv * 1e6) / last.currentPa);
  addThinned(halfCycles, {
    number: halfCycles.count + 1,
    direction: last.direction,
    levelMaCm2: Math.abs(density(last.setpointPa, findings.areaCm2)),
    arealResistance: micro(ohms * findings.areaCm2),
  });
}

/** Takes in a frame. */
export function addFrame(findings: Findings, frame: FrameMessage): void {
  if (findings.last !== null && frame.stepCount !== findings.last.stepCount) {
    endHalfCycle(findings);
  }
  const seconds = frame.timeMs / 1000;
  addPoint(findings.voltage, seconds, frame.voltageUv / 1e6);
  addPoint(findings.currentDensity, seconds, density(frame.currentPa, findings.areaCm2));
  followFrame(findings.closeUp, frame);
  const newtons = frame.forceMn / 1000;
  const celsius = frame.temperatureMc / 1000;
  findings.forceMinN = Math.min(findings.forceMinN, newtons);
  findings.forceMaxN = Math.max(findings.forceMaxN, newtons);
  findings.temperatureMinC = Math.min(findings.temperatureMinC, celsius);
  findings.temperatureMaxC = Math.max(findings.temperatureMaxC, celsius);
  findings.last = frame;
  if (frame.direction !== 0) findings.live = frame;
}

function addCycle(findings: Findings, record: CycleSign): void {
  addThinned(findings.cycles, record);
  findings.firstCycle ??= record;
  findings.lastCycle = record;
  if (record.coulombicEfficiency === null) return;
  findings.efficiencies++;
  findings.efficiencySum += record.coulombicEfficiency;
}

/** Takes in an event. */
export function addSign(findings: Findings, record: SignRecord): void {
  followSign(findings.closeUp, record);
  if (record.event === "step") {
    findings.setpointMaCm2 = record.setpointMaCm2;
  } else if (record.event === "cycle") {
    addCycle(findings, record);
  } else if (isMeasurement(record)) {
    // What every cycle has: in files of its own, not among the findings.
    return;
  } else if (findings.signs.length < SIGNS_MAX) {
    findings.signs.push({ record, setpointMaCm2: findings.setpointMaCm2 });
  } else {
    findings.signsLeftOut++;
  }
}
