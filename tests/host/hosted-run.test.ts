import { expect, test } from "vitest";
import { createConfig } from "../../firmware/config.ts";
import { createStep, STEP_CURRENT } from "../../firmware/protocol.ts";
import { capabilitiesOf } from "../../boards/firmata-channel.ts";
import { FIRMATA_NANO } from "../../boards/firmata-nano.ts";
import { FIRMATA_UNO } from "../../boards/firmata-uno.ts";
import { refuseBroken, refuseForHosted, refuseUnattended } from "../../host/hosted-run.ts";
import { refuseUnguarded, refuseWhole } from "../../host/hosted-run.ts";
import { InputError } from "../../host/input-error.ts";
import type { Plan } from "../../host/plan.ts";
import { VERBS } from "../../host/verbs.ts";

const TARGET = "firmata:/dev/ttyACM0";

/** A plan of one step that takes so long, s. */
function planOf(duration: number): Plan {
  const step = { ...createStep(), kind: STEP_CURRENT, duration, budget: duration + 60 };
  return { protocol: { name: "test" }, steps: [step, createStep()] } as unknown as Plan;
}

test("nobody at a terminal and no keep-alive: refused with what is accepted", () => {
  // Tests have no terminal.
  expect(process.stdin.isTTY && process.stdout.isTTY).not.toBe(true);
  expect(() => refuseUnattended(TARGET, false)).toThrow(InputError);
  expect(() => refuseUnattended(TARGET, false)).toThrow(/nobody is at a terminal.*--keep-alive/);
  expect(() => refuseUnattended(TARGET, true)).not.toThrow();
});

test("without the keep-alive a run may take an hour, with it any time", () => {
  expect(() => refuseUnguarded(planOf(3600), TARGET, false)).not.toThrow();
  expect(() => refuseUnguarded(planOf(3601), TARGET, false)).toThrow(/may take 1 h.*--keep-alive/);
  expect(() => refuseUnguarded(planOf(1e7), TARGET, true)).not.toThrow();
});

test("without the keep-alive the board's ranges end at 1 mA", () => {
  expect(Math.max(...capabilitiesOf(FIRMATA_UNO, false).rangesA)).toBe(1e-3);
  expect(Math.max(...capabilitiesOf(FIRMATA_UNO, true).rangesA)).toBe(1e-2);
});

test("the boards state frames that they keep", () => {
  expect(capabilitiesOf(FIRMATA_UNO, true)).toMatchObject({
    ...{ name: "firmata-uno", framePeriodMinMs: 25, framePeriodMs: 200 },
  });
  expect(capabilitiesOf(FIRMATA_NANO, true).framePeriodMinMs).toBe(50);
});

test("words that need a living channel say why; the others are left alone", () => {
  for (const word of ["start", "hold", "resume"]) {
    expect(() => refuseForHosted(TARGET, word)).toThrow(/lives only as long as cyclet run/);
  }
  const others = Object.keys(VERBS).filter((word) => !/^(start|hold|resume)$/.test(word));
  expect(others).toEqual(["stop", "clear", "status", "selftest"]);
  for (const word of [...others, "load"]) {
    expect(() => refuseForHosted(TARGET, word)).not.toThrow();
  }
});

test("a run that was broken off is told with its cause and the ways on", () => {
  const board = capabilitiesOf(FIRMATA_UNO, true);
  const left = { hash: 1, elapsedS: 3725, config: createConfig(0x8000), board };
  const refused = (): void => refuseBroken(left, TARGET);
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(/broken off 1 h 2 min.* when its program or computer died/);
  expect(refused).toThrow(/--resume, which goes on with it, or cyclet stop --on firmata/);
  expect(() => refuseBroken(null, TARGET)).not.toThrow();
});

test("where nothing was broken off there is nothing to go on with", () => {
  expect(() => refuseWhole(null, TARGET)).toThrow(/no run was broken off on firmata/);
});
