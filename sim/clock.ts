// Virtual time and what is due in it, as plain data: events carry ids, never closures.
// Hardware events happen exactly at their time, also while the CPU waits for the bus; CPU events
// run when the CPU is free.

/** Hardware events: one slot each, at most one of a kind is under way. */
export const DAC_SETTLES = 0;
export const ADC_FINISHES = 1;
/** The contacts of the four range relays: RANGE_CONTACT + range index. */
export const RANGE_CONTACT = 2;
export const OUTPUT_CONTACT = 6;
export const KEEP_ALIVE_EXPIRES = 7;
/** A fault begins or ends. */
export const FAULT_DUE = 8;
const HARDWARE_KINDS = 9;

const CPU_CAPACITY = 32;

/** The time and the two event lists. */
export interface ClockState {
  /** Virtual time, ms. */
  nowMs: number;
  /** When the board's own clock started, ms of virtual time. */
  bootMs: number;
  /** Seconds of the board's own clock per second. */
  rate: number;
  /** Seconds since 1970 at virtual time 0; 0 = the board does not know. */
  wallAtZeroS: number;
  /** Due time of each hardware event, Infinity = none. */
  hardwareMs: Float64Array;
  hardwareNextMs: number;
  /** CPU events, sorted by time, then by insertion. */
  cpuCount: number;
  cpuMs: Float64Array;
  cpuTask: Int32Array;
  cpuTimer: Int32Array;
  /** The last timer number given out. */
  timers: number;
}

/** Time zero with nothing due. */
export function createClock(wallAtZeroS: number): ClockState {
  return {
    nowMs: 0,
    bootMs: 0,
    rate: 1,
    wallAtZeroS,
    hardwareMs: new Float64Array(HARDWARE_KINDS).fill(Infinity),
    hardwareNextMs: Infinity,
    cpuCount: 0,
    cpuMs: new Float64Array(CPU_CAPACITY),
    cpuTask: new Int32Array(CPU_CAPACITY),
    cpuTimer: new Int32Array(CPU_CAPACITY),
    timers: 0,
  };
}

/** Sets the time of hardware event `id`, ms; Infinity cancels it. */
export function scheduleHardware(clock: ClockState, id: number, timeMs: number): void {
  const due = clock.hardwareMs;
  due[id] = timeMs;
  let next = Infinity;
  for (let i = 0; i < HARDWARE_KINDS; i++) if (due[i] < next) next = due[i];
  clock.hardwareNextMs = next;
}

/** Takes the earliest hardware event off the list, moves the time to it and returns its id. */
export function takeHardware(clock: ClockState): number {
  const due = clock.hardwareMs;
  let id = 0;
  for (let i = 1; i < HARDWARE_KINDS; i++) if (due[i] < due[id]) id = i;
  if (due[id] > clock.nowMs) clock.nowMs = due[id];
  scheduleHardware(clock, id, Infinity);
  return id;
}

/** Adds a CPU event that runs `task` at `timeMs`, behind those of the same time; its timer. */
export function addCpuEvent(clock: ClockState, timeMs: number, task: number): number {
  if (clock.cpuCount === clock.cpuMs.length) growCpuEvents(clock);
  let at = clock.cpuCount;
  while (at > 0 && clock.cpuMs[at - 1] > timeMs) {
    clock.cpuMs[at] = clock.cpuMs[at - 1];
    clock.cpuTask[at] = clock.cpuTask[at - 1];
    clock.cpuTimer[at] = clock.cpuTimer[at - 1];
    at--;
  }
  clock.cpuMs[at] = timeMs;
  clock.cpuTask[at] = task;
  clock.cpuTimer[at] = ++clock.timers;
  clock.cpuCount++;
  return clock.timers;
}

/** Removes the event at `index` of the list. */
export function removeCpuEvent(clock: ClockState, index: number): void {
  const last = --clock.cpuCount;
  for (let i = index; i < last; i++) {
    clock.cpuMs[i] = clock.cpuMs[i + 1];
    clock.cpuTask[i] = clock.cpuTask[i + 1];
    clock.cpuTimer[i] = clock.cpuTimer[i + 1];
  }
}

/** Removes the event of a timer; a timer that has run or never was is ignored. */
export function cancelCpuEvent(clock: ClockState, timer: number): void {
  for (let i = 0; i < clock.cpuCount; i++) {
    if (clock.cpuTimer[i] === timer) {
      removeCpuEvent(clock, i);
      return;
    }
  }
}

function growCpuEvents(clock: ClockState): void {
  const length = 2 * clock.cpuMs.length;
  const times = new Float64Array(length);
  const tasks = new Int32Array(length);
  const timers = new Int32Array(length);
  times.set(clock.cpuMs);
  tasks.set(clock.cpuTask);
  timers.set(clock.cpuTimer);
  clock.cpuMs = times;
  clock.cpuTask = tasks;
  clock.cpuTimer = timers;
}
