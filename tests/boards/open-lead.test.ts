// A lead that comes off while a voltage is held or swept: the loop would drive its largest current
// after a voltage that it no longer sees. The run ends with the relay open, and the oracle agrees.
import { expect, test } from "vitest";
import { FAULT_OPEN_CELL, FAULT_V_HIGH } from "../../firmware/fault.ts";
import { LIVE } from "../../firmware/loop.ts";
import type { Step } from "../../firmware/protocol.ts";
import { END_FAULT, END_LIMIT, EVENT_FAULT } from "../../firmware/telemetry.ts";
import type { CellInput } from "../../sim/cell-state.ts";
import { fullCell, hold, REST, run, scan, symmetric } from "./held.ts";

/** After power-on, s: the step under way has begun some 32 s after. */
const OFF_AT_S = 60;
/** The relay is open so long after, s. Without a current it is told at once; without a voltage the
 *  loop goes up to the step's largest current first, and on a symmetric cell, whose voltage may
 *  well be near 0, it takes longer to tell. */
const FOUND_S = { current: 3, sense: { full: 8, symmetric: 25 } };

const full = fullCell();
const metal = symmetric("hNa");
type Case = [words: string, cell: CellInput, step: Step];
const CASES: Case[] = [
  ["a hold of a full cell", full, hold(3.42, 1e-3, 600)],
  ["a hold of a symmetric cell", metal, hold(0.05, 5e-3, 600)],
  ["a scan of a full cell", full, scan(3.38, 3.42, 1e-4, 1e-3)],
  ["a scan of a symmetric cell", metal, scan(-0.05, 0.05, 5e-4, 5e-3)],
];

function opened(cell: CellInput, step: Step, target: string, framePeriodMs: number) {
  let largest = 0;
  let lastLiveS = 0;
  const plan = [{ at: { timeS: OFF_AT_S }, kind: "leadOpen" as const, target }];
  const stateOfCharge = cell === full ? 0.5 : undefined;
  const setting = { plan, framePeriodMs, everyMs: 20, ...(stateOfCharge && { stateOfCharge }) };
  const seen = run(cell, [REST, step], setting, ({ world, shell, now }) => {
    if (now() < OFF_AT_S * 1000) return;
    largest = Math.max(largest, Math.abs(world.cell.currentA));
    if (shell.channel.loop.rung === LIVE) lastLiveS = now() / 1000;
  });
  return { ...seen, largest, lastLiveS };
}

test.each(
  CASES.flatMap(([words, cell, step]) =>
    [200, 1000].flatMap((period) =>
      ["current", "sense"].map((target) => ({ words, cell, step, target, period })),
    ),
  ),
)("$target lead off in $words, frames of $period ms", ({ cell, step, target, period }) => {
  const { channel, record, largest, lastLiveS, verdict } = opened(cell, step, target, period);
  const faults = record.events.filter(({ code }) => code === EVENT_FAULT);
  expect(faults.map(({ values }) => values[0])).toEqual([
    target === "current" ? FAULT_OPEN_CELL : FAULT_V_HIGH,
  ]);
  expect(verdict[2]).toBe(target === "current" ? END_FAULT : END_LIMIT);
  const within = FOUND_S.sense[cell === full ? "full" : "symmetric"];
  expect(lastLiveS).toBeLessThan(OFF_AT_S + (target === "current" ? FOUND_S.current : within));
  expect(largest).toBeLessThan(step.currentMax * 1.05);
  expect(channel.shell.channel.command.relay).toBe(0);
});
