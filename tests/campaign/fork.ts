// A run as a tree: at any moment of it the world is forked and goes on with a fault planted, so
// that only what follows the fault has to be run.
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { IDLE } from "../../firmware/schedule.ts";
import type { FaultPlan } from "../../sim/fault.ts";
import { plant } from "../../sim/plant.ts";
import { listen } from "../boards/rig.ts";
import type { Record } from "../boards/rig.ts";

export interface Bench {
  channel: SimulatedChannel;
  record: Record;
}

/** Another bench that goes on from here on its own, knows what was told so far, and is broken by
 *  `plan`. */
export function branch(bench: Bench, plan: FaultPlan = []): Bench {
  const channel = bench.channel.fork();
  const record = listen(channel);
  record.events.push(...bench.record.events);
  record.verdict = bench.record.verdict;
  plant(channel.world, plan);
  return { channel, record };
}

/** A transaction on the bus: its number, when it was, and how many bytes of the memory it wrote and
 *  read. */
export interface Transaction {
  number: number;
  timeMs: number;
  written: number;
  read: number;
}

/** Whether it is an operation of the memory. */
export function ofMemory({ written, read }: Transaction): boolean {
  return written > 0 || read > 0;
}

/** Notes the transactions of a bench from now on. It cannot be forked any more. */
export function observeBus({ channel }: Bench): Transaction[] {
  const { wire, fram, clock } = channel.world;
  const seen: Transaction[] = [];
  let number = wire.transactions;
  Object.defineProperty(wire, "transactions", {
    get: () => number,
    set: (next: number) => {
      number = next;
      seen.push({ number, timeMs: clock.nowMs, written: 0, read: 0 });
    },
  });
  const touch = (key: string | symbol, kind: "written" | "read"): void => {
    if (seen.length > 0 && typeof key === "string" && /^\d/.test(key))
      seen[seen.length - 1][kind]++;
  };
  const { memory } = fram;
  fram.memory = new Proxy(memory, {
    get: (_, key) => {
      touch(key, "read");
      return memory[key as never];
    },
    set: (_, key, value: number) => {
      touch(key, "written");
      memory[key as never] = value;
      return true;
    },
  });
  return seen;
}

/** What is done at a bench from outside, asked before each event of its processor. */
export type Operator = (bench: Bench) => void;

const nobody: Operator = () => undefined;

/** Runs the next event of the processor. False = there is none before `untilMs`. */
function runEvent({ channel }: Bench, untilMs: number): boolean {
  const { clock } = channel.world;
  if (clock.cpuCount === 0 || clock.cpuMs[0] > untilMs) return false;
  channel.runUntil(Math.max(channel.now(), clock.cpuMs[0]));
  return true;
}

/** Runs event by event, `operate` asked before each, until `over` or `untilMs`. */
export function runEvents(
  bench: Bench,
  untilMs: number,
  over: (bench: Bench) => boolean,
  operate: Operator,
): void {
  while (!over(bench)) {
    operate(bench);
    if (!runEvent(bench, untilMs)) return;
  }
}

/** An event of the processor: the bench before it, to be forked, and another one after it; and the
 *  transactions between the two. */
export interface Moment {
  before: Bench;
  after: Bench;
  transactions: Transaction[];
}

/** The events of a run that use the bus, until `untilMs`, in their order. `open` makes the run, and
 *  makes the same one each time. */
export function* momentsOf(
  open: () => Bench,
  untilMs: number,
  operate = nobody,
): Generator<Moment, void> {
  const before = open();
  const after = open();
  const seen = observeBus(after);
  for (;;) {
    operate(after);
    if (!runEvent(after, untilMs)) return;
    if (seen.length > 0) yield { before, after, transactions: seen.splice(0) };
    operate(before);
    runEvent(before, untilMs);
  }
}

/** Runs until `afterMs` after both the run's end and the present moment, which is that of a fault;
 *  not beyond `endMs` by more. `stepMs` is how often it is looked at. */
export function runOutBy({ channel }: Bench, endMs: number, afterMs: number, stepMs: number): void {
  const fromMs = channel.now() + afterMs;
  const isIdle = (): boolean => channel.shell.channel.run.schedule.phase === IDLE;
  while (channel.now() < endMs && !(isIdle() && channel.now() > fromMs)) {
    channel.runUntil(channel.now() + stepMs);
  }
  channel.runUntil(channel.now() + afterMs);
}
