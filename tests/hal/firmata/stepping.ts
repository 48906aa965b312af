// Steps the processor: one by one, or in translated runs and over idle loops. Between two events a
// processor's course depends on its registers and memory alone: once it stands where it stood
// before with the same content, and has neither arranged an event nor looked at the time meanwhile,
// it will go round in the same way until the next event. So many whole rounds are added to the
// cycles as fit before that.
import type { CPU } from "avr8js";
import { avrInstruction } from "avr8js";
import { TIME_REGISTERS } from "./timers.ts";
import type { Run } from "./translate.ts";
import { createTranslator } from "./translate.ts";

/** Steps within which a loop has to come round; between attempts, more after failures. */
const ROUND_MAX = 256;
const PAUSE_MIN = 12;
const PAUSE_MAX = 512;
const NOWHERE = -1;

export interface Stepper {
  /** Runs until `cycles`, or the end of the instruction that reaches it, or `stopBy`. */
  run(cycles: number): void;
  /** Ends a run under way no later than at `cycles`. */
  stopBy(cycles: number): void;
  /** Steps, of one instruction or a whole run of them, and cycles passed over. */
  readonly counts: { steps: number; skipped: number };
}

/** Counts what makes one round differ from the next: events arranged, looks at the time. */
function countTouches(cpu: CPU): { count: number } {
  const touches = { count: 0 };
  const arrange = cpu.addClockEvent.bind(cpu);
  cpu.addClockEvent = (run, cycles) => {
    touches.count++;
    return arrange(run, cycles);
  };
  for (const register of TIME_REGISTERS) {
    const onRead = cpu.readHooks[register];
    cpu.readHooks[register] = (address) => {
      touches.count++;
      return onRead(address);
    };
  }
  return touches;
}

/** When the next event is due. */
function dueOf(cpu: CPU): number {
  return (cpu["nextClockEvent"] as { cycles: number } | null)?.cycles ?? Infinity;
}

/** Looks, before each instruction, whether the processor goes round in an idle loop. */
function createLeaper(cpu: CPU, touches: { count: number }, counts: Stepper["counts"]) {
  const content = Buffer.from(cpu.data.buffer, 0, cpu.data.length);
  const before = Buffer.alloc(content.length);
  // Where the processor stood, and what was due next, when an attempt began.
  let pc = NOWHERE;
  let cycles = 0;
  let touched = 0;
  let due = 0;
  let wait = PAUSE_MIN;
  let pause = PAUSE_MIN;
  const nextDue = (): number => dueOf(cpu);

  const comeRound = (limit: number): void => {
    const same = touches.count === touched && nextDue() === due && content.equals(before);
    if (same) {
      const round = cpu.cycles - cycles;
      const rounds = Math.max(0, Math.floor((Math.min(limit, due) - 1 - cpu.cycles) / round));
      cpu.cycles += rounds * round;
      counts.skipped += rounds * round;
    }
    pause = same ? PAUSE_MIN : Math.min(2 * pause, PAUSE_MAX);
    wait = pause;
    pc = NOWHERE;
  };
  return (limit: number): void => {
    if (cpu.pc === pc) comeRound(limit);
    else if (--wait <= 0) {
      content.copy(before);
      [pc, cycles, touched, due] = [cpu.pc, cpu.cycles, touches.count, nextDue()];
      wait = ROUND_MAX;
    }
  };
}

/** Steps `cpu`, whose peripherals are all fitted, one instruction after the other. */
export function createSteps(cpu: CPU): Stepper {
  let limit = 0;
  const counts = { steps: 0, skipped: 0 };
  return {
    counts,
    run: (cycles) => {
      limit = cycles;
      while (cpu.cycles < limit) {
        avrInstruction(cpu);
        cpu.tick();
        counts.steps++;
      }
    },
    stopBy: (cycles) => {
      limit = Math.min(limit, cycles);
    },
  };
}

/** The same in less time: translated runs where no event falls into them, and over idle loops. */
export function createQuickSteps(cpu: CPU): Stepper {
  let limit = 0;
  const counts = { steps: 0, skipped: 0 };
  const touches = countTouches(cpu);
  const look = createLeaper(cpu, touches, counts);
  const translate = createTranslator(cpu, touches);
  const runs: Run[] = Array.from({ length: cpu.progMem.length });
  return {
    counts,
    run: (cycles) => {
      limit = cycles;
      while (cpu.cycles < limit) {
        look(limit);
        const run = (runs[cpu.pc] ??= translate(cpu.pc));
        // An interrupt that has been raised from outside comes after one instruction.
        const interrupted = cpu["nextInterrupt"] >= 0 && cpu.interruptsEnabled;
        const fits = cpu.cycles + run.longest <= Math.min(limit, dueOf(cpu));
        if (fits && !interrupted) run.execute();
        else avrInstruction(cpu);
        cpu.tick();
        counts.steps++;
      }
    },
    stopBy: (cycles) => {
      limit = Math.min(limit, cycles);
    },
  };
}
