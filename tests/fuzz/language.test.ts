// Protocols of all kinds of steps through the chip registers of the simulated board: what is
// accepted ends within its budget, and the oracle finds nothing, whatever comes off under way.
import fc from "fast-check";
import { expect, test } from "vitest";
import { createSimulated, SIMULATED } from "../../boards/simulated.ts";
import type { CellInput } from "../../boards/simulated.ts";
import { HELD, IDLE } from "../../firmware/schedule.ts";
import { checkProgram } from "../../host/board-check.ts";
import { parseCell } from "../../host/cell-file.ts";
import { compile, compileWhole } from "../../host/compile.ts";
import { programBudget } from "../../host/duration.ts";
import { InputError } from "../../host/input-error.ts";
import { parseProtocol } from "../../host/protocol-file.ts";
import type { FaultEntry } from "../../sim/fault.ts";
import { cellOf, listen, memoryOf } from "../boards/rig.ts";
import { shortFile } from "./language-files.ts";
import { runs } from "./runs.ts";

/** What a run waits for besides its steps: sensors, steps to be loaded, a rest after an outage. */
const WAITING_S = 160;
/** Virtual time goes on in pieces of this, ms. */
const PIECE_MS = 5000;

const metal = cellOf("hNa");
const CELLS: Readonly<Record<string, CellInput>> = {
  metal,
  "one that shorts": cellOf("bareNa", { sim: { anode: "bareNa", noise: 0.2 } }),
  "a full one": { ...metal, sim: { ...metal.sim, fullCell: true } },
};

/** A lead comes off, or the power is lost, once and for a while or for ever. */
const mishap: fc.Arbitrary<FaultEntry[]> = fc.oneof(
  fc.constant<FaultEntry[]>([]),
  fc
    .record(
      {
        at: fc.record({ timeS: fc.integer({ min: 12, max: 90 }) }),
        kind: fc.constant("leadOpen" as const),
        target: fc.constantFrom("current", "sense"),
        durationS: fc.constantFrom(0.5, 5),
      },
      { requiredKeys: ["at", "kind", "target"] },
    )
    .map((entry): FaultEntry[] => [entry]),
  fc
    .integer({ min: 12, max: 90 })
    .map((timeS): FaultEntry[] => [{ at: { timeS }, kind: "mcuReset", value: 300 }]),
);

function accepted(file: unknown, cell: CellInput) {
  try {
    const read = parseCell({ ...cell, voltageWindowV: [-4, 4] }, "cell.json");
    const protocol = parseProtocol(file, "protocol.json");
    const steps = compile(protocol, read, Math.max(...SIMULATED.rangesA), "protocol.json");
    const whole = compileWhole(protocol, read);
    checkProgram(SIMULATED, read, protocol, steps, "protocol.json", whole);
    return { steps, whole };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

test("a protocol with every part of the language ends within its budget, and harms no cell", () => {
  let ran = 0;
  const check = (file: unknown, name: string, plan: FaultEntry[], periodMs: number): void => {
    const cell = CELLS[name];
    const found = accepted(file, cell);
    if (found === null) return;
    ran++;
    const { steps, whole } = found;
    const pace = { framePeriodMs: periodMs, capabilities: { framePeriodMs: periodMs } };
    const memory = memoryOf(cell, steps.slice(0, -1), {}, whole);
    const channel = createSimulated({ cell, seed: 3, memory, plan, oracle: true, ...pace });
    const record = listen(channel);
    channel.send("start");
    const end = channel.now() + (programBudget(steps, whole) + WAITING_S) * 1000;
    while (record.verdict === null && channel.now() < end) {
      channel.runUntil(channel.now() + PIECE_MS);
      // What is held waits for its operator, for ever.
      if (channel.shell.channel.run.schedule.phase === HELD) channel.send("stop");
    }
    expect(channel.oracle?.violations).toEqual([]);
    expect(channel.shell.channel.run.schedule.phase).toBe(IDLE);
    // A loss of power may take the line with it that was on its way.
    const isCut = plan.some(({ kind }) => kind === "mcuReset");
    if (!isCut) expect(record.verdict).not.toBeNull();
    expect(channel.shell.channel.command.relay).toBe(0);
  };
  const names = fc.constantFrom(...Object.keys(CELLS));
  const amount = runs(60);
  const periods = fc.constantFrom(200, 1000);
  fc.assert(fc.property(shortFile, names, mishap, periods, check), amount);
  expect(ran).toBeGreaterThan((amount.numRuns ?? 0) / 4);
});
