// Drives the virtual cell through a trace, frame by frame. Labels are the cell's own state: when a
// bridge formed, how much current it took, when it latched.
import type { RecordedFrame } from "../../boards/replay.ts";
import { advanceCell, createCell, setTemperature } from "../../sim/cell.ts";
import type { Cell } from "../../sim/cell-state.ts";
import { createStream, createStreams, gaussian } from "../../sim/random.ts";
import type { Stream, Streams } from "../../sim/random.ts";
import type { Meter } from "./measurement.ts";
import { createMeter, read } from "./measurement.ts";
import type { Episode, Moment, Stage, TraceSpec } from "./scenario.ts";

const COMPLIANCE_V = 5.2;
/** Frames are late or early by this share of their distance (1 sigma). */
const JITTER = 0.01;
const LONG_STEP_S = 60;
const LATCHED = 3;
const BRIDGED = 1;
/** Temperature of the cell is followed in steps of this, K. */
const TEMPERATURE_STEP_K = 1e-3;

/** A trace under way, and its labels so far. */
export interface Trace {
  spec: TraceSpec;
  cell: Cell;
  moment: Moment;
  meter: Meter;
  streams: Streams;
  jitter: Stream;
  stage: Stage;
  stages: number;
  stageFromS: number;
  direction: number;
  reversedS: number;
  startedS: number;
  bulkOhmCm2: number;
  /** Areal resistance that shares refer to, Ω cm². */
  nominalOhmCm2: number;
  injectedMsCm2: number;
  episodes: Episode[];
  /** Hard latch, s; NaN = none. */
  hardS: number;
}

function createMoment(cell: Cell): Moment {
  return {
    cell,
    timeS: 0,
    dtS: 0,
    halfCycle: 0,
    sinceReversalS: 0,
    setpointA: 0,
    away: false,
    bridgeMsCm2: 0,
    latch: false,
    resistanceShare: 0,
    contactOhm: 0,
    open: false,
    temperatureC: 0,
    forceN: 0,
    signalV: 0,
    signalShare: 0,
    stuckV: NaN,
    missing: false,
  };
}

/** A trace at its first frame: the cell is aged where the spec asks for it. */
export function createTrace(spec: TraceSpec): Trace {
  const cell = createCell(spec.input);
  const trace: Trace = {
    spec,
    cell,
    moment: createMoment(cell),
    meter: createMeter(spec, cell.voltageV),
    streams: createStreams(spec.seed),
    jitter: createStream(spec.seed, `jitter, ${spec.name}`),
    stage: spec.stage(0),
    stages: 1,
    stageFromS: 0,
    direction: 0,
    reversedS: 0,
    startedS: 0,
    bulkOhmCm2: cell.bulkOhmCm2,
    nominalOhmCm2: cell.bulkOhmCm2 + cell.a.interfaceOhmCm2 + cell.b.interfaceOhmCm2,
    injectedMsCm2: 0,
    episodes: [],
    hardS: NaN,
  };
  enter(trace, 0);
  if (spec.aged !== undefined) age(trace, spec.aged);
  trace.startedS = cell.timeS;
  trace.moment.timeS = cell.timeS;
  return trace;
}

/** Takes note that a stage begins at `timeS`. */
function enter(trace: Trace, timeS: number): void {
  const { stage, moment } = trace;
  trace.stageFromS = timeS;
  moment.setpointA = stage.currentA;
  if (stage.currentA === 0) return;
  moment.halfCycle++;
  if (Math.sign(stage.currentA) !== trace.direction) trace.reversedS = timeS;
  trace.direction = Math.sign(stage.currentA);
}

function over(trace: Trace, timeS: number): boolean {
  const { stage, cell } = trace;
  if (timeS - trace.stageFromS >= stage.durationS) return true;
  if (stage.untilV === undefined) return false;
  const up = stage.currentA > 0;
  return up ? cell.voltageV >= stage.untilV : cell.voltageV <= stage.untilV;
}

function follow(trace: Trace, timeS: number): void {
  if (!over(trace, timeS)) return;
  trace.stage = trace.spec.stage(trace.stages++);
  enter(trace, timeS);
}

