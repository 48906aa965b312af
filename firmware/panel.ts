// The light and the button at the board: what they mean. A press starts a run where nothing runs,
// and stops one whatever it is doing; it never resumes and never clears a fault, for both want
// somebody to look first.
import type { Panel } from "../hal/port.ts";
import { VERB_START } from "./console.ts";
import type { Attended } from "./features.ts";
import { FRAMES_TO_STOP, LAMP_RUNNING } from "./features.ts";
import { HELD, IDLE } from "./schedule.ts";

// What the light shows.
const LAMP_IDLE = 0;
const LAMP_HOLD = 2;
const LAMP_FAULT = 3;

/** Frames that a press lasts before it starts a run, 1 s at 200 ms a frame: longer than a sleeve
 *  brushes against it. */
const FRAMES_TO_START = 5;

/** Shows where the channel stands and takes up a press, once a frame; what it asks for is obeyed
 *  like a line's request. Needs a board with a panel. */
export function attend(shell: Attended): void {
  const phase = shell.channel.run.schedule.phase;
  const fault = shell.channel.guard.fault;
  let lamp = LAMP_RUNNING;
  if (phase === IDLE) lamp = LAMP_IDLE;
  if (phase === HELD) lamp = LAMP_HOLD;
  if (fault !== 0) lamp = LAMP_FAULT;
  const panel = shell.board.panel as Panel;
  if (!panel(lamp, phase === IDLE ? FRAMES_TO_START : FRAMES_TO_STOP)) return;
  if (phase !== IDLE) shell.state.stopWanted = 1;
  else if (fault === 0 && shell.state.wanted === 0) shell.state.wanted = VERB_START;
}
