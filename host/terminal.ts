// What somebody at a terminal types while a run goes on.
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Calls `onWord` for each line of `input` that is `word` and nothing else, in whatever case. The
 *  function that it answers ends that: no program waits for what is typed after it. */
export function hearWord(
  input: Readable & { unref?: () => void },
  word: string,
  onWord: () => void,
): () => void {
  const lines = createInterface({ input, terminal: false });
  lines.on("line", (line) => {
    if (line.trim().toLowerCase() === word) onWord();
  });
  return () => {
    lines.close();
    input.unref?.();
  };
}
