// Time that passes only when a test says so: timers run in order of time, then of insertion.
import type { Clock } from "../../hal/port.ts";

interface Timer {
  id: number;
  at: number;
  run: () => void;
}

export interface VirtualClock extends Clock {
  /** Runs every timer up to `time`, and stops there. */
  runUntil(time: number): void;
  /** Timers that wait. */
  waiting(): number;
}

/** A clock at `start` ms. */
export function createVirtualClock(start = 0): VirtualClock {
  let now = start;
  let ids = 0;
  let timers: Timer[] = [];
  const first = (): Timer | undefined =>
    timers.reduce<Timer | undefined>((a, b) => (a === undefined || b.at < a.at ? b : a), undefined);
  return {
    now: () => now,
    wall: () => 0,
    after: (delayMs, run) => {
      timers.push({ id: ++ids, at: now + Math.max(0, delayMs), run });
      return ids;
    },
    cancel: (timer) => {
      timers = timers.filter(({ id }) => id !== timer);
    },
    runUntil: (time) => {
      for (let next = first(); next !== undefined && next.at <= time; next = first()) {
        const { id } = next;
        timers = timers.filter((timer) => timer.id !== id);
        now = Math.max(now, next.at);
        next.run();
      }
      now = Math.max(now, time);
    },
    waiting: () => timers.length,
  };
}
