// Charges by direction as another instrument counts them, some from each step's beginning anew, as
// sums that run on.

/** An accumulator that falls to more than this share of itself was rounded; else it began again. */
const ROUNDING = 0.99;

/** Charged and discharged, Ah. */
export type Charges = [charged: number, discharged: number];

/** What is known of a recording's counters. */
export interface VendorCharge {
  /** As they stood in the recording, Ah; NaN = nowhere yet. */
  there: Charges;
  sums: Charges;
  /** Whether they start again with each step; null = no step has told yet. */
  anew: boolean | null;
}

export function createVendorCharge(): VendorCharge {
  return { there: [NaN, NaN], sums: [0, 0], anew: null };
}

/** Learns from a new step in the same cycle: a counter that falls, or stands where the current goes
 *  the other way, says which kind it is. `parts`: expected of each direction. */
function learn(state: VendorCharge, now: Charges, parts: readonly number[]): void {
  state.there.forEach((before, i) => {
    if (!(before > 0) || !(now[i] >= 0) || state.anew !== null) return;
    if (now[i] < ROUNDING * before) state.anew = true;
    else if (now[i] === before && parts[i] === 0) state.anew = false;
  });
}

/** What one has gained. As long as nobody knows whether it starts again with the step, it is what
 *  is nearer to `expected`, Ah. */
function gain(before: number, now: number, anew: boolean | null, expected: number): number {
  if (!(now >= 0) || !(before >= 0)) return 0;
  if (now < before) return now < ROUNDING * before ? now : 0;
  const more = now - before;
  const starts = anew ?? (more > 0 && Math.abs(now - expected) < Math.abs(more - expected));
  return starts ? now : more;
}

/** Takes in a row. `expected`: what its current would have moved since the row before, Ah;
 *  `isStep`, `isCycle`: it is the first one of a step, of a cycle. */
export function addCharges(
  state: VendorCharge,
  now: Charges,
  expected: number,
  isStep: boolean,
  isCycle: boolean,
): void {
  const parts = [Math.max(0, expected), Math.max(0, -expected)];
  if (isStep && !isCycle) learn(state, now, parts);
  const anew = isStep ? state.anew : false;
  state.sums = now.map(
    (each, i) => state.sums[i] + gain(state.there[i], each, anew, parts[i]),
  ) as Charges;
  state.there = now;
}
