// The statistics of the report.

/** An interval. */
export interface Interval {
  low: number;
  high: number;
}

const Z_95 = 1.959964;

/** Wilson's 95 % score interval of a share (J. Am. Stat. Assoc. 22 (1927) 209). */
export function wilson(found: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = found / of;
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * of)) / (1 + z2 / of);
  const spread = share * (1 - share) + z2 / (4 * of);
  const half = (Z_95 * Math.sqrt(spread / of)) / (1 + z2 / of);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Chance of at most `count` Poisson events of a given mean; terms in logarithms, which do not
 *  underflow. */
function atMost(count: number, mean: number): number {
  let term = -mean;
  let sum = Math.exp(term);
  for (let k = 1; k <= count; k++) {
    term += Math.log(mean / k);
    sum += Math.exp(term);
  }
  return sum;
}

/** Exact one-sided 95 % upper bound of a Poisson mean (Garwood, Biometrika 28 (1936) 437): the mean
 *  at which so few events have a chance of 5 %. */
export function poissonUpper(count: number): number {
  let low = count;
  let high = 2 * count + 20;
  for (let k = 0; k < 100; k++) {
    const mean = (low + high) / 2;
    if (atMost(count, mean) > 0.05) low = mean;
    else high = mean;
  }
  return high;
}

/** Median; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Value that a share `at` of the values does not exceed; NaN of nothing. */
export function quantile(values: readonly number[], at: number): number {
  if (values.length === 0) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const place = at * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}
