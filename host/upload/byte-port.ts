// Bytes to and from a board's console, whatever carries them.
import type { Duplex } from "node:stream";
import { reason } from "../system-error.ts";

/** An open connection; a character is a byte. */
export interface BytePort {
  write(bytes: string): void;
  /** Replaces the listener before. */
  onData(listener: (bytes: string) => void): void;
  /** Called once, when it ends other than by `close`; at once if it has. */
  onEnd(listener: (why: string) => void): void;
  close(): void;
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
    onEnd: (listener) => {
      endListener = listener;
      if (ended !== null) listener(ended);
    },
    close: () => {
      ended ??= "closed";
      stream.destroy();
    },
  };
}
