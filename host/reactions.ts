// What findings lead to: the `on` of a protocol and of its steps, and the two bits each that a
// compiled step carries.
import {
  ACTION_CONTINUE,
  ACTION_HOLD,
  ACTION_LOG,
  ACTION_STOP,
  ACTIONS_CONTACT,
  ACTIONS_HARD,
  ACTIONS_SOFT,
  ACTIONS_VOID,
} from "../firmware/protocol.ts";

/** Go on, go on with more frequent frames, rest until told otherwise, end the run. */
export type Action = "continue" | "log-faster" | "hold" | "stop";

/** Findings and what they lead to. A hard short opens the relay at once, whatever is asked for. */
export interface Reactions {
  soft: Action;
  void: Action;
  contact: Action;
  hard: "stop" | "hold";
}

/** What a step, or else its protocol, says about findings; active proofs are allowed unless said
 *  otherwise. */
export interface Vigilance {
  on?: Partial<Reactions>;
  proof?: boolean;
}

/** What holds where a protocol says nothing. */
export const USUAL: Readonly<Reactions> = {
  soft: "log-faster",
  void: "continue",
  contact: "continue",
  hard: "stop",
};

const CODES: Readonly<Record<Action, number>> = {
  continue: ACTION_CONTINUE,
  "log-faster": ACTION_LOG,
  hold: ACTION_HOLD,
  stop: ACTION_STOP,
};
const PLACES: readonly [keyof Reactions, number][] = [
  ["soft", ACTIONS_SOFT],
  ["void", ACTIONS_VOID],
  ["contact", ACTIONS_CONTACT],
  ["hard", ACTIONS_HARD],
];

/** Reactions as a compiled step's `actions`. */
export function encodeReactions(reactions: Reactions): number {
  return PLACES.reduce((bits, [finding, place]) => bits | (CODES[reactions[finding]] << place), 0);
}

const USUAL_BITS = encodeReactions(USUAL);

/** What of a compiled step's `actions` is not as usual, in words such as "soft: hold"; "" = all. */
export function unusual(actions: number): string {
  const names = Object.keys(CODES) as Action[];
  const parts = PLACES.filter(([, place]) => ((actions ^ USUAL_BITS) >> place) & 3).map(
    ([finding, place]) => {
      const action = names.find((name) => CODES[name] === ((actions >> place) & 3));
      return `${finding}: ${action}`;
    },
  );
  return parts.join(", ");
}
