// `cyclet start|stop|hold|resume|clear|status|selftest --on TARGET`: one request, its answer in
// words, an exit status.
import type { Answer } from "../firmware/console.ts";
import * as code from "../firmware/console.ts";
import type { Heard } from "./link/ask.ts";
import { ask, NoAnswer, PATIENT } from "./link/ask.ts";
import type { Wire } from "./link/wire.ts";
import { refusal } from "./refusal.ts";
import { SELFTEST_VALUES, selftestLines } from "./selftest-lines.ts";
import { STATUS_VALUES, statusFault, statusLines } from "./status-lines.ts";

const STATUS_FAULT = 3;
/** A self-test takes some twenty frames, which take up to 0.3 s on a small board. */
const THOROUGH = { timeoutMs: 10_000, tries: 2 };

interface Verb {
  code: number;
  description: string;
  /** Said when it is done. */
  done: string;
  /** What a repeated question hears when the first one got through and its answer was lost. */
  repeated: number;
}

export const VERBS = {
  start: {
    ...{ code: code.VERB_START, repeated: code.RESULT_RUN_IS_ON },
    ...{ description: "start the stored protocol", done: "the run has started" },
  },
  stop: {
    ...{ code: code.VERB_STOP, repeated: code.RESULT_NO_RUN },
    ...{ description: "end the run; always accepted", done: "the run is stopped" },
  },
  hold: {
    ...{ code: code.VERB_HOLD, repeated: code.RESULT_DONE },
    ...{ description: "rest with the output off until resume or stop", done: "the run is held" },
  },
  resume: {
    ...{ code: code.VERB_RESUME, repeated: code.RESULT_NOTHING_HELD },
    ...{ description: "go on after a hold", done: "the run goes on" },
  },
  clear: {
    ...{ code: code.VERB_CLEAR, repeated: code.RESULT_DONE },
    ...{ description: "forget a latched fault", done: "no fault is latched" },
  },
  status: {
    ...{ code: code.VERB_STATUS, repeated: code.RESULT_DONE },
    ...{ description: "what the board is doing", done: "" },
  },
  selftest: {
    ...{ code: code.VERB_SELFTEST, repeated: code.RESULT_DONE },
    ...{ description: "check the board at rest", done: "" },
  },
} satisfies Record<string, Verb>;

export type VerbName = keyof typeof VERBS;

/** What a verb has to say and the exit status. */
export interface Outcome {
  lines: string[];
  status: number;
}

const LENGTHS: Partial<Record<VerbName, number>> = {
  status: STATUS_VALUES,
  selftest: SELFTEST_VALUES,
};

function outcome(target: string, name: VerbName, answer: Heard): Outcome {
  const verb: Verb = VERBS[name];
  const { result, values } = answer;
  const repeated = answer.unanswered > 0 && result === verb.repeated;
  if (name === "stop" && result === code.RESULT_NO_RUN && !repeated) {
    return { lines: ["no run is on: there is nothing to stop"], status: 0 };
  }
  if (result !== code.RESULT_DONE && !repeated) throw refusal(target, name, answer);
  if (name === "status") {
    return { lines: statusLines(values), status: statusFault(values) === 0 ? 0 : STATUS_FAULT };
  }
  if (name === "selftest") {
    return { lines: selftestLines(values), status: values[0] === 0 ? 0 : STATUS_FAULT };
  }
  return { lines: [verb.done], status: 0 };
}

/** Sends a verb. Throws InputError when the board refuses (exit status 2), an Error of one line
 *  when the channel has a fault or nobody answers (3). */
export async function carry(wire: Wire, target: string, name: VerbName): Promise<Outcome> {
  const least = LENGTHS[name] ?? 0;
  const whole = (each: Answer): boolean => each.values.length >= least;
  try {
    const patience = name === "selftest" ? THOROUGH : PATIENT;
    const answer = await ask(wire, name, VERBS[name].code, patience, whole);
    return outcome(target, name, answer);
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new Error(`${target}: ${error.message}`, { cause: error });
  }
}
