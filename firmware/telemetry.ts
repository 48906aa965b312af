// What goes over the line: one JSON array a line, whole numbers only, so that a slow interpreter's
// decimal text loses nothing. The board encodes, the host decodes; both directions stand here.

/** One recorded frame. */
export interface FrameMessage {
  sequence: number;
  /** Time since the run's start, ms. */
  timeMs: number;
  voltageUv: number;
  currentPa: number;
  setpointPa: number;
  forceMn: number;
  temperatureMc: number;
  /** Index of the program's step. */
  step: number;
  /** Executed steps so far, a half cycle counting as one. */
  stepCount: number;
  cycleCount: number;
  /** 0 rest, 1 charge, -1 discharge. */
  direction: number;
  /** Charge since the run's start, each direction on its own, µC. */
  chargeInUc: number;
  chargeOutUc: number;
}

// Places of the same values in the line, after its tag.
export const FRAME_SEQUENCE = 0;
export const FRAME_TIME_MS = 1;
export const FRAME_VOLTAGE_UV = 2;
export const FRAME_CURRENT_PA = 3;
export const FRAME_SETPOINT_PA = 4;
export const FRAME_FORCE_MN = 5;
export const FRAME_TEMPERATURE_MC = 6;
export const FRAME_STEP = 7;
export const FRAME_STEP_COUNT = 8;
export const FRAME_CYCLE_COUNT = 9;
export const FRAME_DIRECTION = 10;
export const FRAME_CHARGE_IN_UC = 11;
export const FRAME_CHARGE_OUT_UC = 12;
export const FRAME_VALUES = 13;

export const EVENT_START = 1;
export const EVENT_STEP = 2;
export const EVENT_SHORT = 3;
export const EVENT_RECOVERED = 4;
export const EVENT_CONTACT = 5;
export const EVENT_FAULT = 6;
export const EVENT_UNDECIDABLE = 7;
export const EVENT_VERDICT = 8;
export const EVENT_PROOF = 9;
export const EVENT_TREND = 10;
export const EVENT_COVARIATE = 11;
export const EVENT_PULSE = 12;
export const EVENT_HOLD = 13;
export const EVENT_RESUME = 14;
export const EVENT_GAP = 15;
export const EVENT_IMPEDANCE = 16;

export const CLASS_HARD = 0;
export const CLASS_SOFT = 1;
export const CLASS_INTERMITTENT = 2;
export const CLASS_DECAY = 3;
export const CONTACT_OPEN = 0;
export const CONTACT_INTERMITTENT = 1;
export const RULE_HARD = 0;
export const RULE_BOUND = 1;
export const RULE_STEP = 2;
export const RULE_DIPS = 3;
export const RULE_SLOPE = 4;
export const RULE_CHARGE = 5;
export const TREND_VOID = 0;
export const COVARIATE_THERMAL = 0;
export const COVARIATE_MECHANICAL = 1;

export const METHOD_INTERRUPT = 0;
export const METHOD_HALF_CURRENT = 1;
export const METHOD_SINE = 2;
export const METHOD_BOUND = 3;
export const METHOD_REST = 4;
export const RESULT_INCONCLUSIVE = 0;
export const RESULT_IONIC = 1;
export const RESULT_ELECTRONIC = 2;

// From mild to grave: a graver finding replaces a milder one. Growing voids are a sign (trend), and
// in a staircase its end, when the voltage window is left.
export const VERDICT_HEALTHY = 0;
export const VERDICT_TREND = 1;
export const VERDICT_LOOSE = 2;
export const VERDICT_SOFT = 3;
export const VERDICT_VOID = 4;
export const VERDICT_OPEN = 5;
export const VERDICT_HARD = 6;

/** Why a run ended. */
export const END_FINISHED = 0;
export const END_STOPPED = 1;
export const END_SHORT = 2;
export const END_LIMIT = 3;
export const END_FAULT = 4;

