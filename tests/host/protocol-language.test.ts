// What the protocol language refuses of its newer steps, cut-offs and jumps, each in one line.
import { describe, expect, test } from "vitest";
import { LOOPS_MAX } from "../../firmware/schedule.ts";
import { TERMS_MAX } from "../../firmware/protocol.ts";
import { InputError } from "../../host/input-error.ts";
import { CONDITIONS_MAX } from "../../host/protocol/groups.ts";
import { LOOPS_NESTED } from "../../host/protocol/loops.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import { EXAMPLES } from "./protocols.ts";

function complaint(value: unknown): string {
  try {
    parseProtocol(value, "p.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

const protocol = (...method: unknown[]): object => ({ cyclet: 1, method });
const rest = { step: "rest", timeS: 1 };
const push = { step: "current", currentMa: 1 };
const hold = { step: "voltage", voltageV: 1 };
const scan = { step: "scan", fromV: 0, toV: 1, rateMvPerS: 1 };
const pulse = { step: "pulse", currentMa: 1, timeS: 1, restS: 1, count: 2 };
const sine = { step: "impedance", fromHz: 1, toHz: 0.1, pointsPerDecade: 5 };
const loop = (to: number | string): object => ({ step: "loop", to, count: 2 });
const when = (condition: object, more = {}): object => ({
  ...{ step: "if", when: condition, goto: "end" },
  ...more,
});
const until = (condition: object): object => ({ ...push, until: condition });
const nested = (depth: number): object[] => [rest, ...Array.from({ length: depth }, () => loop(1))];

describe("parseProtocol accepts", () => {
  test.each(Object.entries(EXAMPLES))("%s", (_, method) => {
    const parsed = parseProtocol({ cyclet: 1, $schema: "x", capacityMah: 1, method }, "p.json");
    expect(parsed).toEqual({ name: "protocol", capacityMah: 1, method });
  });

  test("as many conditions and loops as a channel follows", () => {
    expect([CONDITIONS_MAX, LOOPS_NESTED]).toEqual([TERMS_MAX, LOOPS_MAX]);
    expect(complaint(protocol(...nested(LOOPS_NESTED)))).toBe("");
    const any = Array.from({ length: 8 }, (_, i) => ({ temperatureAboveC: 30 + i }));
    expect(complaint(protocol(until({ timeS: 1, any })))).toBe("");
  });

  test("a jump back where the whole is bounded, out of a loop, and on to its loop step", () => {
    const back = protocol(rest, until({ timeS: 9, any: [{ short: "soft", goto: 1 }] }));
    expect(complaint({ ...back, budgetS: 1e5 })).toBe("");
    const out = protocol(rest, when({ short: "soft" }, { goto: 5 }), rest, loop(1), rest);
    expect(complaint(out)).toBe("");
    const on = protocol(rest, when({ short: "soft" }, { goto: 4 }), rest, loop(1));
    expect(complaint(on)).toBe("");
  });
});

describe("parseProtocol refuses", () => {
  test.each<[unknown, string[]]>([
    [protocol({ ...rest, id: "a" }, { ...rest, id: "a" }), ["[1].id", '"a" is the id of step 1']],
    [protocol({ ...rest, id: "end" }), ["[0].id", '"end" means something else']],
    [protocol({ ...rest, id: "7" }), ["[0].id", "no number"]],
    [protocol({ ...rest, id: "" }), ["[0].id", "1 to 40 characters"]],
    [protocol({ ...rest, id: "a" }, loop("b")), ["[1].to", '"b" is no earlier step', "1 to 1"]],
    [protocol(rest, loop(1.5)), ["[1].to: 1.5", "a step's number from 1, or its id"]],
    [protocol(...nested(9)), ["[9].to", "more than 8 loops within each other", "up to 8"]],
    [protocol(...nested(7), pulse, loop(1), loop(1)), ["more than 8 loops"]],
    [protocol(until({})), ["[0].until: a current step needs at least one of timeS, chargeMah"]],
    [protocol({ ...hold }), ["[0].until: a voltage step needs at least one of"]],
    [protocol({ ...hold, until: {} }), ["[0].until: a voltage step needs at least one of"]],
    [protocol({ ...rest, until: {} }), ["[0].until: a rest step needs at least one of"]],
    [
      protocol({ step: "cccv", currentMa: 1, voltageV: 1 }),
      ["[0].until: a cccv step needs at least one of"],
    ],
    [protocol(until({ delayS: 1 })), ["[0].until: nothing to hold"]],
    [protocol(until({ timeS: 1, any: [{ goto: "end" }] })), ["until.any[0]: nothing to hold"]],
    [protocol(until({ any: [] })), ["[0].until.any", "a list of 1 to 8 conditions"]],
    [protocol(until({ all: [{ timeS: 1, goto: 1 }] })), ["all[0].goto: unknown key", "timeS"]],
    [protocol(until({ any: [{ any: [] }] })), ["any[0].any: unknown key"]],
    [
      protocol(until({ all: [1, 2].map(() => ({ timeS: 1, short: "soft", forceBelowN: 1 })) })),
      ["[0].until.all: more than 8 ways to hold"],
    ],
    [
      protocol(
        until({
          any: Array.from({ length: 5 }, () => ({ all: [{ timeS: 1 }, { short: "soft" }] })),
        }),
      ),
      ["[0]: 10 conditions and limits; accepted: up to 8 beside plain time"],
    ],
    [
      protocol({
        ...until({ any: Array.from({ length: 8 }, () => ({ short: "soft" })) }),
        limits: { forceMinN: 1 },
      }),
      ["[0]: 9 conditions and limits"],
    ],
    [protocol(until({ voltageBelowV: 1 })), ["until.voltageBelowV: charging raises the voltage"]],
    [
      protocol({ ...push, currentMa: -1, until: { voltageAboveV: 1 } }),
      ["until.voltageAboveV: discharging lowers", "voltageBelowV, or another"],
    ],
    [
      protocol(until({ temperatureBelowC: 30, temperatureAboveC: 20 })),
      ["[0].until: the step would end at once", "temperatureBelowC less than temperatureAboveC"],
    ],
    [
      protocol(until({ forceBelowN: 30, any: [{ forceAboveN: 20 }] })),
      ["forceBelowN less than forceAboveN"],
    ],
    [
      protocol(until({ timeS: 1, all: [{ voltageAboveV: 2 }, { voltageBelowV: 1 }] })),
      ["all[1].voltageBelowV: never together with voltageAboveV; accepted: at least 2"],
    ],
    [
      protocol({ ...rest, until: { currentBelowMa: 1 } }),
      ["until.currentBelowMa: no current flows in a rest"],
    ],
    [protocol(until({ timeS: 1, short: "firm" })), ["until.short", '"soft", "hard"']],
    [protocol({ ...hold, until: { timeS: 1 }, currentMaxMa: 1, rateMaxC: 1 }), ["more than one"]],
    [protocol({ ...hold, until: { timeS: 1 }, currentMaxMa: 0 }), ["currentMaxMa: 0"]],
    [protocol({ ...scan, toV: 0 }), ["[0].toV: 0 is fromV, too"]],
    [protocol({ ...scan, rateMvPerS: -1 }), ["[0].rateMvPerS: -1", "more than 0"]],
    [protocol({ ...pulse, rateC: 1 }), ["a pulse step needs exactly one of currentMa"]],
    [protocol({ ...pulse, currentMa: 0 }), ["[0].currentMa: 0 is no current"]],
    [protocol({ ...pulse, restS: 0 }), ["[0].restS: 0"]],
    [protocol(sine), ["[0]: an impedance step needs exactly one of amplitudeMa"]],
    [
      protocol({ ...sine, amplitudeMa: 1, amplitudeDensityMaCm2: 1 }),
      ["an impedance step needs exactly one of"],
    ],
    [protocol({ ...sine, amplitudeMa: 1, pointsPerDecade: 0 }), ["[0].pointsPerDecade: 0"]],
    [protocol({ ...rest, record: { combine: "any" } }), ["[0].record", "combine joins two"]],
    [protocol({ ...rest, record: {} }), ["[0].record", "timeS, voltageV, currentMa"]],
    [
      protocol({ ...rest, record: { voltageV: 1, currentMa: 1, combine: "all" } }),
      ["[0].record.timeS: missing"],
    ],
    [{ ...protocol(rest), record: { timeS: 0 } }, ["$.record.timeS: 0"]],
    [protocol({ ...rest, limits: {} }), ["[0].limits: {} is not accepted"]],
    [protocol({ ...rest, limits: { delayS: 1 } }), ["[0].limits: a delay of no limit"]],
    [
      { ...protocol(rest), limits: { voltageMinV: 1, voltageMaxV: 1 } },
      ["$.limits.voltageMaxV: 1 leaves nothing; accepted: more than voltageMinV, 1"],
    ],
    [protocol({ ...rest, limits: { forceMinN: 2, forceMaxN: 1 } }), ["limits.forceMaxN: 1 leaves"]],
    [protocol(when({ timeS: 1 })), ["when.timeS: an if step takes no time and no charge"]],
    [protocol(when({ short: "soft", delayS: 1 })), ["when.short: an if step takes no time"]],
    [protocol({ step: "if", when: { short: "soft" } }), ["[0].goto: missing", '"end" or "stop"']],
    [protocol(when({})), ["[0].when: nothing to hold"]],
    [
      protocol({ ...rest, id: "ageing" }, when({ short: "soft" }, { goto: "aging" })),
      ['[1].goto: "aging" is no step (did you mean "ageing"?)', '1 to 2, "ageing", "end", "stop"'],
    ],
    [protocol(when({ short: "soft" }, { else: 2 })), ["[0].else: 2 is no step; accepted: 1 to 1"]],
    [
      protocol(until({ timeS: 1, any: [{ short: "soft", goto: "x" }] })),
      ['[0].until.any[0].goto: "x" is no step'],
    ],
    [
      protocol(when({ short: "soft" }, { goto: 3 }), rest, rest, loop(2)),
      ["[0].goto: step 3 is in the middle of the loop of step 4", "or its first, 2"],
    ],
    [
      protocol(rest, until({ timeS: 1, goto: 1 })),
      ["[1].until.goto: step 1 is not after step 2", "budgetS of the protocol"],
    ],
    [
      { ...protocol(when({ short: "soft" }, { goto: 1 })), budgetS: 10 },
      ["[0].goto: leads back to step 1, and no time passes"],
    ],
    [
      {
        ...protocol(rest, when({ short: "soft" }, { else: 3 }), when({ short: "hard", goto: 2 })),
        budgetS: 10,
      },
      ["[2].when.goto: leads back to step 2, and no time passes"],
    ],
    [{ ...protocol(rest), budgetS: 0 }, ["$.budgetS: 0"]],
    [{ ...protocol(rest), capacityMah: 0 }, ["$.capacityMah: 0"]],
  ])("%j in one line", (value, words) => {
    const line = complaint(value);
    expect(line).toMatch(/^p\.json: \$/);
    expect(line).not.toContain("\n");
    for (const word of words) expect(line).toContain(word);
  });
});
