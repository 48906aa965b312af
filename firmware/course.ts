// What of a channel the run's course depends on.
import type { Capabilities, Circuit } from "../hal/port.ts";
import type { Config } from "./config.ts";
import type { Guard } from "./fault.ts";
import type { Limits } from "./limits.ts";
import type { Loop } from "./loop.ts";
import type { Run } from "./run.ts";
import type { Sample } from "./sample.ts";

/** What of a channel the run's course depends on. */
export interface Course {
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly guard: Guard;
  readonly config: Config;
  readonly limits: Limits;
  readonly loop: Loop;
  readonly run: Run;
  readonly sample: Sample;
  readonly previous: Sample;
}
