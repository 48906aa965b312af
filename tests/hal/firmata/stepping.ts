// Steps the processor, and passes over idle loops. Between two events a processor's course depends
// on its registers and memory alone: once it stands where it stood before with the same content,
// and has neither arranged an event nor looked at the time meanwhile, it will go round in the same
// way until the next event. So many whole rounds are added to the cycles as fit before that.
import type { CPU } from "avr8js";
import { avrInstruction } from "avr8js";
import { TIME_REGISTERS } from "./timers.ts";

/** Instructions within which a loop has to come round; between attempts, more after failures. */
const ROUND_MAX = 1024;
const PAUSE_MIN = 32;
const PAUSE_MAX = 1024;
const NOWHERE = -1;

export interface Stepper {
  /** Runs until `cycles`, or the end of the instruction that reaches it, or `stopBy`. */
  run(cycles: number): void;
  /** Ends a run under way no later than at `cycles`. */
  stopBy(cycles: number): void;
  /** Instructions carried out, and cycles passed over. */
  readonly counts: { instructions: number; skipped: number };
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

/** Looks, before each instruction, whether the processor goes round in an idle loop. */
function createLeaper(cpu: CPU, counts: Stepper["counts"]): (limit: number) => void {
  const touches = countTouches(cpu);
  const content = Buffer.from(cpu.data.buffer, 0, cpu.data.length);
  const before = Buffer.alloc(content.length);
  // Where the processor stood, and what was due next, when an attempt began.
  let pc = NOWHERE;
  let cycles = 0;
  let touched = 0;
  let due = 0;
  let wait = PAUSE_MIN;
  let pause = PAUSE_MIN;
  const nextDue = (): number =>
    (cpu["nextClockEvent"] as { cycles: number } | null)?.cycles ?? Infinity;

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
  return (limit) => {
    if (cpu.pc === pc) comeRound(limit);
    else if (--wait <= 0) {
      content.copy(before);
      [pc, cycles, touched, due] = [cpu.pc, cpu.cycles, touches.count, nextDue()];
      wait = ROUND_MAX;
    }
  };
}

/** Steps `cpu`, whose peripherals are all fitted; `leap` = over idle loops. */
export function createStepper(cpu: CPU, leap: boolean): Stepper {
  let limit = 0;
  const counts = { instructions: 0, skipped: 0 };
  const look = leap ? createLeaper(cpu, counts) : null;
  return {
    counts,
    run: (cycles) => {
      limit = cycles;
      while (cpu.cycles < limit) {
        if (look !== null) look(limit);
        avrInstruction(cpu);
        cpu.tick();
        counts.instructions++;
      }
    },
    stopBy: (cycles) => {
      limit = Math.min(limit, cycles);
    },
  };
}
