// From an open port to a prompt that answers, or to why it does not.
import type { Repl } from "./repl.ts";
import { NoAnswer } from "./repl.ts";

const TRIES = 3;
const FIRST_MS = 1500;
const RESET_MS = 3000;

// A character of the question or of its answer was lost.
function mayBeLost(error: unknown): boolean {
  return error instanceof NoAnswer && (error.kind === "silent" || error.kind === "threw");
}

/** Asks up to three times; for questions that change nothing when they are repeated. */
export async function askAgain(repl: Repl, question: string, deadlineMs: number): Promise<unknown> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await repl.ask(question, deadlineMs);
    } catch (error) {
      if (left === 0 || !mayBeLost(error)) throw error;
      repl.interrupt();
    }
  }
}

/** Waits for the prompt. A board that runs a channel is left in peace: it answers the first
 *  question with a line of its own, and only who says nothing is interrupted. */
export async function reachPrompt(repl: Repl): Promise<void> {
  repl.tell("");
  await askAgain(repl, "1", FIRST_MS);
}

/** Starts the interpreter afresh without the program in its flash, which then may be erased. */
export async function resetInterpreter(repl: Repl): Promise<void> {
  repl.tell("reset()");
  // What is sent while it starts may be lost.
  await askAgain(repl, "1", RESET_MS);
}

/** Restarts the board as its reset pin does; it runs what is in its flash, and answers no more. */
export function restartBoard(repl: Repl): void {
  repl.tell("E.reboot()");
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
