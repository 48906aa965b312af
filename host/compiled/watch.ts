// What steps have in common: what findings lead to, what follows an outage, when data are recorded.
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_PROOF, FLAG_RECORD_ALL, FLAG_WAIT } from "../../firmware/protocol.ts";
import type { AfterOutage, Recording, Watched } from "../protocol/form.ts";
import type { Vigilance } from "../reactions.ts";
import { encodeReactions, USUAL } from "../reactions.ts";
import type { Ground } from "./ground.ts";

/** Between records where only changes are asked for, s: silence and standstill are told apart. */
const STANDSTILL_S = 60;

/** How records are asked for in a compiled step, and in a program as a whole. */
type Recorded = Pick<Step, "recordTime" | "recordVoltage" | "recordCurrent" | "flags">;

/** Adds when data are recorded; nothing where `rule` is undefined. */
export function record(step: Recorded, rule: Recording | undefined): void {
  if (rule === undefined) return;
  step.recordTime = Math.fround(rule.timeS ?? STANDSTILL_S);
  step.recordVoltage = Math.fround(rule.voltageV ?? 0);
  step.recordCurrent = Math.fround((rule.currentMa ?? 0) / 1000);
  if (rule.combine === "all") step.flags |= FLAG_RECORD_ALL;
}

/** Adds what findings lead to: as the step says, else the protocol, else as usual. */
export function react(step: Step, own: Vigilance, { protocol }: Ground): void {
  encodeReactions(step, { ...USUAL, ...protocol.on, ...own.on });
}

/** Allows active proofs in a step of constant current, as the step says, else the protocol. */
export function prove(step: Step, own: Vigilance, { protocol }: Ground): void {
  if (own.proof ?? protocol.proof ?? true) step.flags |= FLAG_PROOF;
}

/** Marks a step that waits for the operator after a loss of power. */
export function guard(step: Step, own: AfterOutage, { protocol }: Ground): void {
  if ((own.afterOutage ?? protocol.afterOutage) === "wait") step.flags |= FLAG_WAIT;
}

/** Adds all of these to a step with a current. */
export function watch(step: Step, own: Vigilance & AfterOutage & Watched, ground: Ground): void {
  react(step, own, ground);
  guard(step, own, ground);
  record(step, own.record);
}
