// The computer's time as the channel's clock: monotonic, in ms, with the timers of Node.
import type { Clock } from "../port.ts";

/** A computer that sleeps does not count the time; the wall clock does. More than this between the
 *  two, ms, and the time has passed for the channel as well: its frame is stale. */
const SLEPT_MS = 5000;

/** A clock, and its end: what waits is forgotten, and so is what comes. */
export interface HostClock extends Clock {
  stop(): void;
}

/** Time since `boot`; `sources` say what the computer knows of it, ms. */
export function createTime(sources: { steady(): number; wall(): number }): () => number {
  const { steady, wall } = sources;
  const boot = steady();
  let slept = 0;
  let ahead = wall() - boot;
  return () => {
    const now = steady();
    const change = wall() - now - ahead;
    if (Math.abs(change) > SLEPT_MS) {
      ahead += change;
      // Set back, a clock proves nothing.
      if (change > 0) slept += change;
    }
    return now - boot + slept;
  };
}

/** A clock that begins now. What is due at once runs after what has arrived meanwhile. */
export function createClock(): HostClock {
  const now = createTime({ steady: () => performance.now(), wall: () => Date.now() });
  const waiting = new Map<number, () => void>();
  let last = 0;
  let stopped = false;
  return {
    now,
    wall: () => Math.floor(Date.now() / 1000),
    after: (delayMs, run) => {
      const id = ++last;
      if (stopped) return id;
      const turn = (): void => {
        waiting.delete(id);
        run();
      };
      if (delayMs > 0) {
        const timer = setTimeout(turn, delayMs);
        waiting.set(id, () => clearTimeout(timer));
      } else {
        const soon = setImmediate(turn);
        waiting.set(id, () => clearImmediate(soon));
      }
      return id;
    },
    cancel: (timer) => {
      waiting.get(timer)?.();
      waiting.delete(timer);
    },
    stop: () => {
      stopped = true;
      for (const forget of waiting.values()) forget();
      waiting.clear();
    },
  };
}
