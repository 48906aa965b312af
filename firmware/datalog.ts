// The sample log: what a run tells its host goes to a flash memory, too, and can be fetched when
// nobody has listened. It hangs on the board's line, where everything is told after the hardware
// has been: what is told is put into buffers at once, and memory is served after the frame.
import type { Flash } from "../hal/bus.ts";
import type { Board, Line, Scan } from "../hal/port.ts";
import { createKept } from "./log-kept.ts";
import type { Log, LogState, Source } from "./log-note.ts";
import { hear } from "./log-note.ts";
import { createPage } from "./log-page.ts";
import { answer } from "./log-reading.ts";
import { createRings, serve } from "./log-ring.ts";
import { wake } from "./log-wake.ts";

/** A board with a log. */
export interface Datalog {
  /** The board that the shell is to be started on. */
  readonly board: Board;
  /** All that changes, for a rig that forks. */
  readonly state: LogState;
  /** To be told the shell, once it has been started. */
  follow(shell: Source): void;
}

function createLog(flash: Flash, crc32: (bytes: Uint8Array) => number): Log {
  const rings = createRings(createKept(), crc32);
  const page = createPage();
  const ended = wake(rings, flash);
  page.before = ended.before;
  const state = {
    page,
    rings,
    run: ended.run,
    open: false,
    isTimed: false,
    number: ended.page,
    isBusy: false,
  };
  return { flash, crc32, state, source: null, raw: null };
}

/** The line, listened to in both directions. */
function tapLine(log: Log, board: Board, toText: (bytes: Uint8Array) => string): Line {
  const line = board.line;
  return {
    open: (onLine) => {
      line.open((text) => {
        const startedAt = log.source === null ? 0 : log.source.channel.run.totals.startedAt;
        const ageMs = board.clock.now() - startedAt * 1000;
        const told = answer(text, log.flash, toText, log.state, ageMs);
        if (told === "") onLine(text);
        else line.write(told);
      });
    },
    write: (text) => {
      hear(log, text);
      return line.write(text);
    },
  };
}

/** The acquisition: after each frame memory is served. */
function tapScan(log: Log, scan: Scan): Scan {
  return {
    samples: scan.samples,
    request: scan.request,
    burst: scan.burst,
    start: (onFrame) => {
      scan.start((raw) => {
        log.raw = raw;
        onFrame(raw);
        if (log.state.isBusy) log.state.isBusy = serve(log.state.rings, log.flash);
      });
    },
  };
}

/** Reads where the log in `flash` has ended, and hangs it on a board. `toText` makes base 64 of
 *  bytes, for the line. */
export function createDatalog(
  board: Board,
  flash: Flash,
  toText: (bytes: Uint8Array) => string,
): Datalog {
  const log = createLog(flash, board.memory.crc32);
  const logged = {
    clock: board.clock,
    scan: tapScan(log, board.scan),
    dac: board.dac,
    range: board.range,
    relay: board.relay,
    memory: board.memory,
    line: tapLine(log, board, toText),
    watchdog: board.watchdog,
    panel: board.panel,
    circuit: board.circuit,
    capabilities: board.capabilities,
    bundle: board.bundle,
  };
  return {
    board: logged as Board,
    state: log.state,
    follow: (shell) => {
      log.source = shell;
    },
  };
}
