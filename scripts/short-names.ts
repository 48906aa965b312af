// Names for properties, the shortest for those that stand in the text most often: on a board each
// letter costs storage, and is read each time.

const FIRST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
/** Short enough to come up, and no names. */
const WORDS = ["do", "if", "in", "of", "as"];

/** The n-th name, counted from 0: one letter, then two. */
function nameAt(n: number): string {
  if (n < FIRST.length) return FIRST[n];
  const rest = n - FIRST.length;
  return FIRST[Math.floor(rest / FIRST.length)] + FIRST[rest % FIRST.length];
}

/** How often each name stands behind a dot, or before a colon. */
function countNames(code: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, behind, before] of code.matchAll(/\.([A-Za-z_$][\w$]*)|\b([A-Za-z_$][\w$]*):/g)) {
    const name = behind ?? before;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

/** What terser takes as `nameCache.props`, for a text whose property names are whole; those of
 *  `reserved` keep theirs. */
export function shortNames(code: string, reserved: readonly string[]): Record<string, string> {
  const taken = new Set([...reserved, ...WORDS]);
  const counts = [...countNames(code)].filter(([name]) => !taken.has(name));
  counts.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const names: Record<string, string> = {};
  let n = 0;
  for (const [name] of counts) {
    while (taken.has(nameAt(n))) n++;
    names[`$${name}`] = nameAt(n++);
  }
  return names;
}
