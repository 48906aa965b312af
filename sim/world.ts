// The simulated world: one tree of plain data that holds everything, down to the generators'
// states, so that `copy(world)` forks a run. Functions elsewhere operate on it in place.

import { createCell } from "./cell.ts";
import type { Cell, CellInput } from "./cell-state.ts";
import { createAd5693r } from "./chip/ad5693r.ts";
import type { Ad5693r } from "./chip/ad5693r.ts";
import { createAds1115 } from "./chip/ads1115.ts";
import type { Ads1115 } from "./chip/ads1115.ts";
import { createFram } from "./chip/fram.ts";
import type { Fram } from "./chip/fram.ts";
import { createMcp23008 } from "./chip/mcp23008.ts";
import type { Mcp23008 } from "./chip/mcp23008.ts";
import { createNau7802 } from "./chip/nau7802.ts";
import type { Nau7802 } from "./chip/nau7802.ts";
import { createClock } from "./clock.ts";
import type { ClockState } from "./clock.ts";
import type { FaultPlan } from "./fault.ts";
import { checkPlan } from "./fault-check.ts";
import { createFaults } from "./fault-state.ts";
import type { Faults } from "./fault-state.ts";
import { armFaults } from "./fault-clock.ts";
import { createFitted } from "./fitted.ts";
import type { ChipChoice, Fitted } from "./fitted.ts";
import { createFlaws } from "./flaws.ts";
import type { Flaws } from "./flaws.ts";
import { createFrontend, refreshLoop } from "./frontend.ts";
import type { Frontend } from "./frontend.ts";
import { boundsFor, createOracle } from "./oracle-state.ts";
import type { Oracle } from "./oracle-state.ts";
import { createQueue } from "./queue.ts";
import type { Queue } from "./queue.ts";
import { createStream, createStreams } from "./random.ts";
import type { Streams } from "./random.ts";
import { setpointV } from "./setpoint.ts";

/** 2026-01-01T00:00:00Z: simulated runs know no host time. */
const EPOCH_S = 1767225600;

export interface WorldOptions {
  cell: CellInput;
  seed: number;
  /** Scale of the drawn errors of chips and components; 1 = data-sheet limits, 0 = ideal. */
  errors?: number;
  /** Scale of the electronic noise; the cell's own is in `cell.sim.noise`. */
  noise?: number;
  /** What breaks, and when; nothing unless given. */
  plan?: FaultPlan;
  /** Whether an oracle watches; unless said, it does when there is a plan. */
  oracle?: boolean;
  /** Distance of frames, ms, and when the bus answers: the oracle's bounds depend on them. 1000 and
   *  inline unless given. */
  framePeriodMs?: number;
  completion?: "inline" | "deferred";
  /** Chips in place of the default channel's, or beside them. */
  chips?: ChipChoice;
  /** Initial content of the memory, from address 0. */
  fram?: Uint8Array;
}

/** The hardware keep-alive and the command of the output relay. */
export interface KeepAlive {
  /** Time-out, ms; Infinity = not started. */
  timeoutMs: number;
  alive: boolean;
  /** Has ever expired: stays set. */
  expired: boolean;
  kicks: number;
  /** When the last kick came, ms. */
  kickedMs: number;
  relayWanted: boolean;
}

/** The wire's own state: transactions so far, and the register byte of the one under way. */
export interface Wire {
  transactions: number;
  nacks: number;
  pointer: Uint8Array;
}

export interface World {
  clock: ClockState;
  random: Streams;
  cell: Cell;
  frontend: Frontend;
  flaws: Flaws;
  dac: Ad5693r;
  adc: Ads1115;
  loadCell: Nau7802;
  expander: Mcp23008;
  fram: Fram;
  fitted: Fitted;
  wire: Wire;
  queue: Queue;
  keepAlive: KeepAlive;
  faults: Faults;
  /** Null = nobody watches. */
  oracle: Oracle | null;
}

/** A world at the instant of power-on: relay at rest, no range closed, DAC at zero scale (full
 *  negative current once a range closes). Throws a RangeError on a cell out of bounds. */
export function createWorld(options: WorldOptions): World {
  const errors = options.errors ?? 1;
  const noise = options.noise ?? 1;
  const seed = options.seed;
  const world: World = {
    clock: createClock(EPOCH_S),
    random: createStreams(seed),
    cell: createCell(options.cell),
    frontend: createFrontend(createStream(seed, "frontend errors"), errors, noise),
    flaws: createFlaws(),
    dac: createAd5693r(createStream(seed, "dac errors"), errors),
    adc: createAds1115(createStream(seed, "adc errors"), errors, noise),
    loadCell: createNau7802(createStream(seed, "load cell errors"), errors, noise),
    expander: createMcp23008(),
    fram: createFram(options.fram),
    fitted: createFitted(options.chips ?? {}, seed, errors, noise),
    wire: { transactions: 0, nacks: 0, pointer: new Uint8Array(1) },
    queue: createQueue(),
    keepAlive: {
      timeoutMs: Infinity,
      alive: true,
      expired: false,
      kicks: 0,
      kickedMs: 0,
      relayWanted: false,
    },
    faults: createFaults(checkPlan(options.plan ?? [])),
    oracle: oracleOf(options),
  };
  armFaults(world.clock, world.faults, world.oracle !== null);
  const { cell, dac, fitted, frontend } = world;
  refreshLoop(frontend, setpointV(dac, fitted, frontend.supplyV, cell.temperatureC, 0));
  return world;
}

function oracleOf(options: WorldOptions): Oracle | null {
  if (!(options.oracle ?? options.plan !== undefined)) return null;
  const queued = options.completion === "deferred";
  return createOracle(options.seed, boundsFor(options.framePeriodMs ?? 1000, queued));
}
