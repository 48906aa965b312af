import { describe, expect, test } from "vitest";
import { EVENT_HOLD, EVENT_START, EVENT_STEP, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import { RESULT_DONE, VERB_STOP, encodeAnswer } from "../../firmware/console.ts";
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
    evidence: ({ event, points }) => log.push(`evidence ${event}: ${points.join(" ")}`),
    damaged: () => log.push("damaged"),
    hole: () => log.push("hole"),
    drained: () => Promise.resolve(),
  };
}

function options(part: Partial<SessionOptions> = {}): SessionOptions {
  const stop = { requested: false, heard: false };
  const onHold = () => undefined;
  const onCut = () => undefined;
  return { speed: Infinity, deadlineMs: 10_000_000, hash: HASH, stop, onHold, onCut, ...part };
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
      { atMs: 3_000_000, line: "garbage" },
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
    const stop = { requested: false, heard: false };
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
    const stop = { requested: true, heard: false };
    expect(await drive(link, recorder([]), options({ stop }))).toBe("silent");
    expect(link.now()).toBe(60_000);
  });

  test("goes no faster than asked", async () => {
    const link = scriptedLink([start, { atMs: 200, line: verdictLine }]);
    const begun = performance.now();
    const paces: [channel: number, wall: number][] = [];
    const watching: Recorder = {
      ...recorder([]),
      event: () => paces.push([link.now(), performance.now() - begun]),
    };
    expect(await drive(link, watching, options({ speed: 2 }))).toBe("verdict");
    expect(paces).toHaveLength(2);
    for (const [channel, wall] of paces) expect(channel).toBeLessThanOrEqual(wall * 2);
  });

  test("takes evidence, also what follows the verdict", async () => {
    const log: string[] = [];
    const link = scriptedLink([
      start,
      { atMs: 1000, line: '["v",1,0,1000,0,5000,97]' },
      { atMs: 1000, line: '["v",1,0,1000,0,5000]' },
      { atMs: 2000, line: verdictLine },
      { atMs: 2001, line: '["v",2,1,2000,0,1,2,1250,3,4]' },
      { atMs: 600_000 + 4000, line: '["v",2,0,2000,7,8,9]' },
    ]);
    expect(await drive(link, recorder(log), options())).toBe("verdict");
    const [first, last] = [EVENT_START, EVENT_VERDICT].map((code) => `event ${code}`);
    const [one, two] = ["evidence 1: 0 5000 97", "evidence 2: 0 1 2 1250 3 4"];
    expect(log).toEqual([first, one, "damaged", last, two, "evidence 2: 7 8 9"]);
  });

  test("waits beyond the deadline for a channel that is held", async () => {
    const held = { atMs: 100, line: eventLine(EVENT_HOLD, 100, 3) };
    const verdict = { atMs: 2_000_000, line: verdictLine };
    let holds = 0;
    const onHold = () => void holds++;
    const part = { deadlineMs: 1_000_000, onHold };
    const link = scriptedLink([start, held, verdict]);
    expect(await drive(link, recorder([]), options(part))).toBe("verdict");
    expect(holds).toBe(1);
  });

  test("stops a held channel that nobody will resume", async () => {
    const stop = { requested: false, heard: false };
    const onHold = () => void (stop.requested = true);
    const held = { atMs: 100, line: eventLine(EVENT_HOLD, 100, 3) };
    const link = scriptedLink([start, held], [verdictLine]);
    expect(await drive(link, recorder([]), options({ stop, onHold }))).toBe("verdict");
    expect(link.heard).toEqual(["start", "stop"]);
    expect(link.now()).toBeLessThan(1_000_000);
  });

  test("passes on what the recorder throws; halt then stops the channel", async () => {
    const link = scriptedLink([start]);
    const failing = { ...recorder([]), drained: () => Promise.reject(new Error("disk full")) };
    await expect(drive(link, failing, options())).rejects.toThrow("disk full");
    expect(await halt(link)).toBe(false);
    expect(link.heard).toEqual(["start", "stop"]);
  });

  test("knows whether the channel has taken the stop", async () => {
    const taken = encodeAnswer(VERB_STOP, RESULT_DONE, "");
    for (const answers of [[], [taken]]) {
      const stop = { requested: true, heard: false };
      const link = scriptedLink([start], [...answers, verdictLine]);
      expect(await drive(link, recorder([]), options({ stop }))).toBe("verdict");
      expect(stop.heard).toBe(answers.length > 0);
      expect(await halt(scriptedLink([start], answers))).toBe(answers.length > 0);
    }
  });
});
