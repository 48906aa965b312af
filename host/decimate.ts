// A curve of any length in bounded memory: the lowest and highest point of each stretch of time.
// When the stretches run out, neighbours are merged, so that the whole run is kept at one density.

/** Lowest and highest points, interleaved in pairs by time: t0, v0, t1, v1 a stretch. */
export interface Envelope {
  /** Width of a stretch, in units of time. */
  width: number;
  readonly stretches: Stretch[];
}

interface Stretch {
  index: number;
  lowAt: number;
  low: number;
  highAt: number;
  high: number;
}

const STRETCHES_MAX = 2000;

/** An empty curve; `width` is the finest stretch of time worth telling apart. */
export function createEnvelope(width: number): Envelope {
  return { width, stretches: [] };
}

function merge(into: Stretch, other: Stretch): void {
  if (other.low < into.low) {
    into.low = other.low;
    into.lowAt = other.lowAt;
  }
  if (other.high > into.high) {
    into.high = other.high;
    into.highAt = other.highAt;
  }
}

function coarsen(envelope: Envelope): void {
  const fine = envelope.stretches.splice(0);
  envelope.width *= 2;
  for (const stretch of fine) {
    stretch.index = Math.floor(stretch.index / 2);
    append(envelope, stretch);
  }
}

function append(envelope: Envelope, stretch: Stretch): void {
  const last = envelope.stretches.at(-1);
  if (last !== undefined && last.index >= stretch.index) merge(last, stretch);
  else envelope.stretches.push(stretch);
}

/** Adds a point; `time` must not go back. */
export function addPoint(envelope: Envelope, time: number, value: number): void {
  const index = Math.floor(time / envelope.width);
  append(envelope, { index, lowAt: time, low: value, highAt: time, high: value });
  while (envelope.stretches.length > STRETCHES_MAX) coarsen(envelope);
}

/** The curve as two lists, at most 4000 points, times ascending. */
export function points(envelope: Envelope): [times: number[], values: number[]] {
  const times: number[] = [];
  const values: number[] = [];
  for (const one of envelope.stretches) {
    const ends: [time: number, value: number][] = [[one.lowAt, one.low]];
    if (one.high !== one.low) ends.push([one.highAt, one.high]);
    if (one.highAt < one.lowAt) ends.reverse();
    for (const [time, value] of ends) {
      times.push(time);
      values.push(value);
    }
  }
  return [times, values];
}
