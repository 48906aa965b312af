// The computer's time as the channel's clock: monotonic, in ms, with the timers of Node.
import type { Clock } from "../port.ts";

/** A clock that begins now. What is due at once runs after what has arrived meanwhile. */
export function createClock(): Clock {
  const boot = performance.now();
  const waiting = new Map<number, () => void>();
  let last = 0;
  return {
    now: () => performance.now() - boot,
    wall: () => Math.floor(Date.now() / 1000),
    after: (delayMs, run) => {
      const id = ++last;
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
  };
}
