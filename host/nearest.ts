// The accepted word that a misspelt one most likely means.

/** Edits (insert, remove, replace, swap neighbours) between two words, one row at a time: the
 *  optimal string alignment of Damerau 1964. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    const upper = before;
    before = above;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(replaced, above[j] + 1, row[j - 1] + 1);
      row.push(swapped ? Math.min(least, upper[j - 2] + 1) : least);
    }
  }
  return row[b.length];
}

/** The nearest of `accepted`, null when none is near: more than a third would have to change. */
export function nearest(word: string, accepted: readonly string[]): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const candidate of accepted) {
    const edits = distance(word.toLowerCase().slice(0, 64), candidate.toLowerCase());
    if (edits < least && edits <= Math.max(1, candidate.length / 3)) {
      best = candidate;
      least = edits;
    }
  }
  return best;
}

/** " (did you mean X?)", or nothing. */
export function suggestion(word: string, accepted: readonly string[]): string {
  const near = nearest(word, accepted);
  return near === null ? "" : ` (did you mean ${JSON.stringify(near)}?)`;
}
