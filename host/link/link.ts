// What the desktop asks of a channel, however it is reached.

/** A channel on the other end of a line. */
export interface Link {
  /** A console line for the firmware, such as "start" or "stop". */
  send(line: string): void;
  /** Telemetry lines, without their line feed. */
  onLine(listener: (text: string) => void): void;
  /** The channel's own time, ms since power-on; of a real channel, ms since it was reached. */
  now(): number;
  /** Lets the channel's time go on to `timeMs`. A real one's goes on by itself: resolves at that
   *  time, or as soon as the channel has said something. */
  advance(timeMs: number): Promise<void>;
  /** Told why the line is cut, and null when it stands again. */
  onCut(listener: (why: string | null) => void): void;
  /** The line has been cut for so long that nobody tries any more. */
  lost(): boolean;
  close(): void;
  /** Of a channel that runs in this program: why it does not reach its chips any more. */
  trouble?(): string | null;
}