/** One event: its code, ms since the run's start, up to fourteen whole numbers, see `EVENT_…`.
 *
 *  START     steps in the program, hash of the protocol
 *  STEP      program index, executed steps, set-point pA
 *  SHORT     class, rule, value µΩ cm², threshold µΩ cm², confidence ‰
 *  RECOVERED class
 *  CONTACT   class
 *  FAULT     code
 *  UNDECIDABLE rule
 *  PROOF     method, result, value and threshold in millionths of the method's unit
 *  TREND     class, areal resistance over that of the cell's beginning ‰
 *  COVARIATE class
 *  PULSE     set-point pA, areal resistance µΩ cm², temperature m°C
 *  HOLD      what led to it: verdict
 *  RESUME    seconds that it was held
 *  GAP       a loss of power: what follows and what was found (see resume.ts), index of the step
 *            under way (-1 = none), charge that may be missing in the account µC
 *  IMPEDANCE frequency µHz, real and imaginary part µΩ cm² (negative where the voltage lags)
 *  VERDICT   verdict, ms of the first sign or -1, end, is CCD, soft pA, hard pA, last completed
 *            pA, failing pA, censored, areal charge µC/cm² at the end, at the first soft and at the
 *            hard short, leakage ‰ and its standard uncertainty ‰ (-1 = none) */
export interface EventMessage {
  code: number;
  timeMs: number;
  values: number[];
}

function whole(x: number): number {
  return Math.floor(x + 0.5);
}

/** `text`, then `count` of `values` from `from` on; closes the line. */
function encode(text: string, values: Float64Array, from: number, count: number): string {
  for (let i = 0; i < count; i++) text += `,${whole(values[from + i])}`;
  return text + "]";
}

/** A frame as a line, without its line feed; `values` in the places of `FRAME_…`, which are rounded
 *  down. The interpreter itself does that and joins them: this is a board's most frequent line. */
export function encodeFrame(values: Float64Array): string {
  return `["d",${values.map(Math.floor).join()}]`;
}

/** The event at place `at` of a stream (code, how many values, these) as a line, without its line
 *  feed. */
export function encodeEvent(stream: Float64Array, at: number, timeMs: number): string {
  return encode(`["e",${stream[at]},${whole(timeMs)}`, stream, at + 2, stream[at + 1]);
}

/** What was seen around an event at full rate: `event` counts the run's events that have evidence
 *  from 1, `burst` marks readings taken faster than frames, µs from `timeMs`. A line holds a few
 *  points; their values are dt µs, voltage µV, current pA. */
export interface EvidenceMessage {
  event: number;
  burst: boolean;
  timeMs: number;
  points: number[];
}

/** Evidence as a line: `count` values of `values` are sent. */
export function encodeEvidence(
  event: number,
  burst: number,
  timeMs: number,
  values: Float64Array,
  count: number,
): string {
  return encode(`["v",${event},${burst},${whole(timeMs)}`, values, 0, count);
}

function wholeNumbers(line: string, tag: string): number[] | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed[0] !== tag) return null;
  const numbers = parsed.slice(1);
  return numbers.every((n) => typeof n === "number" && Math.abs(n) < Infinity) ? numbers : null;
}

/** The frame in a line, or null when it holds none. */
export function decodeFrame(line: string): FrameMessage | null {
  const n = wholeNumbers(line, "d");
  if (n === null || n.length !== FRAME_VALUES) return null;
  return {
    sequence: n[FRAME_SEQUENCE],
    timeMs: n[FRAME_TIME_MS],
    voltageUv: n[FRAME_VOLTAGE_UV],
    currentPa: n[FRAME_CURRENT_PA],
    setpointPa: n[FRAME_SETPOINT_PA],
    forceMn: n[FRAME_FORCE_MN],
    temperatureMc: n[FRAME_TEMPERATURE_MC],
    step: n[FRAME_STEP],
    stepCount: n[FRAME_STEP_COUNT],
    cycleCount: n[FRAME_CYCLE_COUNT],
    direction: n[FRAME_DIRECTION],
    chargeInUc: n[FRAME_CHARGE_IN_UC],
    chargeOutUc: n[FRAME_CHARGE_OUT_UC],
  };
}

/** The event in a line, or null when it holds none. */
export function decodeEvent(line: string): EventMessage | null {
  const n = wholeNumbers(line, "e");
  if (n === null || n.length < 2) return null;
  return { code: n[0], timeMs: n[1], values: n.slice(2) };
}

/** The evidence in a line, or null when it holds none. */
export function decodeEvidence(line: string): EvidenceMessage | null {
  const n = wholeNumbers(line, "v");
  if (n === null || n.length < 3 || n.length % 3 !== 0) return null;
  return { event: n[0], burst: n[1] === 1, timeMs: n[2], points: n.slice(3) };
}
