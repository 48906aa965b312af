// What a link to a Firmata board remembers: messages that wait, and those on their way.
import type { BytesDone, Clock } from "../port.ts";
import type { FirmataIo } from "./io.ts";

/** What a question's reply has to look like, and who wants it. */
export interface Question {
  /** The event that brings it. */
  readonly event: string;
  /** Bytes; a pin's state is one. */
  readonly count: number;
  readonly done: BytesDone;
  /** The board has said that this reply is no reading. */
  spoiled: boolean;
}

/** A piece of the conversation. */
export interface Message {
  /** Length on the wire. */
  readonly bytes: number;
  send(): void;
  readonly question: Question | null;
}

/** How a link is set up. */
export interface LinkOptions {
  readonly baud: number;
  /** The pin whose state is asked for where nothing else would be answered. */
  readonly relayPin: number;
}

/** All of a link's state. */
export interface LinkState {
  readonly io: FirmataIo;
  readonly clock: Clock;
  readonly options: LinkOptions;
  /** Not sent yet, and sent but not known to have been read. */
  queue: Message[];
  flight: Message[];
  /** Bytes of `flight`. */
  outstanding: number;
  /** When the last byte that was handed over has left, ms. */
  busyUntil: number;
  /** The timer of the oldest question, -1 = none. */
  timer: number;
  /** Questions since the board fell silent, to which no reply is expected any more: 0 = none. */
  silences: number;
  /** Why nothing is asked any more, null = the link stands. */
  lost: string | null;
  /** Nothing is sent: the board is starting, or gone. */
  mute: boolean;
  /** Replies that did not come or were none, in all. */
  failures: number;
  readonly listened: Set<string>;
  onLost: (why: string) => void;
  onRestart: () => void;
}

export function createLinkState(io: FirmataIo, clock: Clock, options: LinkOptions): LinkState {
  return {
    ...{ io, clock, options, queue: [], flight: [], outstanding: 0, busyUntil: 0, timer: -1 },
    ...{ silences: 0, lost: null, mute: false, failures: 0, listened: new Set() },
    onLost: () => undefined,
    onRestart: () => undefined,
  };
}
