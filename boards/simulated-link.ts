// The line between a simulated board and its host: immediate, and cut while the host is lost.
import type { Line } from "../hal/port.ts";

export interface Link {
  readonly line: Line;
  /** Events sent that say why a run ended; they count even when nobody hears them. */
  readonly said: { reasons: number };
  toBoard: (text: string) => void;
  toHost: (text: string) => void;
}

/** A fault or a verdict, see firmware/telemetry.ts. */
const REASON = /^\["e",[68],/;

/** The third character of an event's line, e: frames need not be searched. */
const EVENT_TAG = 101;

/** A link that drops what it is given while `cut()`. */
export function createLink(cut: () => boolean): Link {
  const link: Link = {
    said: { reasons: 0 },
    line: {
      open: (onLine) => {
        link.toBoard = onLine;
      },
      write: (text) => {
        if (text.charCodeAt(2) === EVENT_TAG && REASON.test(text)) link.said.reasons++;
        if (cut()) return false;
        link.toHost(text);
        return true;
      },
    },
    toBoard: () => {},
    toHost: () => {},
  };
  return link;
}
