// A live board on a port, and tests in real time with it.
import { test } from "vitest";
import type { Sketch } from "../../hal/firmata/sketch.ts";
import type { Started } from "./command.ts";
import { cyclet, LIVE_A, plugIn, RUN, setUp, tidyUp, until } from "./command.ts";
import type { LiveBoard } from "./live-board.ts";
import { createLiveBoard } from "./live-board.ts";
import type { Pty } from "./pty.ts";

const NOTHING_A = 1e-9;
/** Until a run's current flows: the port, the board's start, its sensors, the program's rest. */
export const START_MS = 60_000;
/** A question is given up after 150 ms. */
const LAG_MS = 100;
const TRIES = 4;

/** A board on a port of its own. */
export interface Bench {
  readonly board: LiveBoard;
  readonly pty: Pty;
  /** Starts a command that opens the port, which resets the board. */
  opening: (words: string[]) => Started;
  none: () => boolean;
  flows: () => boolean;
}

async function createBench(sketch: Sketch): Promise<Bench> {
  const board = createLiveBoard(sketch);
  const pty = await plugIn();
  return {
    ...{ board, pty },
    opening: (words) => {
      board.plug(pty);
      return cyclet(words);
    },
    none: () => Math.abs(board.current()) < NOTHING_A,
    flows: () => Math.abs(board.current() - LIVE_A) < LIVE_A / 100,
  };
}

/** A run whose current flows. */
export async function live({ opening, flows }: Bench): Promise<Started> {
  const run = opening(["run", "short.json", ...RUN]);
  if (!(await until(flows, START_MS))) throw new Error(`no current: ${run.out()}${run.err()}`);
  return run;
}

/** A test in real time. Where the machine was too slow for the emulation, the board was silent for
 *  longer than any board is: what came of that says nothing, and it is tried again. */
export function inTime(sketch: Sketch, name: string, body: (bench: Bench) => Promise<void>): void {
  test(name, async () => {
    for (let tries = 1; ; tries++) {
      const bench = await createBench(sketch);
      const error = await body(bench).then(
        () => null,
        (reason: unknown) => ({ reason }),
      );
      const lagMs = bench.board.lag();
      bench.board.end();
      if (error === null) return;
      if (lagMs < LAG_MS || tries === TRIES) throw error.reason;
      console.warn(`the emulation was ${lagMs.toFixed(0)} ms behind, once more: ${name}`);
      await tidyUp();
      setUp();
    }
  });
}
