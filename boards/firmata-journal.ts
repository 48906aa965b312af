// A run whose program has died, as the channel's memory tells of it: looked at before a channel is
// opened, and without a trace, for a channel that is opened takes the run up.
import type { Config } from "../firmware/config.ts";
import type { Features } from "../firmware/features.ts";
import { IDLE, start } from "../firmware/main.ts";
import { createArrayMemory } from "../hal/memory/array.ts";
import type { Board, Capabilities, Memory } from "../hal/port.ts";
import { CIRCUIT, ENVELOPE } from "./default-channel.ts";

/** Code of zero current, before calibration. */
const CODE_MID = 0x8000;

/** A run that was broken off. */
export interface BrokenRun {
  /** First 32 bits of the hash of the program in memory. */
  readonly hash: number;
  /** The run's time up to its last record, s. */
  readonly elapsedS: number;
  /** The cell it runs on, and the channel's calibration. */
  readonly config: Config;
}

/** A copy of `memory` that changes nothing in it. */
function copyOf(memory: Memory): Memory {
  const bytes = new Uint8Array(memory.areas.end);
  memory.read(0, bytes);
  return createArrayMemory(bytes, memory.areas, memory.crc32);
}

/** A board on which nothing happens: all that is done with it is done at its boot. */
function stillBoard(memory: Memory, capabilities: Capabilities): Board {
  const nothing = (): void => undefined;
  const taken = (): boolean => true;
  const chip = { write: taken, read: nothing, reset: taken };
  return {
    clock: { now: () => 0, after: () => 0, cancel: nothing },
    scan: { samples: new Int16Array(0), start: nothing, request: nothing, burst: nothing },
    dac: { ...chip, codeMid: CODE_MID, codeMax: CIRCUIT.codeMax },
    range: chip,
    relay: { write: nothing },
    watchdog: { start: nothing, kick: nothing },
    line: { open: nothing, write: taken },
    ...{ memory, capabilities, circuit: CIRCUIT },
  };
}

/** The run that `memory` would bring back, with these features, on a board with these
 *  capabilities; null = none. */
export function findBroken(
  memory: Memory,
  capabilities: Capabilities,
  features: Features,
): BrokenRun | null {
  const { channel } = start(stillBoard(copyOf(memory), capabilities), ENVELOPE, features);
  const { run, config } = channel;
  if (run.schedule.phase === IDLE) return null;
  return { hash: run.hash, elapsedS: -run.totals.startedAt, config };
}
