// The pace of a recording: how far its rows lie apart, and where one is too far from the last.

const RECENT = 9;
/** A gap is longer than this many usual distances, and than this many seconds. */
const GAP_DISTANCES = 5;
const GAP_S = 2;
/** The running upper decile of distances moves by these factors; a recorder that writes small steps
 *  as they come does not make its usual distance a gap. */
const LONGER = 1.09;
const SHORTER = 1.01;
/** Fewer distances say nothing about what is usual. */
const KNOWN = 3;
/** Two long distances in a row that differ by less than this factor are a new pace. */
const ALIKE = 1.5;

/** The last distances, s. */
export interface Pace {
  recent: Float64Array;
  count: number;
  /** Running upper decile, s. */
  long: number;
  /** The gap that the last distance was, 0 = none. */
  gapS: number;
}

/** Nothing seen. */
export function createPace(): Pace {
  return { recent: new Float64Array(RECENT), count: 0, long: 0, gapS: 0 };
}

function usual(pace: Pace): number {
  const sorted = pace.recent.slice(0, Math.min(pace.count, RECENT)).sort();
  return Math.max(sorted[sorted.length >> 1], pace.long);
}

function followLong(pace: Pace, distanceS: number): void {
  if (pace.count === 0) pace.long = distanceS;
  else if (distanceS < pace.long) pace.long /= SHORTER;
  else pace.long = Math.min(distanceS, pace.long * LONGER);
}

/** Takes the distance to the next row, s; answers with it where it is a gap, else with 0. */
export function follow(pace: Pace, distanceS: number): number {
  const judged = distanceS > GAP_S && pace.count >= KNOWN;
  const isGap = judged && distanceS > GAP_DISTANCES * usual(pace);
  const ratio = distanceS / pace.gapS;
  if (isGap && ratio < ALIKE && ratio > 1 / ALIKE) {
    pace.recent.fill(distanceS);
    pace.long = distanceS;
    pace.gapS = 0;
    return 0;
  }
  followLong(pace, distanceS);
  pace.recent[pace.count % RECENT] = distanceS;
  pace.count++;
  pace.gapS = isGap ? distanceS : 0;
  return pace.gapS;
}
