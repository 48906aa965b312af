// What findings lead to, as a compiled step carries it.
import { describe, expect, test } from "vitest";
import { ACTION_HOLD, ACTION_STOP, FLAG_PROOF, FLAGS_CHARGE } from "../../firmware/protocol.ts";
import { createStep } from "../../firmware/protocol.ts";
import type { Action } from "../../host/reactions.ts";
import { USUAL, encodeReactions, unusual } from "../../host/reactions.ts";

const ACTIONS: Action[] = ["continue", "log-faster", "hold", "stop"];

function stepWith(changes: Partial<typeof USUAL>) {
  const step = { ...createStep(), flags: FLAG_PROOF };
  encodeReactions(step, { ...USUAL, ...changes });
  return step;
}

describe("a charge without end", () => {
  test("stops where nothing is said, also for a program that knows nothing of it", () => {
    expect(USUAL.charge).toBe("stop");
    expect(stepWith({}).flags).toBe(FLAG_PROOF);
    expect(unusual(stepWith({}))).toBe("");
  });

  test.each(ACTIONS)("leads to %s in two bits of the flags, beside the others", (charge) => {
    const step = stepWith({ charge });
    const code = ACTION_STOP - ((step.flags >> FLAGS_CHARGE) & 3);
    expect(code).toBe(ACTIONS.indexOf(charge));
    expect(step.flags & 0xfff).toBe(FLAG_PROOF);
    expect(step.actions).toBe(stepWith({}).actions);
    expect(unusual(step)).toBe(charge === "stop" ? "" : `charge: ${charge}`);
    encodeReactions(step, USUAL);
    expect(step.flags).toBe(FLAG_PROOF);
  });
});

test("what is not as usual, in words", () => {
  const step = stepWith({ soft: "hold", hard: "hold", charge: "log-faster" });
  expect(step.actions & 3).toBe(ACTION_HOLD);
  expect(unusual(step)).toBe("soft: hold, hard: hold, charge: log-faster");
});
