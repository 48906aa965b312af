// Vocabulary of the corpus: what a labelled trace is made of. A trace is a virtual cell under a
// program of currents, effects that change the cell or its reading, and the meter that reads it.
import type { CellConfig } from "../../firmware/config.ts";
import type { Cell, CellInput } from "../../sim/cell-state.ts";

/** What truly happens in a trace. */
export type Truth =
  | "none"
  | "hard"
  | "soft"
  | "dips"
  | "decay"
  | "void"
  | "thermal"
  | "mechanical"
  | "contact"
  | "open";

/** The default channel's converter (16 bit) or the precision channel's (24 bit). */
export type Adc = "16" | "24";

/** Tuning and scoring never share a seed. */
export type SeedSet = "tuning" | "scoring";

/** One frame in the making: where the program stands, and what effects have added to it. */
export interface Moment {
  readonly cell: Cell;
  timeS: number;
  dtS: number;
  /** Stages with current so far, the present one included. */
  halfCycle: number;
  sinceReversalS: number;
  /** A; 0 = rest. */
  setpointA: number;
  /** True while the relay keeps the current away from the cell. */
  away: boolean;
  /** Bridge across the pellet, mS/cm²; it is the cell's own when none was ever added. */
  bridgeMsCm2: number;
  /** The bridge is metal for good. */
  latch: boolean;
  /** Change of the cell's resistance, share of what it was at the start. */
  resistanceShare: number;
  /** Resistance in series outside the cell, Ω. */
  contactOhm: number;
  open: boolean;
  /** °C, of the cell. */
  temperatureC: number;
  /** N, on top of the cell's own. */
  forceN: number;
  /** Errors of the voltage reading: V, and share of the voltage. */
  signalV: number;
  signalShare: number;
  /** The converter answers this instead, V; NaN = it works. */
  stuckV: number;
  /** The frame is lost. */
  missing: boolean;
}

/** Adds its share to a moment; called once a frame, in order of time. */
export type Effect = (moment: Moment) => void;

/** A stretch of constant current; ends by time or when |voltage| passes a limit. */
export interface Stage {
  currentA: number;
  durationS: number;
  /** V, in the direction of the current. */
  untilV?: number;
}

/** Everything that makes a trace; the same spec gives the same frames. */
export interface TraceSpec {
  /** With the seed, names the streams of chance. */
  name: string;
  seed: number;
  truth: Truth;
  input: CellInput;
  /** Contents of the cell file that the instrument is given. */
  believed: CellConfig;
  /** Stage `n` of the program; the last one is repeated where it throws nothing new. */
  stage: (n: number) => Stage;
  /** Frames are taken for so long, s. */
  durationS: number;
  /** Frames begin when this says so; before, the cell ages in long steps. */
  aged?: (cell: Cell) => boolean;
  /** Frames end this long after a hard latch, s. */
  afterLatchS?: number;
  /** An alarm counts as found for so long after the onset, s. */
  withinS: number;
  /** When that begins which the trace is about, s, where no bridge tells. */
  eventS?: number;
  effects: readonly Effect[];
  adc: Adc;
  rateHz: number;
  /** Lag of the temperature sensor behind the cell, s. */
  sensorLagS: number;
  /** V peak of the mains' hum at the input. */
  humV: number;
  /** A bridge that was there from the start is no event. */
  quietBridge?: boolean;
}

/** How a scenario is drawn from a seed. */
export type Draw = (seed: number, set: SeedSet) => TraceSpec;

/** What a scenario varies, for tables: numbers in the units of its name. */
export interface Traits {
  kind: string;
  share?: number;
  voltageMv?: number;
  adc?: Adc;
  rateHz?: number;
  durationS?: number;
}

/** A kind of trace; `runs` seeds of it are scored, `quickRuns` in a quick run. */
export interface Scenario {
  name: string;
  traits: Traits;
  runs: number;
  quickRuns: number;
  draw: Draw;
}

/** A bridge in the cell, from its formation until it is gone (Infinity = stayed). */
export interface Episode {
  fromS: number;
  toS: number;
  /** Largest share of the terminal current that it took. */
  share: number;
}
