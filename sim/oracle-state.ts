// What the oracle knows: what it was told of the rules in force, its own sums, the last events and
// the violations found. Plain data, part of the world.

/** What is claimed at present, by whoever runs the bench: nothing of it is believed to be so. */
export interface Statement {
  /** A current above 1 % of full scale may flow into the cell, within these bounds, A. */
  mayFlow: boolean;
  /** What a start-up sends into the dummy with the relay at rest, to see that it goes there, A; 0 =
   *  nothing. A relay that is welded then sends it through the cell. */
  provingA: number;
  currentMinA: number;
  currentMaxA: number;
  /** Bounds under which a current may flow. */
  voltageMinV: number;
  voltageMaxV: number;
  forceMinN: number;
  forceMaxN: number;
  temperatureMinC: number;
  temperatureMaxC: number;
  /** A program is running; how many reasons for an end have been given so far. */
  running: boolean;
  reasons: number;
  /** Charge as accounted for since the program's start, each way on its own, C. */
  chargeInC: number;
  chargeOutC: number;
}

/** How long a broken rule may last, ms, and how well charge has to be accounted for. */
export interface Bounds {
  /** After leave to flow has ended: the relay's own time, and the bus's. */
  graceMs: number;
  /** The same, when the contact is welded: until the code is zero. */
  weldMs: number;
  /** What is sent to find a weld: one frame of a start-up. */
  provingMs: number;
  /** Current outside what was set. */
  followMs: number;
  /** Voltage out of bounds while a current flows. */
  outsideMs: number;
  /** Force or temperature out of bounds while a current flows. */
  slowMs: number;
  /** From a relay that fell by itself, or a program's end, to the reason for it. */
  reasonMs: number;
  /** Distance of statements, ms: what the account may lag behind. */
  periodMs: number;
  /** Relative error of the charge. */
  chargeShare: number;
}

export interface Violation {
  timeS: number;
  rule: string;
  /** What broke the rule, in its unit. */
  value: number;
  seed: number;
}

/** The last events, in a ring: time, kind (see oracle-report.ts) and two numbers each. */
export interface EventRing {
  count: number;
  timeMs: Float64Array;
  kind: Uint8Array;
  a: Float64Array;
  b: Float64Array;
}

export interface Oracle {
  seed: number;
  bounds: Bounds;
  told: Statement;
  violations: Violation[];
  events: EventRing;
  /** When leave to flow ended; -Infinity = long ago. */
  refusedMs: number;
  /** When a start-up last sent a current to find a weld. */
  provedMs: number;
  /** Since when each bounded condition has been broken, Infinity = it is not. */
  sinceMs: Float64Array;
  /** Own sums since the program's start: charge, C, what offsets and changes may hide, C. */
  chargeInC: number;
  chargeOutC: number;
  slackC: number;
  /** Since when the account has been wrong, ms; Infinity = it is not. */
  chargeWrongMs: number;
  seenMs: number;
  /** Last seen: current and its peak since the last statement, load, output contact, code, whether
   *  the keep-alive lived, the relay's command, the ranges' coils (a bit each), resets. */
  currentA: number;
  peakA: number;
  /** The same since the run's beginning, resets included. */
  runPeakA: number;
  load: number;
  /** A planned fault is changing the loop at this instant: nobody has closed or opened it. */
  excused: boolean;
  position: number;
  code: number;
  alive: boolean;
  commanded: boolean;
  ranges: number;
  resets: number;
  /** When the code was moved away from a flowing current with the relay commanded to the cell. */
  zeroedMs: number;
  /** A relay that fell unasked or a program that ended: when, and the reasons given by then;
   *  Infinity = neither, or a reason has been given since. */
  fellMs: number;
  fellReasons: number;
}

const RING = 48;
const CONDITIONS = 8;

/** Nothing allowed yet. */
export function createStatement(): Statement {
  return {
    mayFlow: false,
    provingA: 0,
    currentMinA: 0,
    currentMaxA: 0,
    voltageMinV: -Infinity,
    voltageMaxV: Infinity,
    forceMinN: -Infinity,
    forceMaxN: Infinity,
    temperatureMinC: -Infinity,
    temperatureMaxC: Infinity,
    running: false,
    reasons: 0,
    chargeInC: 0,
    chargeOutC: 0,
  };
}

/** Bounds for frames `periodMs` apart: three frames of debounce for limits and one to get there,
 *  ten for a current that does not follow. On a queued bus the relay waits for its turn. */
export function boundsFor(periodMs: number, queued: boolean): Bounds {
  return {
    graceMs: queued ? 50 : 3,
    weldMs: 500 + 4 * periodMs,
    provingMs: queued ? 150 : 60,
    followMs: 12 * periodMs + 100,
    outsideMs: 4 * periodMs + 100,
    slowMs: 4 * periodMs + 1500,
    reasonMs: 4 * periodMs + 2000,
    periodMs,
    chargeShare: 0.005,
  };
}

/** An oracle that has seen nothing. */
export function createOracle(seed: number, bounds: Bounds): Oracle {
  return {
    seed,
    bounds,
    told: createStatement(),
    violations: [],
    events: {
      count: 0,
      timeMs: new Float64Array(RING),
      kind: new Uint8Array(RING),
      a: new Float64Array(RING),
      b: new Float64Array(RING),
    },
    refusedMs: -Infinity,
    provedMs: -Infinity,
    sinceMs: new Float64Array(CONDITIONS).fill(Infinity),
    chargeInC: 0,
    chargeOutC: 0,
    slackC: 0,
    chargeWrongMs: Infinity,
    seenMs: 0,
    currentA: 0,
    peakA: 0,
    runPeakA: 0,
    load: -1,
    excused: false,
    position: 0,
    code: 0,
    alive: true,
    commanded: false,
    ranges: 0,
    resets: 0,
    zeroedMs: -Infinity,
    fellMs: Infinity,
    fellReasons: 0,
  };
}
