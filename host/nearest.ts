// The accepted word that a misspelt one most likely means.

/** Edits (insert, remove, replace) between two words; Levenshtein 1966, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j] + 1, row[j - 1] + 1));
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
