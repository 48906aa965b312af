// Trouble in the middle of a run, on the real interpreter: a bus that fails, a bus that hangs, an
// exception, a stall. Relay at rest, fault latched, told; and the loop lives on.
import { beforeAll, describe, expect, test } from "vitest";
import { FAULT_BUS, FAULT_EXCEPTION, FAULT_STALE } from "../../firmware/fault.ts";
import { ACTION_LOG, ACTIONS_SOFT } from "../../firmware/protocol.ts";
import { EVENT_FAULT, EVENT_VERDICT } from "../../firmware/telemetry.ts";
import type { FaultEntry } from "../../sim/fault.ts";
import { createWorld } from "../../sim/world.ts";
import { SPECIMENS } from "../boards/boards.ts";
import { shippedBundle } from "../boards/build.ts";
import type { Machine } from "../boards/machine.ts";
import { createMachine } from "../boards/machine.ts";
import { eventsOf } from "../boards/same-events.ts";
import { START_MS, specimen } from "../boards/specimen.ts";
import type { Session } from "./interpreter.ts";
import { bootInterpreter, executable } from "./interpreter.ts";

const missing = executable === "";
const reason = "SKIPPED, the environment variable ESPRUINO names no interpreter: ";
if (missing) console.warn(`${reason}what a board does in trouble is not proven on it`);

const MINUTES = 60_000;
/** The first half cycle is on: the relay is at the cell. */
const TROUBLE_MS = START_MS + 11_000;
const AFTER_MS = 4000;
const thinNa = specimen({ start: 0.4, step: 0.4, charge: 0.08, thickness: 0.05 }, 4);
const at = { timeS: TROUBLE_MS / 1000 };
/** Softly shorted after 584 s; then frames come ten times a second. */
const actions = ACTION_LOG << ACTIONS_SOFT;
const softNa = specimen({ start: 2.4, step: 0.2, charge: 0.1, thickness: 0.05, actions }, 4);
const SOFT_MS = 590_000;

interface Outcome {
  machine: Machine;
  session: Session;
  troubleMs: number;
  /** The fault that was told, 0 = none. */
  fault: number;
  ended: boolean;
}

const title = `${missing ? reason : ""}trouble on $name`;
// Skipped without an interpreter, see above.
describe.skipIf(missing).each(SPECIMENS)(title, (board) => {
  let code: string;
  beforeAll(async () => {
    code = await shippedBundle(board.name);
  });

  async function suffer(
    plan: readonly FaultEntry[],
    trouble: (session: Session, machine: Machine) => void = () => undefined,
    of = thinNa,
    troubleMs = TROUBLE_MS,
  ): Promise<Outcome> {
    const { cell, seed, memory } = of;
    const machine = createMachine(board, createWorld({ cell, seed, fram: memory, plan }));
    const session = bootInterpreter(code, machine, "ram", 0, true);
    await session.runUntil(START_MS);
    session.send("start");
    await session.runUntil(troubleMs - 1);
    expect(machine.world.keepAlive.relayWanted).toBe(true);
    trouble(session, machine);
    await session.runUntil(troubleMs + AFTER_MS);
    const events = eventsOf(session.lines);
    const fault = events.find((event) => event.code === EVENT_FAULT)?.values[0] ?? 0;
    const ended = events.some((event) => event.code === EVENT_VERDICT);
    return { machine, session, troubleMs, fault, ended };
  }

  /** The relay is at rest for good, a run cannot be started, and yet frames come. */
  async function expectSafe(outcome: Outcome, code: number) {
    const { machine, session, troubleMs, fault, ended } = outcome;
    expect({ fault, ended }).toEqual({ fault: code, ended: true });
    expect(machine.world.keepAlive.relayWanted).toBe(false);
    expect(machine.world.cell.currentA).toBeCloseTo(0, 12);
    const { beats } = machine.trace;
    const { length } = machine.trace.closings;
    session.send("start");
    await session.runUntil(troubleMs + 2 * AFTER_MS);
    expect(machine.trace.beats - beats).toBeGreaterThan(10);
    expect(machine.trace.closings).toHaveLength(length);
    expect(session.lines.slice(-20).some((line) => line.startsWith(`["k",1,4,${code}`))).toBe(true);
    expect(session.exceptions).toEqual([]);
    await session.close();
  }

  async function expectUnhurt({ machine, session, fault, ended }: Outcome) {
    expect({ fault, ended }).toEqual({ fault: 0, ended: false });
    expect(machine.world.keepAlive.relayWanted).toBe(true);
    expect(machine.world.keepAlive.expired).toBe(false);
    expect(session.exceptions).toEqual([]);
    await session.close();
  }

  test(
    "a chip that does not acknowledge once: the run goes on",
    async () => {
      for (const target of ["adc", "dac", "range", "loadCell"]) {
        await expectUnhurt(await suffer([{ at, kind: "nack", target, count: 1 }]));
      }
    },
    10 * MINUTES,
  );

  test(
    "a chip that is gone: told as a fault of the bus",
    async () => {
      for (const target of ["adc", "dac"]) {
        await expectSafe(await suffer([{ at, kind: "nack", target, durationS: 60 }]), FAULT_BUS);
      }
    },
    10 * MINUTES,
  );

  test(
    "a chip that holds the data line is clocked until it lets go, and the run goes on",
    async () => {
      const outcome = await suffer([{ at, kind: "sdaLow" }]);
      expect(outcome.machine.wires.seen.clocks).toBeGreaterThanOrEqual(9);
      expect(outcome.machine.world.faults.sdaLow).toBe(false);
      await expectUnhurt(outcome);
    },
    10 * MINUTES,
  );

  test(
    "a bus that cannot be freed: told as a fault of the bus, few clocks are given to it",
    async () => {
      const outcome = await suffer([], (_session, { world }) => {
        Object.defineProperty(world.faults, "sdaLow", { get: () => true, set: () => undefined });
        // Also what is watched by nobody is looked at from now on.
        world.faults.fromTransaction = 0;
      });
      expect(outcome.machine.wires.seen.clocks).toBeLessThan(2000);
      await expectSafe(outcome, FAULT_BUS);
    },
    10 * MINUTES,
  );

  test(
    "an exception in the firmware: told as one",
    async () => {
      const outcome = await suffer([], (session) => session.sabotage());
      await expectSafe(outcome, FAULT_EXCEPTION);
    },
    10 * MINUTES,
  );

  test(
    "a stall of 300 ms, where ten frames are due a second: told as stale",
    async () => {
      const softly = { timeS: SOFT_MS / 1000 };
      const late: FaultEntry = { at: softly, kind: "late", target: "adc", value: 300 };
      await expectSafe(await suffer([late], undefined, softNa, SOFT_MS), FAULT_STALE);
    },
    10 * MINUTES,
  );

  test(
    "a stall of 300 ms within a frame: told as stale, whatever the frames' distance",
    async () => {
      const late: FaultEntry = { at, kind: "late", target: "adc", value: 300 };
      await expectSafe(await suffer([late]), FAULT_STALE);
    },
    10 * MINUTES,
  );
});
