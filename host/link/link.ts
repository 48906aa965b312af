// What the desktop asks of a channel, however it is reached.

/** A channel on the other end of a line. */
export interface Link {
  /** A console line for the firmware: "start" or "stop". */
  send(line: string): void;
  /** Telemetry lines, without their line feed. */
  onLine(listener: (text: string) => void): void;
  /** The channel's own time, ms since power-on. */
  now(): number;
  /** Lets the channel's time go on to `timeMs`. */
  runUntil(timeMs: number): void;
}
