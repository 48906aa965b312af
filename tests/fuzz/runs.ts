// How much is drawn: `npm test` looks at a little, `npm run fuzz` at a hundred times that, or at
// what it is told (scripts/fuzz.js, which sets CYCLET_FUZZ). What breaks names its seed and path,
// which CYCLET_FUZZ_SEED repeats.
import type { Parameters } from "fast-check";

const factor = Number(process.env.CYCLET_FUZZ ?? 1);
// `npm test` draws the same each time, so that a change breaks it and not chance.
const usualSeed = process.env.CYCLET_FUZZ === undefined ? "1" : undefined;
const seed = process.env.CYCLET_FUZZ_SEED ?? usualSeed;

/** Whether there is time for all there is. */
export const isLong = factor > 1;

/** Parameters of a property that is tried `usual` times in `npm test`. */
export function runs(usual: number): Parameters<unknown> {
  const numRuns = Math.max(1, Math.round(usual * factor));
  return seed === undefined ? { numRuns } : { numRuns, seed: Number(seed) };
}
