// What a plan refuses names where it stands: in the file, or in what that becomes as cyclet JSON.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { MEMORY_AREAS, SIMULATED } from "../../boards/simulated.ts";
import { createPlan } from "../../host/plan.ts";
import { targetCell } from "../../host/target.ts";

const folder = mkdtempSync(join(tmpdir(), "cyclet-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

function refused(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  try {
    createPlan(path, targetCell("sim:nvp"), SIMULATED, MEMORY_AREAS);
  } catch (error) {
    return (error as Error).message.replace(folder, "");
  }
  return "";
}

test("a step of another language that the board cannot do is named as cyclet JSON", () => {
  const tagged = {
    ...{ unicycler: { version: "0.4.6" }, record: { time_s: 1 } },
    method: [
      { step: "tag", tag: "again" },
      {
        ...{ step: "impedance_spectroscopy", amplitude_mA: 0.05 },
        ...{ start_frequency_Hz: 1000, end_frequency_Hz: 1 },
      },
      { step: "loop", loop_to: "again", cycle_count: 2 },
    ],
  };
  expect(refused("u.json", JSON.stringify(tagged))).toMatch(
    /^\/u\.json as cyclet JSON: \$\.method\[0\]\.fromHz: 1000 Hz is faster/,
  );
  expect(refused("p.txt", "# our cell\nRest for 1 hour\nCharge at 1 mA until 9 V")).toMatch(
    /^\/p\.txt as cyclet JSON: \$\.method\[1\]\.until\.voltageAboveV: 9 V is outside/,
  );
});

test("a step of a file of our own is named in it", () => {
  const step = { step: "current", currentMa: 100, until: { timeS: 1 } };
  expect(refused("own.json", JSON.stringify({ cyclet: 1, method: [step] }))).toMatch(
    /^\/own\.json: \$\.method\[0\]\.currentMa: 100 mA is more/,
  );
});

test("a timed charge of a full cell has time for the reference of its proofs", () => {
  const charge = { step: "current", rateC: 0.5, until: { timeS: 3600 } };
  const method = [charge, { ...charge, rateC: -0.5 }, { ...charge, proof: false }];
  const path = join(folder, "timed.json");
  writeFileSync(path, JSON.stringify({ cyclet: 1, method }));
  const { steps } = createPlan(path, targetCell("sim:nvp"), SIMULATED, MEMORY_AREAS);
  // 3 min at rest do not count as the step's time, and 60 s are left for its own delays.
  expect(steps[0].budget).toBeGreaterThan(3600 + 60 + 180);
  expect(steps.slice(1, 3).map(({ budget }) => budget)).toEqual([3660, 3660]);
});

test("loops that cross are refused with what is left to go back to", () => {
  const rest = { step: "rest", timeS: 1 };
  const loop = (to: number): object => ({ step: "loop", to, count: 2 });
  const crossing = { cyclet: 1, method: [rest, rest, rest, loop(2), loop(3)] };
  expect(refused("loops.json", JSON.stringify(crossing))).toMatch(/accepted: 1 to 2$/);
});
