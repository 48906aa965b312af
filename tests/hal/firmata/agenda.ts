// What is due outside the Uno, in order of time, then of arrangement.

export interface Agenda {
  /** Arranges `run` for `timeMs`; its number. `owner` tells what ends together. */
  at(timeMs: number, owner: object, run: () => void): number;
  cancel(number: number): void;
  /** Takes away all that an owner has arranged. */
  forget(owner: object): void;
  /** When the first is due, Infinity = nothing is. */
  readonly nextMs: number;
  /** Carries the first one out. */
  take(): void;
}

interface Entry {
  timeMs: number;
  number: number;
  owner: object;
  run: () => void;
}

/** Nothing arranged; `onNew` hears of each time that is arranged. */
export function createAgenda(onNew: (timeMs: number) => void): Agenda {
  let entries: Entry[] = [];
  let numbers = 0;
  return {
    at: (timeMs, owner, run) => {
      let place = entries.length;
      while (place > 0 && entries[place - 1].timeMs > timeMs) place--;
      entries.splice(place, 0, { timeMs, number: ++numbers, owner, run });
      onNew(timeMs);
      return numbers;
    },
    cancel: (number) => {
      entries = entries.filter((entry) => entry.number !== number);
    },
    forget: (owner) => {
      entries = entries.filter((entry) => entry.owner !== owner);
    },
    get nextMs() {
      return entries.length > 0 ? entries[0].timeMs : Infinity;
    },
    take: () => entries.shift()?.run(),
  };
}
