// The live view: a block of lines in the terminal, redrawn in place.
import cliProgress from "cli-progress";
import { createLogUpdate } from "log-update";
import type { FrameMessage } from "../firmware/telemetry.ts";
import type { SignRecord } from "./event-record.ts";
import { eventLine, isMeasurement } from "./lines.ts";
import { density, duration, level, significant, testTime, volts } from "./quantity.ts";
import { sparkline } from "./sparkline.ts";
import type { View } from "./view.ts";

/** What the block says besides measurements. */
export interface LiveHeading {
  protocol: string;
  cell: string;
  areaCm2: number;
  /** Longest duration of the program, s. */
  longestS: number;
}

interface LiveState {
  frame: FrameMessage | null;
  levelMaCm2: number;
  events: string[];
  voltages: number[];
  nextVoltageMs: number;
}

const REDRAW_MS = 100;
const EVENTS_SHOWN = 4;
const SPARK_POINTS = 48;
/** Test time between two points of the sparkline, ms. */
const SPARK_STEP_MS = 300_000;
const WIDTH_MAX = 78;

type Paint = (code: number, text: string) => string;

function colours(): Paint {
  const plain = (process.env["NO_COLOR"] ?? "") !== "";
  return plain ? (_, text) => text : (code, text) => `\u001b[${code}m${text}\u001b[0m`;
}

function bar(share: number, width: number): string {
  return cliProgress.Format.BarFormat(share, {
    barsize: width,
    barGlue: "",
    barCompleteString: "█".repeat(width),
    barIncompleteString: "░".repeat(width),
  });
}

function cut(text: string, width: number): string {
  const letters = [...text];
  return letters.length <= width ? text : letters.slice(0, width - 1).join("") + "…";
}

function measured(frame: FrameMessage, areaCm2: number): string {
  const j = density(frame.currentPa, areaCm2).toFixed(3);
  const force = significant(frame.forceMn / 1000, 4);
  const celsius = (frame.temperatureMc / 1000).toFixed(1);
  return `${j} mA/cm²   ${volts(frame.voltageUv / 1e6)}   ${force} N   ${celsius} °C`;
}

function progressLine(frame: FrameMessage, heading: LiveHeading, width: number): string {
  const elapsed = frame.timeMs / 1000;
  const share = Math.min(1, elapsed / Math.max(1, heading.longestS));
  const left = `${testTime(elapsed)}, at most ${duration(heading.longestS - elapsed)} left`;
  return `${bar(share, Math.max(4, Math.min(24, width - left.length - 2)))}  ${left}`;
}

/** The block's lines, cut to `width` columns. */
export function liveLines(
  state: LiveState,
  heading: LiveHeading,
  width: number,
  paint: Paint,
): string[] {
  const columns = Math.max(10, Math.min(width - 1, WIDTH_MAX));
  const lines = [paint(1, cut(`${heading.protocol} on ${heading.cell}`, columns))];
  const { frame } = state;
  if (frame !== null) {
    const size = Math.abs(state.levelMaCm2);
    const now = size === 0 ? "rest" : `level ${level(size)} mA/cm²`;
    lines.push(cut(`${now}, cycle ${frame.cycleCount}`, columns));
    lines.push(cut(measured(frame, heading.areaCm2), columns));
    lines.push(cut(progressLine(frame, heading, columns), columns));
    lines.push(paint(36, cut(sparkline(state.voltages), columns)));
  }
  for (const line of state.events) lines.push(paint(33, cut(line, columns)));
  return lines;
}

function follow(state: LiveState, frame: FrameMessage): void {
  state.frame = frame;
  if (frame.timeMs < state.nextVoltageMs) return;
  state.nextVoltageMs = frame.timeMs + SPARK_STEP_MS;
  state.voltages.push(frame.voltageUv);
  if (state.voltages.length > SPARK_POINTS) state.voltages.shift();
}

/** A live view on a terminal. */
export function createLiveView(heading: LiveHeading, stream: NodeJS.WriteStream): View {
  const log = createLogUpdate(stream);
  const paint = colours();
  const state: LiveState = {
    frame: null,
    levelMaCm2: 0,
    events: [],
    voltages: [],
    nextVoltageMs: 0,
  };
  let drawn = -Infinity;
  const draw = (): void => {
    drawn = performance.now();
    log(liveLines(state, heading, stream.columns, paint).join("\n"));
  };
  const show = (line: string): void => {
    state.events.push(line);
    if (state.events.length > EVENTS_SHOWN) state.events.shift();
  };
  return {
    frame(frame) {
      follow(state, frame);
      if (performance.now() - drawn >= REDRAW_MS) draw();
    },
    event(record: SignRecord) {
      if (record.event === "step") state.levelMaCm2 = record.setpointMaCm2;
      else if (!isMeasurement(record)) show(eventLine(record));
    },
    say: show,
    close(lines) {
      draw();
      log.done();
      for (const line of lines) stream.write(line + "\n");
    },
  };
}
