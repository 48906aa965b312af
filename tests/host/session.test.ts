import { describe, expect, test } from "vitest";
import { EVENT_START, EVENT_STEP, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { drive, halt } from "../../host/session.ts";
import type { Recorder, SessionOptions } from "../../host/session.ts";
import { eventLine, frameLine, scriptedLink } from "./scripted-link.ts";

const HASH = 0xdeadbeef;
const start = { atMs: 0, line: eventLine(EVENT_START, 0, 2, HASH) };
const verdictLine = eventLine(EVENT_VERDICT, 5000, 0, -1, 0, 0, -1, -1, -1, -1, 0, 0, 0);

function recorder(log: string[]): Recorder {
  return {
    frame: (frame) => log.push(`frame ${frame.timeMs}`),
    event: (event) => log.push(`event ${event.code}`),
    damaged: () => log.push("damaged"),
    drained: () => Promise.resolve(),
  };
}

function options(part: Partial<SessionOptions> = {}): SessionOptions {
  const stop = { requested: false };
  return { speed: Infinity, deadlineMs: 10_000_000, hash: HASH, stop, ...part };
}

describe("drive", () => {
  test("hands everything over in order, up to the verdict", async () => {
    const log: string[] = [];
    const link = scriptedLink([
      start,
      { atMs: 1000, line: frameLine({ timeMs: 1000 }) },
      { atMs: 2000, line: "garbage" },
      { atMs: 2000, line: '["d",1,2]' },
      { atMs: 3000, line: eventLine(EVENT_STEP, 3000, 0, 1, 0) },
      { atMs: 3_000_000, line: verdictLine },
      { atMs: 3_000_000, line: frameLine({ timeMs: 3_000_001 }) },
    ]);
    expect(await drive(link, recorder(log), options())).toBe("verdict");
    expect(link.heard).toEqual(["start"]);
    const events = [EVENT_START, EVENT_STEP, EVENT_VERDICT].map((code) => `event ${code}`);
    const [first, step, last] = events;
    expect(log).toEqual([first, "frame 1000", "damaged", "damaged", step, last]);
  });

  test("calls a channel silent that says no verdict until its deadline", async () => {
    const link = scriptedLink([start]);
    expect(await drive(link, recorder([]), options())).toBe("silent");
    expect(link.now()).toBe(10_000_000);
  });

  test("refuses a channel that runs another program", async () => {
    const other = { atMs: 0, line: eventLine(EVENT_START, 0, 2, HASH - 1) };
    const link = scriptedLink([other, { atMs: 10, line: verdictLine }]);
    expect(await drive(link, recorder([]), options())).toBe("wrong-protocol");
  });

  test("stops when asked to, and still takes the verdict", async () => {
    const log: string[] = [];
    const stop = { requested: false };
    const link = scriptedLink([start], [frameLine({ timeMs: 7 }), verdictLine]);
    const watching = {
      ...recorder(log),
      drained: () => Promise.resolve(void (stop.requested = true)),
    };
    expect(await drive(link, watching, options({ stop }))).toBe("verdict");
    expect(link.heard).toEqual(["start", "stop"]);
    expect(log).toEqual([`event ${EVENT_START}`, "frame 7", `event ${EVENT_VERDICT}`]);
  });

  test("calls a channel silent that does not heed the stop", async () => {
    const link = scriptedLink([start]);
    const stop = { requested: true };
    expect(await drive(link, recorder([]), options({ stop }))).toBe("silent");
    expect(link.now()).toBe(60_000);
  });

  test("goes no faster than asked", async () => {
    const link = scriptedLink([start, { atMs: 200, line: verdictLine }]);
    const begun = performance.now();
    expect(await drive(link, recorder([]), options({ speed: 2 }))).toBe("verdict");
    expect(link.now()).toBeLessThanOrEqual((performance.now() - begun) * 2);
  });

  test("passes on what the recorder throws; halt then stops the channel", async () => {
    const link = scriptedLink([start]);
    const failing = { ...recorder([]), drained: () => Promise.reject(new Error("disk full")) };
    await expect(drive(link, failing, options())).rejects.toThrow("disk full");
    halt(link);
    expect(link.heard).toEqual(["start", "stop"]);
  });
});
