// What a board's answer means when it is not "done", and the exit status it leads to.
import type { Answer } from "../firmware/console.ts";
import * as code from "../firmware/console.ts";
import { faultAdvice } from "./fault-advice.ts";
import { faultMeaning, faultName } from "./fault-name.ts";
import { InputError } from "./input-error.ts";

/** A fault in a line: name, meaning, what to do. */
export function faultLine(fault: number): string {
  const name = faultName(fault);
  return `${name}: ${faultMeaning(name)}; ${faultAdvice(name)}`;
}

const REASONS: Readonly<Record<number, string>> = {
  [code.RESULT_NOT_UNDERSTOOD]: "the board does not know this: is its firmware older?",
  [code.RESULT_RUN_IS_ON]: "a run is on; stop it first",
  [code.RESULT_NO_RUN]: "no run is on",
  [code.RESULT_NOTHING_HELD]: "nothing is held",
  [code.RESULT_NO_CONFIG]: "the board has no usable configuration; load a protocol first",
  [code.RESULT_NO_PROGRAM]: "the board has no usable program; load a protocol first",
  [code.RESULT_BUSY]: "the board is busy with an earlier request; try again",
};

/** The error an answer amounts to: an InputError where the user can do better (exit status 2), an
 *  Error where the channel failed (3). */
export function refusal(target: string, word: string, answer: Answer): Error {
  const place = `${target}: ${word}: `;
  if (answer.result === code.RESULT_FAULT) {
    return new Error(`${place}fault ${faultLine(answer.values.at(0) ?? 0)}`);
  }
  if (answer.result === code.RESULT_MEMORY_FAILED) {
    return new Error(`${place}the board's memory does not take or give data; check its wiring`);
  }
  const words = REASONS[answer.result] ?? `refused with code ${answer.result}`;
  return new InputError(place + words);
}
