// From an open port to a prompt that answers, or to why it does not.
import type { Repl } from "./repl.ts";
import { NoAnswer } from "./repl.ts";

const FIRST_MS = 1000;
const SECOND_MS = 3000;
const TRIES = 3;

/** Waits for the prompt. A board that runs a channel is left in peace: it answers the first
 *  question with a line of its own, and only who says nothing is interrupted. */
export async function reachPrompt(repl: Repl): Promise<void> {
  repl.tell("");
  try {
    await repl.ask("1", FIRST_MS);
  } catch (error) {
    const again = error instanceof NoAnswer && (error.kind === "silent" || error.kind === "threw");
    if (!again) throw error;
    repl.interrupt();
    await repl.ask("1", SECOND_MS);
  }
}

/** Starts the interpreter afresh without the program in its flash, which then may be erased. */
export async function resetInterpreter(repl: Repl): Promise<void> {
  repl.tell("reset()");
  for (let left = TRIES - 1; ; left--) {
    try {
      await repl.ask("1", SECOND_MS);
      return;
    } catch (error) {
      // What is sent while it starts may be lost.
      if (left === 0 || !(error instanceof NoAnswer) || error.kind !== "silent") throw error;
    }
  }
}

/** One line for the user; `wayBack` is how this board's console comes back. */
export function whyNoAnswer(error: NoAnswer, wayBack: string): string {
  switch (error.kind) {
    case "running":
      return `a channel runs on the board and its console is away: ${wayBack}, then flash again`;
    case "locked":
      return "the console is locked by a password: unlock it in the Espruino IDE, then flash again";
    case "silent":
      return `the interpreter does not answer: ${wayBack}, then flash again`;
    case "threw":
      return `the interpreter says: ${error.said}`;
    case "ended":
      return `the connection ended: ${error.said}`;
  }
}
