// What a board may carry beyond the core; null = left out, and not in its bundle.
import type { Config } from "./config.ts";
import type { Desk } from "./diary.ts";
import type { Witness } from "./evidence-state.ts";
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

/** Keeps the journal. */
export interface Scribe {
  /** At boot: takes up the run that the journal says was under way. `fault` is what configuration
   *  and program have shown; it or another that ends the run is the answer, 0 = none. */
  wake(desk: Desk, fault: number): number;
  /** After a frame's command: writes what has happened, and what the core asks for. A fault when
   *  the run cannot go on. */
  keep(desk: Desk): number;
}

/** Features by name. */
export interface Features {
  readonly rules: Rules | null;
  readonly prover: Prover | null;
  readonly witness: Witness | null;
  readonly scribe: Scribe | null;
}
