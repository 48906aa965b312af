// What the report shows, gathered while the run goes on, in bounded memory.
import type { FrameMessage } from "../../firmware/telemetry.ts";
import type { Envelope } from "../decimate.ts";
import { addPoint, createEnvelope } from "../decimate.ts";
import type { SignRecord } from "../event-record.ts";
import { density, micro } from "../quantity.ts";
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
  /** |V| / |j| in its last frame, Ω cm². */
  arealResistance: number;
}

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
  readonly halfCycles: HalfCycle[];
  /** Events other than steps and pulses; the first ones, should there be many. */
  readonly signs: Sign[];
  signsLeftOut: number;
  readonly observations: Observations;
  /** Every how many half cycles one is kept. */
  stride: number;
  halfCycleCount: number;
  setpointMaCm2: number;
  last: FrameMessage | null;
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
    halfCycles: [],
    signs: [],
    signsLeftOut: 0,
    observations: new Map(),
    stride: 1,
    halfCycleCount: 0,
    setpointMaCm2: 0,
    last: null,
    forceMinN: Infinity,
    forceMaxN: -Infinity,
    temperatureMinC: Infinity,
    temperatureMaxC: -Infinity,
  };
}

/** Closes the half cycle that the last frame belongs to, if it does. */
export function endHalfCycle(findings: Findings): void {
  const { last, halfCycles } = findings;
  if (last === null || last.direction === 0 || last.currentPa === 0) return;
  const number = ++findings.halfCycleCount;
  if ((number - 1) % findings.stride !== 0) return;
  const ohms = Math.abs((last.voltageUv * 1e6) / last.currentPa);
  halfCycles.push({
    number,
    direction: last.direction,
    levelMaCm2: Math.abs(density(last.setpointPa, findings.areaCm2)),
    arealResistance: micro(ohms * findings.areaCm2),
  });
  if (halfCycles.length <= HALF_CYCLES_MAX) return;
  findings.stride *= 2;
  const kept = halfCycles.filter((_, i) => i % 2 === 0);
  halfCycles.splice(0, halfCycles.length, ...kept);
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
}

/** Takes in an event. */
export function addSign(findings: Findings, record: SignRecord): void {
  followSign(findings.closeUp, record);
  if (record.event === "step") {
    findings.setpointMaCm2 = record.setpointMaCm2;
  } else if (record.event === "pulse") {
    // A measurement that every half cycle has: in the event file, not among the findings.
    return;
  } else if (findings.signs.length < SIGNS_MAX) {
    findings.signs.push({ record, setpointMaCm2: findings.setpointMaCm2 });
  } else {
    findings.signsLeftOut++;
  }
}
