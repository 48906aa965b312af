// What the campaigns share: a short program on a channel that is watched and broken by a plan, and
// what became of it.
import type { SimulatedChannel, SimulatedOptions } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { STEP_CURRENT, STEP_LOOP, STEP_REST, createStep } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { IDLE } from "../../firmware/schedule.ts";
import { END_FAULT, END_FINISHED, END_LIMIT, END_SHORT } from "../../firmware/telemetry.ts";
import { EVENT_FAULT } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { lastEvents } from "../../sim/oracle-events.ts";
import { cellOf, listen, memoryOf } from "../boards/rig.ts";
import "./breathe.ts";
import type { Record } from "../boards/rig.ts";

/** Asked for on the campaign's command line: a number of seeds (0 = none), and full length. */
export const seedsWanted = Number(process.env.CYCLET_SEEDS ?? 0);
export const long = process.env.CYCLET_LONG === "1";

/** 1 % of full scale across the sense resistor: less counts as no current. */
const NO_CURRENT_V = 0.01;

const specimen = cellOf("hNa");

/** A rest, `count` cycles of charge and discharge that change the range, a rest. */
export function cycles(count: number, seconds: number): Step[] {
  const rest = { ...createStep(), kind: STEP_REST, duration: seconds / 4, budget: seconds };
  const current = (amperes: number): Step => {
    const step = { ...createStep(), kind: STEP_CURRENT, current: amperes };
    return { ...step, duration: seconds, budget: 2 * seconds, voltageMin: -4, voltageMax: 4 };
  };
  const again = { ...createStep(), kind: STEP_LOOP, to: 1, count };
  return [rest, current(5e-5), current(-5e-5), current(3e-4), again, rest];
}

/** A watched channel with `steps` in its memory, told to start; `prepare` changes it before. */
export function openBench(
  steps: Step[],
  options: Partial<SimulatedOptions> = {},
  prepare: (channel: SimulatedChannel) => void = () => undefined,
) {
  const memory = memoryOf(specimen, steps);
  const channel = createSimulated({ cell: specimen, seed: 1, oracle: true, memory, ...options });
  const record = listen(channel);
  prepare(channel);
  channel.send("start");
  return { channel, record };
}

/** How a run ended. `held`: the run was lost, with a reason that the channel or its reset can give,
 *  and nothing will start by itself. `false verdict`: a short was found where there is none. */
export type Outcome = "finished" | "safe stop" | "held" | "false verdict" | "stuck" | "unsafe";

/** What became of a run, looked at when it should long be over. */
export function outcomeOf(channel: SimulatedChannel, record: Record): Outcome {
  observe(channel.world);
  const { cell, frontend } = channel.world;
  const flows = cell.currentA !== 0 && Math.abs(cell.currentA) * frontend.shuntOhm > NO_CURRENT_V;
  if (flows) return "unsafe";
  const end = record.verdict?.values[2];
  if (end === END_FINISHED) return "finished";
  if (end === END_SHORT && channel.world.cell.short.bridges === 0) return "false verdict";
  const said = record.events.some((event) => event.code === EVENT_FAULT);
  if ((end === END_FAULT || end === END_LIMIT) && said) return "safe stop";
  const core = channel.shell.channel;
  const unheard = core.guard.fault !== 0 || said;
  const reason = unheard || channel.world.faults.resets > 0;
  return core.run.schedule.phase === IDLE && reason ? "held" : "stuck";
}

/** What a failing run says of itself: all that it takes to see it again. */
export function complaint(channel: SimulatedChannel, plan: FaultPlan, what: string): string {
  const oracle = channel.oracle;
  if (oracle === null) return what;
  const rules = oracle.violations.map((each) => `${each.rule} ${each.value} at ${each.timeS} s`);
  const events = rules.length > 0 ? lastEvents(oracle).slice(-12) : [];
  return [what, ...rules, JSON.stringify(plan), ...events].join("\n  ");
}
