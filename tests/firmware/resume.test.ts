// Every cell of the table that decides how a half-finished step goes on.
import { describe, expect, test } from "vitest";
import {
  BE_HELD,
  FOUND_BOOT_LOOP,
  FOUND_OTHER_PROGRAM,
  FOUND_SAME,
  FOUND_UNFIT,
  GIVE_UP,
  GO_ON,
  LAST_ENDED,
  LAST_FAULT,
  LAST_HELD,
  LAST_NONE,
  LAST_UNDER_WAY,
  POLICY_CONTINUE,
  POLICY_HOLD,
  REENTER,
  SETTLE,
  STAY_IDLE,
  WAS_CCD,
  WAS_CURRENT,
  WAS_REST,
  WAS_VOLTAGE,
  decide,
} from "../../firmware/resume.ts";

const STEPS = { rest: WAS_REST, current: WAS_CURRENT, voltage: WAS_VOLTAGE, ccd: WAS_CCD };
const FINDINGS = {
  "the same cell": FOUND_SAME,
  "an unfit cell": FOUND_UNFIT,
  "a boot loop": FOUND_BOOT_LOOP,
  "another program": FOUND_OTHER_PROGRAM,
};
const POLICIES = { continue: POLICY_CONTINUE, hold: POLICY_HOLD };

const steps = Object.entries(STEPS);
const findings = Object.entries(FINDINGS);
const policies = Object.entries(POLICIES);

describe.each(steps)("in a %s step", (step, was) => {
  describe.each(policies)("under the policy %s", (name, policy) => {
    test.each(findings)("with %s", (finding, found) => {
      // With nothing under way, or after a fault, nothing goes on by itself.
      for (const last of [LAST_NONE, LAST_ENDED, LAST_FAULT]) {
        expect(decide(last, was, found, policy)).toBe(STAY_IDLE);
      }
      const held = found === FOUND_OTHER_PROGRAM ? GIVE_UP : BE_HELD;
      expect(decide(LAST_HELD, was, found, policy)).toBe(held);
      const expected: Record<string, number> = {
        "another program": GIVE_UP,
        "a boot loop": BE_HELD,
        "an unfit cell": GIVE_UP,
      };
      const going = { rest: GO_ON, current: SETTLE, voltage: REENTER, ccd: BE_HELD }[step];
      const otherwise = name === "continue" ? going : BE_HELD;
      expect(decide(LAST_UNDER_WAY, was, found, policy)).toBe(expected[finding] ?? otherwise);
    });
  });
});

test("the gravest finding decides, and nothing fitting is held", () => {
  const last = LAST_UNDER_WAY;
  const bad = FOUND_SAME | FOUND_UNFIT | FOUND_OTHER_PROGRAM;
  expect(decide(last, WAS_REST, bad, POLICY_CONTINUE)).toBe(GIVE_UP);
  expect(decide(last, WAS_REST, FOUND_BOOT_LOOP | FOUND_UNFIT, POLICY_CONTINUE)).toBe(BE_HELD);
  expect(decide(last, 0, FOUND_SAME, POLICY_CONTINUE)).toBe(BE_HELD);
});
