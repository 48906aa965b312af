// Questions to a board: one line out, one answer in. Lines may be lost or damaged on the way, so
// what nobody answers is asked again; every request of the protocol bears that.
import type { Answer } from "../../firmware/console.ts";
import { decodeAnswer, RESULT_BUSY, RESULT_NOT_UNDERSTOOD } from "../../firmware/console.ts";
import type { Wire } from "./wire.ts";

/** What may be left open about a question; the default is patient. */
export interface Patience {
  /** How long an answer may take, ms, and how often to ask. */
  timeoutMs: number;
  tries: number;
}

export const PATIENT: Patience = { timeoutMs: 2500, tries: 3 };

/** Between two questions to a board that is busy, ms. */
const BUSY_MS = 200;
const BUSY_TRIES = 50;

/** An answer, and how many questions went without one before it. */
export interface Heard extends Answer {
  unanswered: number;
}

/** Nobody answered, or the connection ended: exit status 3. */
export class NoAnswer extends Error {}

type Accepts = (answer: Answer) => boolean;

// Resolves with null when time is up or the connection ends.
function once(wire: Wire, line: string, accepts: Accepts, ms: number): Promise<Answer | null> {
  return new Promise((done) => {
    const settle = (answer: Answer | null): void => {
      clearTimeout(timer);
      wire.onLine(() => undefined);
      wire.onEnd(() => undefined);
      done(answer);
    };
    const timer = setTimeout(() => settle(null), ms);
    wire.onEnd(() => settle(null));
    wire.onLine((text) => {
      const answer = decodeAnswer(text);
      if (answer === null) return;
      if (answer.verb === 0 || accepts(answer)) settle(answer);
    });
    wire.send(line);
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Asks until an answer to `verb` comes that `fits`; an answer that refuses always does. Rejects
 *  with NoAnswer. */
export async function ask(
  wire: Wire,
  line: string,
  verb: number,
  patience: Patience = PATIENT,
  fits: Accepts = () => true,
): Promise<Heard> {
  let unanswered = 0;
  let foreign = false;
  for (let busy = 0; unanswered < patience.tries;) {
    const ours = (answer: Answer): boolean =>
      answer.verb === verb && (answer.result !== 0 || fits(answer));
    const answer = wire.ended() === null ? await once(wire, line, ours, patience.timeoutMs) : null;
    const why = wire.ended();
    if (answer === null && why !== null) throw new NoAnswer(`the connection ended: ${why}`);
    // "Not understood" is most often a line that was damaged on its way.
    foreign = answer?.verb === 0;
    if (answer === null || foreign) unanswered++;
    else if (answer.result !== RESULT_BUSY || ++busy > BUSY_TRIES) return { ...answer, unanswered };
    else await pause(BUSY_MS);
  }
  if (foreign) return { verb, result: RESULT_NOT_UNDERSTOOD, values: [], unanswered };
  throw new NoAnswer(
    `no answer to "${line.split(" ")[0]}" within ${(patience.timeoutMs * patience.tries) / 1000} s`,
  );
}
