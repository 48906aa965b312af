// How far a replay is, on a terminal's standard error.
import cliProgress from "cli-progress";

/** A progress bar. */
export interface Bar {
  update(bytes: number): void;
  stop(): void;
}

/** A bar for so many bytes; none without a terminal, or where the end is not known (0). */
export function createBar(bytes: number): Bar {
  if (!process.stderr.isTTY || bytes === 0) {
    return { update: () => undefined, stop: () => undefined };
  }
  const format = "{bar} {percentage} %, {eta_formatted} left";
  const options = { format, stream: process.stderr, clearOnComplete: true, gracefulExit: false };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  bar.start(bytes, 0);
  return {
    update: (read) => bar.update(read),
    stop: () => bar.stop(),
  };
}
