// The view without a terminal: plain lines for what changes, no control characters.
import type { SignRecord } from "./event-record.ts";
import { evidence, title } from "./describe.ts";
import { level, testTime } from "./quantity.ts";
import type { View } from "./view.ts";

/** Regular measurements stand in the event file and would only push news out of sight. */
export function isMeasurement(record: SignRecord): boolean {
  return record.event === "pulse" || record.event === "cycle";
}

/** A line for an event. */
export function eventLine(record: SignRecord): string {
  const text = evidence(record);
  const what = record.event === "step" ? text : title(record) + (text === "" ? "" : `: ${text}`);
  return `${testTime(record.t)}  ${what}`;
}

/** A view that calls `print` with one line at a time: each new level, each event, the end. */
export function createLineView(heading: string, print: (line: string) => void): View {
  let shown: number | null = null;
  print(heading);
  return {
    frame: () => undefined,
    event(record) {
      if (isMeasurement(record)) return;
      if (record.event !== "step") {
        print(eventLine(record));
        return;
      }
      const size = Math.abs(record.setpointMaCm2);
      if (size === shown) return;
      shown = size;
      print(`${testTime(record.t)}  ${size === 0 ? "rest" : `${level(size)} mA/cm²`}`);
    },
    say: print,
    close: (lines) => lines.forEach(print),
  };
}