function age(trace: Trace, aged: (cell: Cell) => boolean): void {
  const { cell, streams } = trace;
  cell.longStepS = LONG_STEP_S;
  while (!aged(cell)) {
    follow(trace, cell.timeS);
    const left = trace.stageFromS + trace.stage.durationS - cell.timeS;
    const stepS = Math.min(left, LONG_STEP_S);
    advanceCell(cell, streams, cell.timeS + stepS, trace.stage.currentA, COMPLIANCE_V);
  }
  cell.longStepS = 1;
}

/** Clears what effects add, and lets them add it anew. */
function disturb(trace: Trace): void {
  const { moment, spec } = trace;
  moment.sinceReversalS = moment.timeS - trace.reversedS;
  moment.away = moment.open = moment.missing = false;
  moment.bridgeMsCm2 = moment.resistanceShare = moment.contactOhm = 0;
  moment.temperatureC = spec.input.temperatureC;
  moment.forceN = moment.signalV = moment.signalShare = 0;
  moment.stuckV = NaN;
  for (const effect of spec.effects) effect(moment);
}

function bridge(trace: Trace): void {
  const { moment, cell } = trace;
  const { short } = cell;
  if (moment.latch && short.state !== LATCHED) short.state = LATCHED;
  if (moment.bridgeMsCm2 !== trace.injectedMsCm2) {
    short.conductanceMsCm2 = moment.bridgeMsCm2;
    trace.injectedMsCm2 = moment.bridgeMsCm2;
    if (short.state !== LATCHED) short.state = moment.bridgeMsCm2 > 0 ? BRIDGED : 0;
  }
}

function drive(trace: Trace): void {
  const { moment, cell, streams } = trace;
  cell.bulkOhmCm2 = trace.bulkOhmCm2 + moment.resistanceShare * trace.nominalOhmCm2;
  if (Math.abs(moment.temperatureC - cell.temperatureC) >= TEMPERATURE_STEP_K) {
    setTemperature(cell, moment.temperatureC);
  }
  const targetA = moment.away || moment.open ? 0 : moment.setpointA;
  advanceCell(cell, streams, moment.timeS, targetA, COMPLIANCE_V);
}

function label(trace: Trace): void {
  const { cell, episodes, moment } = trace;
  const { short } = cell;
  const last = episodes.length - 1;
  const standing = last >= 0 && episodes[last].toS === Infinity;
  if (short.conductanceMsCm2 === 0) {
    if (standing) episodes[last].toS = moment.timeS;
  } else {
    if (!standing) episodes.push({ fromS: moment.timeS, toS: Infinity, share: 0 });
    const episode = episodes[episodes.length - 1];
    const through = Math.abs(short.conductanceMsCm2 * cell.voltageV * cell.areaCm2) / 1000;
    const share = through / Math.max(Math.abs(cell.currentA), 1e-9);
    episode.share = Math.max(episode.share, Math.min(share, 1));
  }
  if (short.state === LATCHED && trace.hardS !== trace.hardS) trace.hardS = moment.timeS;
}

function ended(trace: Trace): boolean {
  const { spec, moment } = trace;
  const limit = spec.afterLatchS;
  if (limit !== undefined && moment.timeS - trace.hardS > limit) return true;
  return moment.timeS - trace.startedS >= spec.durationS;
}

/** Takes the next frame into `frame`; false = the trace is over. */
export function next(trace: Trace, frame: RecordedFrame): boolean {
  const { moment, cell, spec } = trace;
  do {
    if (ended(trace)) return false;
    const period = (1 + JITTER * gaussian(trace.jitter)) / spec.rateHz;
    moment.dtS = period;
    moment.timeS += period;
    follow(trace, moment.timeS);
    disturb(trace);
    bridge(trace);
    drive(trace);
    if (spec.quietBridge !== true) label(trace);
  } while (moment.missing);
  let terminalV = cell.voltageV + cell.currentA * moment.contactOhm;
  if (moment.open) terminalV = COMPLIANCE_V * Math.sign(moment.setpointA);
  read(trace.meter, moment, terminalV, cell.currentA, frame);
  return true;
}
