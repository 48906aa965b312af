// A curve in one line of text.

const BLOCKS = "▁▂▃▄▅▆▇█";

/** The values as blocks of eighths between their lowest and highest. */
export function sparkline(values: readonly number[]): string {
  const known = values.filter((value) => Number.isFinite(value));
  if (known.length === 0) return "";
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const block = (value: number): string => {
    if (!Number.isFinite(value)) return " ";
    const share = span === 0 ? 0 : (value - low) / span;
    return BLOCKS[Math.min(BLOCKS.length - 1, Math.floor(share * BLOCKS.length))];
  };
  return values.map(block).join("");
}
