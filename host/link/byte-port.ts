// Bytes to and from a board, whatever carries them.
import type { Duplex } from "node:stream";
import { reason } from "../system-error.ts";

/** What the last words may take to leave, ms. */
const CLOSING_MS = 500;

/** A connection that may end. */
export interface Connection {
  /** Why it ended, null = it stands. */
  ended(): string | null;
  /** Called once, when it ends other than by `close`; at once if it has. Replaces the listener. */
  onEnd(listener: (why: string) => void): void;
  /** Ends it as if the other side had. */
  abandon(why: string): void;
  /** Lets what was said last leave, a stop perhaps. */
  close(): void;
}

/** An open connection; a character is a byte. */
export interface BytePort extends Connection {
  write(bytes: string): void;
  /** Replaces the listener before. */
  onData(listener: (bytes: string) => void): void;
}

/** A socket or a serial port, open already. */
export function createBytePort(stream: Duplex): BytePort {
  let ended: string | null = null;
  let dataListener: (bytes: string) => void = () => undefined;
  let endListener: (why: string) => void = () => undefined;
  const end = (why: string): void => {
    if (ended !== null) return;
    ended = why;
    stream.destroy();
    endListener(why);
  };
  stream.setEncoding("latin1");
  stream.on("data", (bytes: string) => dataListener(bytes));
  stream.on("error", (error) => end(reason(error)));
  stream.on("end", () => end("the other side closed it"));
  stream.on("close", () => end("the other side closed it"));
  return {
    write: (bytes) => {
      if (ended === null) stream.write(bytes, "latin1");
    },
    onData: (listener) => {
      dataListener = listener;
    },
    ended: () => ended,
    onEnd: (listener) => {
      endListener = listener;
      if (ended !== null) listener(ended);
    },
    abandon: end,
    close: () => {
      if (ended === null) stream.end();
      ended ??= "closed";
      setTimeout(() => stream.destroy(), CLOSING_MS).unref();
    },
  };
}
