// A stage that is left out, whatever the reason, ends the run: each of them says itself that it has
// been gone through.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { FAULT_FLOW } from "../../firmware/fault.ts";
import { RUNNING } from "../../firmware/schedule.ts";
import { END_FINISHED, EVENT_FAULT } from "../../firmware/telemetry.ts";
import { createBench, frame, goLive, start, toldOf, verdictOf } from "./bench.ts";
import { CODE_MID, currentStep, restStep } from "./specimen.ts";

const left = vi.hoisted(() => ({ out: "" }));

type Stage = (...given: unknown[]) => unknown;

/** The stage `name` of a module, which does nothing and answers `idle` while it is left out. */
const leaveOut = vi.hoisted(() => (name: string, idle: unknown) => {
  return async (original: () => Promise<Record<string, unknown>>) => {
    const real = await original();
    const stage = real[name] as Stage;
    const maybe: Stage = (...given) => (left.out === name ? idle : stage(...given));
    return { ...real, [name]: maybe };
  };
});

vi.mock("../../firmware/supervise.ts", leaveOut("supervise", 0));
vi.mock("../../firmware/follow.ts", leaveOut("follow", 0));
vi.mock("../../firmware/account.ts", leaveOut("account", undefined));
vi.mock("../../firmware/shorts.ts", leaveOut("detect", 0));
vi.mock("../../firmware/advance.ts", leaveOut("advance", 5e-4));
vi.mock("../../firmware/galvanostat.ts", leaveOut("regulate", undefined));

beforeEach(() => {
  left.out = "";
});

describe.each(["supervise", "follow", "account", "detect", "advance", "regulate"])(
  "the stage %s",
  (stage) => {
    test("left out of one frame ends the run", () => {
      const bench = createBench([currentStep(5e-4)]);
      goLive(bench);
      expect(bench.channel.run.schedule.phase).toBe(RUNNING);
      expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
      left.out = stage;
      const command = frame(bench);
      expect([command.relay, command.code]).toEqual([0, CODE_MID]);
      expect(toldOf(bench, EVENT_FAULT).map(({ values }) => values)).toEqual([[FAULT_FLOW]]);
      expect(bench.channel.guard.fault).toBe(FAULT_FLOW);
    });
  },
);

test("nothing is missed without a run, at its rests, and to its end", () => {
  const bench = createBench([restStep(2), currentStep(5e-4, { duration: 2 }), restStep(2)]);
  for (let i = 0; i < 20; i++) frame(bench);
  start(bench);
  expect(verdictOf(bench).values[2]).toBe(END_FINISHED);
  expect(toldOf(bench, EVENT_FAULT)).toEqual([]);
});
