import { describe, expect, test } from "vitest";
import { InputError } from "../../host/input-error.ts";
import { parseProtocol } from "../../host/protocol-file.ts";

function protocol(...method: unknown[]): unknown {
  return { cyclet: 1, method };
}

function complaint(value: unknown): string {
  try {
    parseProtocol(value, "p.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

const KINDS = "rest, current, voltage, cccv, scan, pulse, impedance, loop, if, ccd";
const rest = { step: "rest", timeS: 1 };
const current = { step: "current", currentMa: 1, until: { timeS: 5 } };
const ccd = {
  ...{ step: "ccd", startMaCm2: 0.1, stepMaCm2: 0.1, maxMaCm2: 1 },
  arealChargeMahCm2: 0.2,
};

describe("parseProtocol accepts", () => {
  test.each([
    [protocol(rest)],
    [protocol(current)],
    [protocol({ ...current, currentMa: undefined, currentDensityMaCm2: -0.5 })],
    [protocol(ccd)],
    [protocol({ ...ccd, cyclesPerLevel: 2, restS: 0, voltageWindowV: [-1, 1] })],
    [protocol({ ...ccd, stepMaCm2: undefined, factor: 1.25, direction: "one-way" })],
    [protocol({ ...ccd, arealChargeMahCm2: undefined, halfCycleS: 3600, proof: false })],
    [protocol({ ...ccd, direction: "two-way", on: { soft: "hold", hard: "hold" } })],
    [protocol({ ...current, on: {}, proof: true })],
    [protocol({ ...current, afterOutage: "wait" })],
    [protocol({ ...rest, afterOutage: "continue" })],
    [{ ...(protocol(rest) as object), afterOutage: "wait" }],
    [{ ...(protocol(rest) as object), on: { void: "stop", contact: "continue" }, proof: false }],
    [protocol(rest, { step: "loop", to: 1, count: 1 })],
    [protocol(rest, rest, { step: "loop", to: 2, count: 3 }, { step: "loop", to: 1, count: 4 })],
    [protocol(rest, { step: "loop", to: 1, count: 2 }, { step: "loop", to: 1, count: 2 })],
  ])("%j", (value) => {
    const parsed = parseProtocol(JSON.parse(JSON.stringify(value)), "p.json");
    expect(parsed.method.length).toBeGreaterThan(0);
    expect(parsed.name).toBe("protocol");
  });
});

describe("parseProtocol refuses", () => {
  const { until, ...endless } = current;
  test.each<[unknown, string[]]>([
    [protocol(), ["$.method: [] is not accepted", "1 to 65000 steps"]],
    [{ cyclet: 2, method: [rest] }, ["$.cyclet: 2"]],
    [{ method: [rest] }, ["$.cyclet: missing"]],
    [protocol({ step: "rset", timeS: 1 }), ["$.method[0].step", 'mean "rest"', `: ${KINDS}`]],
    [protocol({ timeS: 1 }), ["$.method[0].step"]],
    [protocol({ ...rest, timeS: 0 }), ["$.method[0].timeS: 0", "more than 0"]],
    [protocol({ ...rest, timeS: NaN }), ["$.method[0].timeS: NaN"]],
    [protocol(rest, { ...rest, time: 1 }), ["$.method[1].time: unknown key", '"timeS"']],
    [protocol(endless), ["$.method[0].until: a current step needs at least one of timeS"]],
    [protocol({ ...endless, until: {} }), ["$.method[0].until", "at least one of"]],
    [protocol({ ...current, currentMa: 0 }), ["$.method[0].currentMa: 0 is no current"]],
    [protocol({ step: "current", until }), ["exactly one of currentMa"]],
    [protocol({ ...current, currentDensityMaCm2: 1 }), ["exactly one of currentMa"]],
    [
      protocol({ ...endless, until: { chargeMah: 1, arealChargeMahCm2: 1 } }),
      ["$.method[0].until: two charges"],
    ],
    [
      protocol({ ...endless, until: { voltageAboveV: 1, voltageBelowV: 2 } }),
      ["$.method[0].until", "end at once"],
    ],
    [protocol({ ...endless, until: { timeS: -1 } }), ["$.method[0].until.timeS: -1"]],
    [protocol({ ...endless, until: { volts: 1 } }), ["$.method[0].until.volts: unknown key"]],
    [protocol({ step: "loop", to: 1, count: 2 }), ["$.method[0].to", "a step before the loop"]],
    [protocol(rest, { step: "loop", to: 2, count: 2 }), ["$.method[1].to: 2", "1 to 1"]],
    [protocol(rest, { step: "loop", to: 0, count: 2 }), ["$.method[1].to: 0"]],
    [protocol(rest, { step: "loop", to: 1, count: 0 }), ["$.method[1].count: 0"]],
    [protocol(rest, { step: "loop", to: 1, count: 2 ** 32 }), ["$.method[1].count"]],
    [
      protocol(rest, rest, { step: "loop", to: 1, count: 2 }, rest, {
        ...{ step: "loop", to: 2, count: 2 },
      }),
      ["$.method[4].to", "would cross the one of step 3", "accepted: 1 to 1, or 4 to 4"],
    ],
    [protocol({ ...ccd, maxMaCm2: 0.05 }), ["$.method[0].maxMaCm2: 0.05 is less"]],
    [protocol({ ...ccd, stepMaCm2: 1e-9 }), ["$.method[0].stepMaCm2", "up to 10000 levels"]],
    [protocol({ ...ccd, factor: 1.2 }), ["$.method[0]: a ccd step needs exactly one of stepMaCm2"]],
    [protocol({ ...ccd, stepMaCm2: undefined }), ["exactly one of stepMaCm2, factor"]],
    [
      protocol({ ...ccd, halfCycleS: 60 }),
      ["$.method[0]: a ccd step needs exactly one of arealChargeMahCm2, halfCycleS"],
    ],
    [
      protocol({ ...ccd, stepMaCm2: undefined, factor: 1 }),
      ["$.method[0].factor: 1", "more than 1"],
    ],
    [
      protocol({ ...ccd, stepMaCm2: undefined, factor: 1 + 1e-9 }),
      ["$.method[0].factor: 1.000000001 makes", "up to 10000 levels"],
    ],
    [protocol({ ...ccd, direction: "up" }), ["$.method[0].direction", '"two-way", "one-way"']],
    [
      protocol({ ...ccd, on: { soft: "log" } }),
      ["$.method[0].on.soft", '"continue", "log-faster", "hold", "stop"'],
    ],
    [protocol({ ...current, on: { hard: "continue" } }), ["$.method[0].on.hard", '"stop", "hold"']],
    [protocol({ ...current, on: { sfot: "hold" } }), ["on.sfot: unknown key", '"soft"']],
    [{ ...(protocol(rest) as object), proof: 1 }, ["$.proof: 1", "true or false"]],
    [protocol({ ...rest, proof: true }), ["$.method[0].proof: unknown key"]],
    [protocol({ ...ccd, afterOutage: "wait" }), ["$.method[0].afterOutage: unknown key"]],
    [protocol({ ...rest, afterOutage: "hold" }), ['"hold"', "continue", "wait"]],
    [protocol({ ...ccd, voltageWindowV: [1, 1] }), ["$.method[0].voltageWindowV", "is empty"]],
    [protocol({ ...ccd, cyclesPerLevel: 0 }), ["$.method[0].cyclesPerLevel: 0"]],
    [protocol({ ...ccd, stepMaCm2: -0.1 }), ["$.method[0].stepMaCm2: -0.1"]],
    [[], ["$: [] is not accepted"]],
    ["x", ['$: "x" is not accepted']],
  ])("%j in one line", (value, words) => {
    const line = complaint(value);
    expect(line).toMatch(/^p\.json: \$/);
    expect(line).not.toContain("\n");
    for (const word of words) expect(line).toContain(word);
  });
});
