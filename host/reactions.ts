// What findings lead to: the `on` of a protocol and of its steps, and the two bits each that a
// compiled step carries.
import type { Step } from "../firmware/protocol.ts";
import {
  ACTION_CONTINUE,
  ACTION_HOLD,
  ACTION_LOG,
  ACTION_STOP,
  ACTIONS_CONTACT,
  ACTIONS_HARD,
  ACTIONS_SOFT,
  ACTIONS_VOID,
  FLAGS_CHARGE,
} from "../firmware/protocol.ts";

/** Go on, go on with more frequent frames, rest until told otherwise, end the run. */
export type Action = "continue" | "log-faster" | "hold" | "stop";

/** Findings and what they lead to. `charge`: a full cell's charge that has no end. A hard short
 *  opens the relay at once, whatever is asked for. */
export interface Reactions {
  soft: Action;
  charge: Action;
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
  charge: "stop",
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
const PLACES: readonly [Exclude<keyof Reactions, "charge">, number][] = [
  ["soft", ACTIONS_SOFT],
  ["void", ACTIONS_VOID],
  ["contact", ACTIONS_CONTACT],
  ["hard", ACTIONS_HARD],
];

/** Puts reactions into a compiled step: its `actions`, and two bits of its `flags`. */
export function encodeReactions(step: Step, reactions: Reactions): void {
  const code = (finding: keyof Reactions): number => CODES[reactions[finding]];
  step.actions = PLACES.reduce((bits, [finding, place]) => bits | (code(finding) << place), 0);
  step.flags &= ~(3 << FLAGS_CHARGE);
  step.flags |= (ACTION_STOP - code("charge")) << FLAGS_CHARGE;
}

/** What a compiled step carries. */
function reactionsOf({ actions, flags }: Pick<Step, "actions" | "flags">): [string, Action][] {
  const names = Object.keys(CODES) as Action[];
  const named = (code: number): Action => names.find((name) => CODES[name] === code) ?? "continue";
  return [
    ...PLACES.map(([finding, place]): [string, Action] => [finding, named((actions >> place) & 3)]),
    ["charge", named(ACTION_STOP - ((flags >> FLAGS_CHARGE) & 3))],
  ];
}

/** What of a compiled step's reactions is not as usual, in words such as "soft: hold"; "" = all. */
export function unusual(step: Pick<Step, "actions" | "flags">): string {
  return reactionsOf(step)
    .filter(([finding, action]) => action !== USUAL[finding as keyof Reactions])
    .map(([finding, action]) => `${finding}: ${action}`)
    .join(", ");
}
