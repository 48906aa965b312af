// A channel that says what a script tells it to, at the script's times.
import { encodeEvent, encodeFrame } from "../../firmware/telemetry.ts";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import type { Link } from "../../host/link/link.ts";

/** A line and when it is said, ms of channel time after "start". */
export interface Said {
  atMs: number;
  line: string;
}

export interface ScriptedLink extends Link {
  /** What the host has sent. */
  readonly heard: string[];
}

/** A frame with plausible values where `part` gives none. */
export function frame(part: Partial<FrameMessage> = {}): FrameMessage {
  return {
    ...{ sequence: 1, timeMs: 0, voltageUv: 0, currentPa: 0, setpointPa: 0, forceMn: 5884000 },
    ...{ temperatureMc: 25000, step: 0, stepCount: 1, cycleCount: 1, direction: 0 },
    ...{ chargeInUc: 0, chargeOutUc: 0, ...part },
  };
}

export function frameLine(part: Partial<FrameMessage> = {}): string {
  return encodeFrame(Float64Array.from(Object.values(frame(part)) as number[]));
}

export function eventLine(code: number, timeMs: number, ...values: number[]): string {
  return encodeEvent(Float64Array.of(code, values.length, ...values), 0, timeMs);
}

/** Says `script` after "start"; says `onStop` at once after "stop", and nothing more. */
export function scriptedLink(
  script: readonly Said[],
  onStop: readonly string[] = [],
): ScriptedLink {
  const heard: string[] = [];
  let listener: (line: string) => void = () => undefined;
  let now = 0;
  let due = [...script];
  return {
    heard,
    send(line) {
      heard.push(line);
      if (line === "stop") due = onStop.map((text) => ({ atMs: now, line: text }));
    },
    onLine: (next) => {
      listener = next;
    },
    now: () => now,
    advance(timeMs) {
      now = Math.max(now, timeMs);
      const said = due.filter((each) => each.atMs <= now);
      due = due.filter((each) => each.atMs > now);
      for (const each of said) listener(each.line);
      return Promise.resolve();
    },
    onCut: () => undefined,
    lost: () => false,
    close: () => undefined,
  };
}
