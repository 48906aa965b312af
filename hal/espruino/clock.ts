// Time on Espruino. `getTime` is not monotonic if somebody sets it; nothing in the bundle does.
import type { Clock } from "../port.ts";

declare function getTime(): number;
declare function setTimeout(run: () => void, delayMs: number): number;
declare function clearTimeout(timer: number): void;

/** The interpreter's own timers. */
export function createClock(): Clock {
  const boot = getTime();
  return {
    now: () => {
      return (getTime() - boot) * 1000;
    },
    after: (delayMs, run) => {
      return setTimeout(run, delayMs);
    },
    cancel: (timer) => {
      clearTimeout(timer);
    },
  };
}
