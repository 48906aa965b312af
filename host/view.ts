// What a person sees while a run goes on. Two kinds exist: live.ts for a terminal, lines.ts for
// everything else.
import type { FrameMessage } from "../firmware/telemetry.ts";
import type { SignRecord } from "./event-record.ts";

export interface View {
  frame(frame: FrameMessage): void;
  event(record: SignRecord): void;
  /** A word of the host's own. */
  say(line: string): void;
  /** The last words; the view shows nothing after them. */
  close(lines: readonly string[]): void;
}
