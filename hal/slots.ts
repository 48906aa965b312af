// The slots of a frame in their order, and the state of the walk through them.
import type { Readings } from "./frame.ts";
import { CURRENT_AGAIN, VOLTAGE, createReadings } from "./frame.ts";
import type { BurstDone, Clock, Converter, Dac, Part, Range, RawFrame } from "./port.ts";
import type { ReadDone, ReadState, Relay, Samples, Scan, Settings, StatusBits } from "./port.ts";

// After the readings of voltage and current (0 to 11, see frame.ts).
export const CODE_SLOT = 12;
export const TEMPERATURE_SLOT = 14;
export const FORCE_SLOT = 15;
export const DELIVER = 16;
/** All of a burst. */
export const BURST = 17;

// What a slot reads, after voltage and current; in the order of the status bits that say it failed.
export const CODE = 2;
export const RANGE = 3;
export const FORCE = 4;
export const TEMPERATURE = 5;

// What the timer is for: to start a frame, begin a conversion, read, deliver, end a wait in vain.
export const TO_START = 0;
export const TO_BEGIN = 1;
export const TO_READ = 2;
export const TO_DELIVER = 3;
export const TO_GIVE_UP = 4;

// Whether a reply is awaited: no, inside the call, or it has not come there. Any other reply is one
// to a read given up.
export const NOTHING = 0;
export const AT_ONCE = 1;
export const LATER = 2;

const VOLTAGE_FAILED: StatusBits["voltageFailed"] = 1;
const ALL_FAILED = 15;

const WIDEST = Infinity;

/** What a scan is made of. */
export interface ScanParts {
  readonly clock: Clock;
  /** Of voltage, current, code, range, force, temperature. */
  readonly readers: readonly [Converter, Converter, Dac, Range, Converter, Converter];
  /** Their inputs, in the same order; where there is but one, 0. */
  readonly inputs: readonly number[];
  readonly relay: Relay;
  /** Room for bursts: as many readings as the board takes in 200 ms. */
  readonly samples: Samples;
  readonly mainsHz: number;
}

/** All that changes during the walk. */
export interface Walk extends Readings {
  slot: number;
  /** What the slot reads. */
  quantity: number;
  /** What the timer is for, and the timer, where it may have to be cancelled. */
  due: number;
  timer: number;
  /** Whether a reply is awaited, and the last one. */
  awaiting: number;
  value: number;
  reply: ReadState;
  /** 1 = a conversion is asked whether it is over, 0 = a value is read. */
  polling: number;
  /** Gain of the conversion under way. */
  gain: number;
  wanted: Settings;
  /** Of the burst: readings still wanted (0 = none asked for) and their distance. */
  count: number;
  periodMs: number;
  taken: number;
  /** 1 = a reading was outside the guards. */
  opened: number;
  done: BurstDone | null;
  samples: Samples;
}

/** The walk with its parts and the functions given to them, the latter created once. */
export interface Sequencer extends Scan, Part {
  readonly parts: ScanParts;
  readonly state: Walk;
  onFrame: (frame: RawFrame) => void;
  onTimer: () => void;
  onRead: ReadDone;
}

/** A walk that has not begun; the first frame's settings guard nothing. */
export function createWalk(samples: Samples): Walk {
  const walk = createReadings() as Walk;
  walk.slot = walk.quantity = walk.due = walk.timer = walk.awaiting = 0;
  walk.value = walk.reply = walk.polling = walk.gain = 0;
  walk.count = walk.periodMs = walk.taken = walk.opened = 0;
  walk.done = null;
  walk.samples = samples;
  walk.wanted = {
    voltageGain: 0,
    currentGain: 0,
    guardMin: -WIDEST,
    guardMax: WIDEST,
    guardShort: 0,
    guardCurrent: WIDEST,
    periodMs: 0,
  };
  return walk;
}

/** Marks the present slot as failed in the frame's status. */
export function fail(state: Walk): void {
  state.frame.status |= VOLTAGE_FAILED << state.quantity;
}

/** The same for all that follows it; slow sensors that were not reached are just older. */
export function failRest(state: Walk): void {
  fail(state);
  // Of the pairs, and before the current's re-reads, there is more of both to come.
  const first = state.slot < CURRENT_AGAIN ? VOLTAGE : state.quantity;
  if (state.slot < TEMPERATURE_SLOT) state.frame.status |= ALL_FAILED & (ALL_FAILED << first);
}
