// Words as a POSIX shell takes them.

/** One line that a shell splits into exactly these words. */
export function shellWords(words: readonly string[]): string {
  const quoted = words.map((word) => {
    return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, "'\\''")}'`;
  });
  return quoted.join(" ");
}
