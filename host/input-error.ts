// The one kind of error whose text the user can act on.
import { printable } from "./printable.ts";

/** Wrong usage or input. Its message is one line: where, what, and what would be accepted. What it
 *  quotes from outside is made printable. */
export class InputError extends Error {
  constructor(message: string) {
    super(printable(message));
  }
}
