// A list of any length in bounded memory: when it is full, every second one goes, and from then on
// only every so manieth is kept.

/** Every `stride`th of `count` so far, from the first. */
export interface Thinned<T> {
  readonly most: number;
  readonly kept: T[];
  count: number;
  stride: number;
}

/** An empty list that keeps at most `most`. */
export function createThinned<T>(most: number): Thinned<T> {
  return { most, kept: [], count: 0, stride: 1 };
}

/** Counts `one`, and keeps it if its turn has come. */
export function addThinned<T>(list: Thinned<T>, one: T): void {
  if (list.count++ % list.stride !== 0) return;
  list.kept.push(one);
  if (list.kept.length <= list.most) return;
  list.stride *= 2;
  const kept = list.kept.filter((_, i) => i % 2 === 0);
  list.kept.splice(0, list.kept.length, ...kept);
}
