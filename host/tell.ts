// What there is to know besides a result.
import { printable } from "./printable.ts";

/** Says what else there is to know, on standard error. */
export function tell(notes: readonly string[]): void {
  for (const note of notes) process.stderr.write(`cyclet: ${printable(note)}\n`);
}
