// What the opening of a journal's segment keeps of a run.
import { expect, test } from "vitest";
import { createCcd } from "../../firmware/ccd.ts";
import { createJournal } from "../../firmware/journal.ts";
import { createRun, find } from "../../firmware/run.ts";
import { HELD, RUNNING, createSchedule } from "../../firmware/schedule.ts";
import { restoreRun, saveRun } from "../../firmware/snapshot.ts";
import { VERDICT_SOFT, VERDICT_TREND } from "../../firmware/telemetry.ts";

const NOW = 1000;

/** A run in which every number differs from every other. */
function runOf() {
  const run = createRun();
  let next = 1;
  const number = (): number => next++;
  const { schedule, ccd, totals } = run;
  for (const part of [schedule, ccd]) {
    const fields = part as unknown as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      if (typeof fields[key] === "number") fields[key] = number();
      if (typeof fields[key] === "boolean") fields[key] = true;
    }
  }
  schedule.phase = RUNNING;
  schedule.loopIndex.forEach((_, i) => (schedule.loopIndex[i] = number()));
  schedule.loopLeft.forEach((_, i) => (schedule.loopLeft[i] = 3e9 + number()));
  Object.assign(totals, { startedAt: 100, chargeIn: 0.1, chargeOut: 0.2, stepCharge: -0.3 });
  totals.stepStartedAt = 900;
  run.budgetStartedAt = 800;
  find(run, VERDICT_TREND, 600);
  return run;
}

function restored(run: ReturnType<typeof runOf>, now = NOW) {
  const { doubles: values } = createJournal({ config: 0, protocol: 0, journal: 0, end: 4096 });
  saveRun(values, run, now);
  const other = createRun();
  restoreRun(values, other);
  return other;
}

test("the whole state comes back, its times counted from the next boot", () => {
  const run = runOf();
  const back = restored(run);
  expect(back.schedule).toEqual(run.schedule);
  expect(back.ccd).toEqual(run.ccd);
  expect(back.totals).toEqual({
    ...run.totals,
    startedAt: 100 - NOW,
    stepStartedAt: 900 - NOW,
    fresh: false,
  });
  expect(back.budgetStartedAt).toBe(800 - NOW);
  expect(back.verdict).toBe(VERDICT_TREND);
  expect(back.firstAt).toBe(600 - NOW);
});

test("a hold stops the time of the step, not that of the run", () => {
  const run = runOf();
  run.schedule.phase = HELD;
  run.heldPhase = RUNNING;
  run.heldAt = 950;
  const back = restored(run);
  expect(back.schedule.phase).toBe(RUNNING);
  expect(back.totals.stepStartedAt).toBe(-50);
  expect(back.budgetStartedAt).toBe(-150);
  expect(back.totals.startedAt).toBe(100 - NOW);
});

test("a suspicion that nothing has refuted stands", () => {
  const run = runOf();
  run.suspectedAt = 700;
  const back = restored(run);
  expect(back.verdict).toBe(VERDICT_SOFT);
  expect(back.firstAt).toBe(700 - NOW);
});

test("what was never found has not been, and what was found at the run's begin has", () => {
  const run = runOf();
  Object.assign(run, { verdict: 0, firstAt: -1, suspectedAt: -1 });
  expect(restored(run)).toMatchObject({ verdict: 0, firstAt: -1, suspectedAt: -1 });
  // The very first moment since boot, and that of the run.
  run.totals.startedAt = 0;
  Object.assign(run, { verdict: VERDICT_TREND, firstAt: 0 });
  expect(restored(run).firstAt).toBe(-NOW);
  Object.assign(run, { firstAt: -1, suspectedAt: 0 });
  expect(restored(run)).toMatchObject({ verdict: VERDICT_SOFT, firstAt: -NOW });
});

test("the order of fields is that of version 1 of the journal", () => {
  const plain = (part: object): string =>
    Object.entries(part)
      .flatMap(([key, value]) => (typeof value === "object" ? [] : [key]))
      .join();
  expect(plain(createSchedule())).toBe(
    "phase,index,nextIndex,stepCount,cycleCount,cyclesAhead,loopDepth",
  );
  expect(plain(createCcd())).toBe(
    "used,level,cycle,half,resting,completed,failing,soft,hard,softCharge,hardCharge,standing," +
      "standingCharge",
  );
});
