// The acquisition over Firmata: its parts, and what it remembers.
import type { Readings } from "../frame.ts";
import { createReadings } from "../frame.ts";
import type { BurstDone, Clock, Converter, Dac, Range, RawFrame, ReadDone } from "../port.ts";
import type { ReadState, Relay, Samples, Settings } from "../port.ts";
import type { Link } from "./link.ts";

/** What a scan is made of. The first three are the same chip, each with its own driver: what one
 *  has been told must be known while the next is already being told. */
export interface ScanParts {
  readonly clock: Clock;
  readonly link: Link;
  readonly voltage: Converter;
  readonly current: Converter;
  readonly temperature: Converter;
  readonly force: Converter;
  readonly dac: Dac;
  readonly range: Range;
  /** Inputs of voltage, current, temperature. */
  readonly inputs: readonly [number, number, number];
  readonly relay: Relay;
  /** Room for bursts. */
  readonly samples: Samples;
  readonly mainsHz: number;
}

/** What a chip has answered. */
export interface Reply {
  value: number;
  state: ReadState;
}

/** What a walk waits for: so many ms, or as many replies if negative. */
export type Wait = number;
export type Walk = Generator<Wait, void, undefined>;

/** The scan at work. */
export interface Work {
  readonly parts: ScanParts;
  readonly readings: Readings;
  readonly frame: RawFrame;
  replies: Reply[];
  /** The walk that is under way, and the replies without which it does not go on, 0 = none. */
  walk: Walk | null;
  missing: number;
  settings: Settings;
  /** The chip's last reading: one that is equal may be that very one. */
  last: number;
  /** The load cell has something new to be fetched. */
  forceReady: boolean;
  /** Readings of the burst that is wanted, 0 = none, and their distance. */
  count: number;
  periodMs: number;
  done: BurstDone | null;
  onReply: ReadDone;
  onFrame: (frame: RawFrame) => void;
}

/** A scan that has not begun; the first frame's settings guard nothing. */
export function createWork(parts: ScanParts): Work {
  const readings = createReadings();
  const settings = {
    ...{ voltageGain: 0, currentGain: 0, guardMin: -Infinity, guardMax: Infinity },
    ...{ guardShort: 0, guardCurrent: Infinity, periodMs: 0 },
  };
  return {
    ...{ parts, readings, frame: readings.frame, replies: [], walk: null, missing: 0, settings },
    ...{ last: NaN, forceReady: false, count: 0, periodMs: 0, done: null },
    onReply: () => undefined,
    onFrame: () => undefined,
  };
}
