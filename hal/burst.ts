// A burst: voltages at a fixed distance in place of a frame, for what happens faster than frames.
// Each reading is held against the guards at once; one outside them puts the relay to rest.
import type { BurstDone, Clock, Converter, ConverterState } from "./port.ts";
import type { Part, Relay, Settings } from "./port.ts";

const BURST_MAX = 200;
const BURST_MAX_MS = 200;
/** A converter that falls silent ends the burst then. */
const BURST_DEADLINE_MS = 250;
const POLL_MS = 0.25;

interface State {
  /** Readings still wanted; 0 = no burst asked for. */
  count: number;
  periodMs: number;
  taken: number;
  startedAt: number;
  deadline: number;
  opened: boolean;
  done: BurstDone | null;
  samples: Float32Array;
}

/** Runs a burst when one was asked for, and calls `then` in any case. */
export interface Burst extends Part {
  readonly state: State;
  ask(count: number, periodUs: number, done: BurstDone): void;
  run(): void;
}

interface Runner {
  readonly clock: Clock;
  readonly voltage: Converter;
  readonly relay: Relay;
  readonly wanted: Settings;
  readonly then: () => void;
  readonly state: State;
  onDeadline: () => void;
  onBegin: () => void;
  onWait: () => void;
  onPolled: (state: ConverterState) => void;
  onRead: (counts: number, gain: number, ok: boolean) => void;
}

function end(runner: Runner): void {
  const state = runner.state;
  const done = state.done;
  if (state.count === 0) return;
  runner.clock.cancel(state.deadline);
  state.count = 0;
  state.done = null;
  if (done !== null) done(state.taken, state.opened);
  runner.then();
}

function begin(runner: Runner): void {
  const waitMs = runner.voltage.begin(runner.wanted.voltageGain);
  if (waitMs < 0) end(runner);
  else runner.clock.after(waitMs, runner.onWait);
}

function polled(runner: Runner, ready: ConverterState): void {
  if (ready === -1 || runner.clock.now() - runner.state.startedAt > BURST_MAX_MS) end(runner);
  else if (ready === 0) runner.clock.after(POLL_MS, runner.onWait);
  else runner.voltage.read(runner.onRead);
}

function taken(runner: Runner, counts: number, ok: boolean): void {
  const state = runner.state;
  if (!ok) {
    end(runner);
    return;
  }
  state.samples[state.taken++] = counts;
  const wanted = runner.wanted;
  const clipped = Math.abs(counts) >= runner.voltage.countsMax;
  const outside = clipped || counts < wanted.guardMin || counts > wanted.guardMax;
  if (outside) {
    runner.relay.write(false);
    state.opened = true;
  }
  const elapsed = runner.clock.now() - state.startedAt;
  const due = Math.max(elapsed, state.taken * state.periodMs);
  if (outside || state.taken >= state.count || due >= BURST_MAX_MS) end(runner);
  else runner.clock.after(due - elapsed, runner.onBegin);
}

function createState(): State {
  const samples = new Float32Array(BURST_MAX);
  return {
    count: 0,
    periodMs: 0,
    taken: 0,
    startedAt: 0,
    deadline: 0,
    opened: false,
    done: null,
    samples,
  };
}

/** Bursts of the voltage converter; `wanted` holds gain and guards, `then` takes over after. */
export function createBurst(
  clock: Clock,
  voltage: Converter,
  relay: Relay,
  wanted: Settings,
  then: () => void,
): Burst {
  const state = createState();
  const runner = { clock, voltage, relay, wanted, then, state } as Runner;
  runner.onDeadline = () => end(runner);
  runner.onBegin = () => begin(runner);
  runner.onWait = () => voltage.poll(runner.onPolled);
  runner.onPolled = (ready) => polled(runner, ready);
  runner.onRead = (counts, _gain, ok) => taken(runner, counts, ok);
  return {
    state,
    tasks: [runner.onDeadline, runner.onBegin, runner.onWait, runner.onPolled, runner.onRead],
    ask: (count, periodUs, done) => {
      state.count = Math.min(count, BURST_MAX);
      state.periodMs = periodUs / 1000;
      state.done = done;
    },
    run: () => {
      state.taken = 0;
      state.opened = false;
      state.startedAt = clock.now();
      if (state.count === 0) {
        then();
        return;
      }
      state.deadline = clock.after(BURST_DEADLINE_MS, runner.onDeadline);
      begin(runner);
    },
  };
}
