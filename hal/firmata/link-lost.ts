// How a conversation with a board ends: nothing is asked any more, and who asked is told so.
import type { LinkState } from "./link-state.ts";

/** The board has announced itself although nobody asked. */
export const RESET = "the board was reset: was its supply or its USB connection interrupted?";
/** Its dead man's switch has opened the relay, and what it says then (arduino/dead-man.h). */
export const DEAD_MAN_WORD = "WD";
export const DEAD_MAN = "the board opened the relay: this computer said nothing for a second";
/** It does not answer, though the port is open. */
export const SILENT =
  "the board does not answer any more: it has stopped, or a chip holds the I2C bus";

/** Loses the link for `why`: the relay is told to open in case that somebody still listens, and
 *  every question is answered with null. What was lost stays so; that a silent board has been reset
 *  is only learnt later. */
export function breakOff(link: LinkState, why: string): void {
  const { io, clock, options } = link;
  const known = link.lost;
  if (known !== null && (known !== SILENT || why !== RESET)) return;
  link.lost = why;
  if (!link.mute && why !== RESET) io.digitalWrite(options.relayPin, 0);
  link.mute = true;
  if (link.timer >= 0) clock.cancel(link.timer);
  link.timer = -1;
  const asked = [...link.flight, ...link.queue];
  link.flight = [];
  link.queue = [];
  link.outstanding = link.silences = 0;
  for (const { question } of asked) {
    if (question === null) continue;
    link.failures++;
    question.done(null);
  }
  link.onLost(why);
}
