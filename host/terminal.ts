// What somebody at a terminal types while a run goes on.
import { createInterface } from "node:readline";

/** Calls `onWord` for each line that is `word` and nothing else. The function that it answers ends
 *  that: no program waits for what is typed after it. */
export function hearWord(word: string, onWord: () => void): () => void {
  const lines = createInterface({ input: process.stdin, terminal: false });
  lines.on("line", (line) => {
    if (line.trim().toLowerCase() === word) onWord();
  });
  return () => {
    lines.close();
    process.stdin.unref();
  };
}
