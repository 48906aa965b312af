// Steps as data: what a program says. How they lie in memory: encode.ts and step-record.ts.
export * from "./step-record.ts";

export const STEP_END = 0;
export const STEP_REST = 1;
export const STEP_CURRENT = 2;
export const STEP_LOOP = 3;
export const STEP_CCD = 4;
/** Hold `voltage`, |I| <= `currentMax`. */
export const STEP_VOLTAGE = 5;
/** From `voltage` to `voltageEnd` at `rate` V/s (> 0), |I| <= `currentMax`; over at the end. */
export const STEP_SCAN = 6;
/** A sine of amplitude `current` around zero at `count` frequencies, geometric from `frequency` to
 *  `frequencyEnd`, Hz. */
export const STEP_IMPEDANCE = 7;
/** Takes no time: the first group of `terms` that holds leads to its `to`, else the next step. */
export const STEP_JUMP = 8;

// What a finding leads to; a hard short can only stop or hold, and opens the relay at once.
export const ACTION_CONTINUE = 0;
export const ACTION_LOG = 1;
export const ACTION_HOLD = 2;
export const ACTION_STOP = 3;
/** Places in `Step.actions`, two bits each: `actions >> ACTIONS_SOFT & 3`. */
export const ACTIONS_SOFT = 0;
export const ACTIONS_VOID = 2;
export const ACTIONS_CONTACT = 4;
export const ACTIONS_HARD = 6;

/** Place in `Step.flags` of what a charge without end leads to, two bits: what is missing to
 *  `ACTION_STOP`. */
export const FLAGS_CHARGE = 12;

/** Bits of `Step.flags`; `FLAG_WAIT`: after a loss of power the step waits for the operator;
 *  `FLAG_RECORD_ALL`: it records when time and change both have come, else when one has. */
export const FLAG_ONE_WAY = 1;
export const FLAG_GEOMETRIC = 2;
export const FLAG_PROOF = 4;
export const FLAG_WAIT = 8;
export const FLAG_RECORD_ALL = 16;
/** Time and charge of the step go on from those of the step before: the hold of a CC-CV. */
export const FLAG_CONTINUES = 32;

// What a term compares. Charges count without their sign.
/** s in this step; V; |A|; C in this step; °C; N. */
export const QUANTITY_TIME = 0;
export const QUANTITY_VOLTAGE = 1;
export const QUANTITY_CURRENT = 2;
export const QUANTITY_CHARGE = 3;
export const QUANTITY_TEMPERATURE = 4;
export const QUANTITY_FORCE = 5;
/** The present finding: 0 none, 1 soft, 2 hard. */
export const QUANTITY_SHORT = 6;
/** Coulombic, of the last whole cycle (discharge / charge); NaN before there is one. */
export const QUANTITY_EFFICIENCY = 7;
/** C of the last half cycle that has ended; NaN before there is one. */
export const QUANTITY_CAPACITY = 8;
/** Since the run began: s, and C in both directions. */
export const QUANTITY_RUN_TIME = 9;
export const QUANTITY_RUN_CHARGE = 10;

// Where a group of terms leads, besides an index: to what follows anyway; to the run's end, as at a
// limit, and as finished.
export const TO_NEXT = 65535;
export const TO_STOP = 65534;
export const TO_END = 65533;

/** So many terms a step, and as many for the whole program. */
export const TERMS_MAX = 8;

/** One comparison, SI; threshold and delay as float32. */
export interface Term {
  quantity: number;
  /** value <= threshold, else value >= threshold. */
  below: boolean;
  threshold: number;
  /** The group must hold so long, s; the longest of its terms counts. */
  delay: number;
  /** Last of its group, which holds when all its terms do. */
  last: boolean;
  /** Of a group's last term: index of the step that follows, or `TO_…`. */
  to: number;
}

/** One step: A, s, C, V; positive current charges. Unused fields are 0, unused voltage bounds
 *  are infinite. */
export interface Step {
  kind: number;
  /** What findings lead to, see `ACTIONS_…`. */
  actions: number;
  /** `FLAG_…`: CCD in one direction only, in a geometric staircase; active proofs are allowed. */
  flags: number;
  /** Loop: index of the step to go back to. */
  to: number;
  /** Loop: how often the body runs in all. CCD: cycles a level. Impedance: frequencies. */
  count: number;
  /** Constant current; CCD: the first level; impedance: the amplitude. */
  current: number;
  /** CCD: distance of levels (geometric: their ratio), and the last level tried. */
  increment: number;
  currentMax: number;
  /** Time cut-off, 0 = none; CCD of constant time: duration of a half cycle. */
  duration: number;
  /** Charge cut-off, 0 = none; CCD of constant capacity: charge of a half cycle. */
  charge: number;
  /** Voltage cut-offs; CCD: the window whose leaving fails the level. */
  voltageMin: number;
  voltageMax: number;
  /** CCD: rest before each half cycle but the first. */
  rest: number;
  /** The step must end within this time or the channel faults; never 0 but in loop, jump, end. */
  budget: number;
  /** Voltage that is held, or where a scan begins; where it ends, V; and its pace, V/s. */
  voltage: number;
  voltageEnd: number;
  rate: number;
  /** First and last frequency of an impedance, Hz. */
  frequency: number;
  frequencyEnd: number;
  /** Recorded at this distance, s (0 = as usual), or (`FLAG_RECORD_ALL`: and) after a change of the
   *  voltage, V, or the current, A; 0 = not by that. */
  recordTime: number;
  recordVoltage: number;
  recordCurrent: number;
  /** Further cut-offs, groups in order; of a jump its conditions. */
  terms: Term[];
}

/** What holds in every step of a program. */
export interface Whole {
  /** Limits, usually `TO_STOP`. */
  terms: Term[];
  /** Recording where a step says nothing, as in `Step`. */
  recordTime: number;
  recordVoltage: number;
  recordCurrent: number;
  /** `FLAG_RECORD_ALL` for that. */
  flags: number;
  /** The run faults when it is spent, s; 0 = none. */
  budget: number;
}

/** An END step. */
export function createStep(): Step {
  return {
    kind: STEP_END,
    actions: 0,
    flags: 0,
    to: 0,
    count: 0,
    current: 0,
    increment: 0,
    currentMax: 0,
    duration: 0,
    charge: 0,
    voltageMin: -Infinity,
    voltageMax: Infinity,
    rest: 0,
    budget: 0,
    voltage: 0,
    voltageEnd: 0,
    rate: 0,
    frequency: 0,
    frequencyEnd: 0,
    recordTime: 0,
    recordVoltage: 0,
    recordCurrent: 0,
    terms: [],
  };
}
