// Questions to the interpreter's prompt and its answers. A question is one line, answered before
// the next is sent and shorter than the input buffer of any board (1 kB, of which 3/8 may fill
// before it asks for silence), so that XON and XOFF need not be obeyed.
import type { BytePort } from "../link/byte-port.ts";

/** Longest line that `ask` sends. */
export const LINE_MAX = 320;

/** What is kept of a board's talk, characters. */
const HEARD_MAX = 8192;
const QUOTED_MAX = 80;

/** Turns the echo off, for this line. */
const QUIET = "\x10";
const INTERRUPT = "\x03";

/** Why there is no answer. */
export type Silence = "silent" | "running" | "locked" | "ended" | "threw";

/** No answer came; `said` is what the board or the connection said instead. */
export class NoAnswer extends Error {
  readonly kind: Silence;
  readonly said: string;
  constructor(kind: Silence, said: string) {
    super(said === "" ? kind : `${kind}: ${said}`);
    this.kind = kind;
    this.said = said;
  }
}

/** A board's prompt. */
export interface Repl {
  /** The value of an expression, through JSON; rejects with NoAnswer. */
  ask(expression: string, deadlineMs: number): Promise<unknown>;
  /** Forgets whatever was typed before, and interrupts whatever goes on. */
  interrupt(): void;
  /** Sends a statement that has no answer. */
  tell(statement: string): void;
}

/** Printable and short, for a message of one line. */
export function quoted(text: string): string {
  const plain = text.replace(/[^ -~]+/g, " ").trim();
  return plain.length > QUOTED_MAX ? `${plain.slice(0, QUOTED_MAX)}…` : plain;
}

// A channel that runs answers a line that it does not know by ["k",0,…].
function refusal(heard: string): NoAnswer | null {
  if (/\["[dekv]",/.test(heard)) return new NoAnswer("running", "");
  if (/password>/.test(heard)) return new NoAnswer("locked", "");
  const error = /Uncaught ([^\r\n]+)[\r\n]/.exec(heard);
  return error ? new NoAnswer("threw", quoted(error[1])) : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Waiting {
  mark: RegExp;
  settle(outcome: unknown): void;
}

/** The prompt behind a port. */
export function createRepl(port: BytePort): Repl {
  let count = 0;
  let heard = "";
  let ended: string | null = null;
  let waiting: Waiting | null = null;
  port.onEnd((why) => {
    ended = why;
    waiting?.settle(new NoAnswer("ended", why));
  });
  port.onData((bytes) => {
    heard = (heard + bytes.replace(/[\x11\x13]/g, "")).slice(-HEARD_MAX);
    if (waiting === null) return;
    const answer = waiting.mark.exec(heard);
    const outcome = answer ? parsed(answer[1]) : refusal(heard);
    if (answer || outcome !== null) waiting.settle(outcome);
  });
  const ask = (expression: string, deadlineMs: number): Promise<unknown> =>
    new Promise((done, fail) => {
      const id = ++count;
      // What asks is not what answers: an echo is no answer.
      const line = `${QUIET}print("=:"+"${id}:"+JSON.stringify(${expression}))\n`;
      if (line.length > LINE_MAX) throw new Error(`a question of ${line.length} characters`);
      heard = "";
      const timer = setTimeout(() => waiting?.settle(new NoAnswer("silent", "")), deadlineMs);
      const settle = (outcome: unknown): void => {
        clearTimeout(timer);
        waiting = null;
        if (outcome instanceof NoAnswer) fail(outcome);
        else done(outcome);
      };
      waiting = { mark: new RegExp(`=:${id}:([^\\r\\n]*)[\\r\\n]`), settle };
      if (ended !== null) settle(new NoAnswer("ended", ended));
      else port.write(line);
    });
  return {
    ask,
    interrupt: () => port.write(`${INTERRUPT}\n`),
    tell: (statement) => port.write(`${QUIET}${statement}\n`),
  };
}
