// What a board may carry beyond the core; null = left out, and not in its bundle.
import type { Command, Memory, Panel } from "../hal/port.ts";
import type { Course } from "./course.ts";
import type { Calming } from "./calm.ts";
import type { Config } from "./config.ts";
import type { Desk } from "./diary.ts";
import type { Guard } from "./fault.ts";
import type { Witness } from "./evidence-state.ts";
import type { Limits } from "./limits.ts";
import type { Controlled } from "./potential-state.ts";
import type { Prover } from "./proof-method.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";

/** The rules that learn from the cell. */
export interface Rules {
  /** Findings of a frame; `density` in A/cm² with its sign. */
  judge(shorts: Shorts, sample: Sample, cell: Config, density: number, halfCycle: number): number;
  /** Files them as events. */
  tell(run: Run, found: number): void;
}

/** A channel whose board adds kinds of steps. */
export interface Equipped {
  readonly run: Run;
  readonly limits: Limits;
}

/** Constant voltage and scans, see firmware/potential.ts. */
export interface Potential {
  /** Makes room for what the steps say; what `Channel.grip` is. */
  equip(channel: Equipped): Float64Array;
  /** Takes in a frame, of any step. Set-point of a step of its own, A; NaN = it is another's. */
  drive(channel: Controlled): number;
  /** What the voltage that is held tells of the cell: findings, 0 = nothing. */
  judge(channel: Controlled): number;
}

/** Impedance, see firmware/impedance.ts. */
export interface Impedance {
  /** Makes room for what the steps say; what `Channel.wave` is. */
  equip(channel: Equipped): Float64Array;
  /** Set-point of a step of its own, A; NaN = it is another's. */
  drive(channel: Controlled): number;
}

/** Keeps the journal. */
export interface Scribe {
  /** At boot: takes up the run that the journal says was under way. `fault` is what configuration
   *  and program have shown; it or another that ends the run is the answer, 0 = none. */
  wake(desk: Desk, fault: number): number;
  /** After a frame's command: writes what has happened, and what the core asks for, and empties the
   *  events. A fault when the run cannot go on. */
  keep(desk: Desk): number;
}

/** What light and button see of a shell. */
export interface Attended {
  readonly board: { readonly panel?: Panel };
  readonly channel: { readonly run: Run; readonly guard: { readonly fault: number } };
  readonly state: { wanted: number; stopWanted: number };
}

/** What the light shows while a run goes on, and frames that a press lasts before it stops one:
 *  what bounces is shorter. Frames that say nothing new need no more of the panel than these. */
export const LAMP_RUNNING = 1;
export const FRAMES_TO_STOP = 2;

/** Terms, jumps, what holds in every step, rules of recording; see firmware/terms.ts. */
export interface Terms {
  /** Reads what holds in every step of a program of this version and count (`run.steps` is -1 when
   *  it cannot), and forgets the last run. */
  load(run: Run, memory: Memory, version: number, count: number): void;
  /** Before the run moves on by a frame without findings: cut-offs, limits, jumps. */
  judge(course: Course): void;
  /** After all else: what is recorded, and when the next frame comes. */
  pace(channel: Calming, command: Command): void;
}

/** Light and button, see firmware/panel.ts. */
export type Attend = (shell: Attended) => void;

/** Compares the board's two clocks, see firmware/second-clock.ts: a fault code or 0. */
export type Compare = (guard: Guard, nowMs: number, wallS: number) => number;

/** Features by name. */
export interface Features {
  readonly rules: Rules | null;
  readonly prover: Prover | null;
  readonly witness: Witness | null;
  /** Only for a board that has them, see `Board`; left out elsewhere. */
  readonly panel?: Attend | undefined;
  /** Only for a board whose clock has a `wall` of its own crystal; left out elsewhere. */
  readonly compare?: Compare | undefined;
  /** Left out where no step controls a voltage. */
  readonly potential?: Potential | undefined;
  /** Left out where no step measures an impedance. */
  readonly impedance?: Impedance | undefined;
  /** Left out where steps have none. */
  readonly terms?: Terms | undefined;
  /** Left out on a board without a journal. */
  readonly scribe?: Scribe | undefined;
}
