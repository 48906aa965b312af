// What became of the runs of a campaign, counted, and printed at its end.

/** Counts outcomes by name, and keeps what failed. */
export interface Tally {
  readonly wrong: string[];
  add(outcome: string): void;
  /** As `add`, and why it is wrong. */
  fail(outcome: string, why: string): void;
  tried(): number;
  count(outcome: string): number;
  /** `NAME a/b: x OUTCOME, y OUTCOME, …`: those that did not fail, of all. */
  print(name: string): void;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const wrong: string[] = [];
  const tally: Tally = {
    wrong,
    add: (outcome) => void counts.set(outcome, tally.count(outcome) + 1),
    fail: (outcome, why) => {
      tally.add(`FAILED: ${outcome}`);
      wrong.push(why);
    },
    tried: () => [...counts.values()].reduce((sum, each) => sum + each, 0),
    count: (outcome) => counts.get(outcome) ?? 0,
    print: (name) => {
      const parts = [...counts].sort().map(([outcome, count]) => `${outcome} ${count}`);
      const whole = tally.tried() - wrong.length;
      console.log(`${name} ${whole}/${tally.tried()}: ${parts.join(", ")}`);
    },
  };
  return tally;
}

/** About `count` of a list, from one end to the other. */
export function spread<T>(list: readonly T[], count: number): T[] {
  if (list.length <= count) return [...list];
  const places = Array.from({ length: count }, (_, i) => ((i + 0.5) * list.length) / count);
  return places.map((place) => list[Math.floor(place)]);
}
