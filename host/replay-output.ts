// Records to standard output, one JSON object a line, no faster than they are taken.
import { once } from "node:events";
import type { ReplayRecord } from "./replay-record.ts";

/** A stream of records. */
export interface Output {
  write(record: ReplayRecord): void;
  /** True while the stream's buffer is full. */
  isFull(): boolean;
  /** Resolves when there is room again, or nobody listens any more. */
  drained(): Promise<void>;
  /** True once the reader is gone. */
  isClosed(): boolean;
  release(): void;
}

/** Writes to `stream`; `onClosed` is called once when its reader goes. */
export function createOutput(stream: NodeJS.WriteStream, onClosed: () => void): Output {
  let closed = false;
  let full = false;
  const onError = (): void => {
    if (closed) return;
    closed = true;
    onClosed();
  };
  stream.on("error", onError);
  return {
    write(record) {
      if (!closed) full = !stream.write(JSON.stringify(record) + "\n");
    },
    isFull: () => full,
    async drained() {
      if (full && !closed) await once(stream, "drain").catch(() => undefined);
      full = false;
    },
    isClosed: () => closed,
    release: () => {
      stream.off("error", onError);
    },
  };
}
