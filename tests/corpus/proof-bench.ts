// A simulated channel with a prepared cell under a constant current, for active proofs: the whole
// way from the firmware's frames and bursts through registers and analogue circuit to the cell.
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated } from "../../boards/simulated.ts";
import { UNTIL } from "../../firmware/calm.ts";
import {
  BEGUN_AT,
  OUTCOME,
  PENDING,
  PHASE,
  SETTLED,
  SUSPICIOUS,
} from "../../firmware/proof-places.ts";
import type { Proof } from "../../firmware/proof-state.ts";
import { BETWEEN, CUT, WATCHING, suspect } from "../../firmware/proof-state.ts";
import type { Step } from "../../firmware/protocol.ts";
import { FLAG_PROOF, STEP_CURRENT, createStep } from "../../firmware/protocol.ts";
import { VOLTS_AT } from "../../firmware/sample.ts";
import { VERDICT_HARD } from "../../firmware/telemetry.ts";
import { observe } from "../../sim/advance.ts";
import type { Cell, CellInput } from "../../sim/cell-state.ts";
import { advanceCell, createCell } from "../../sim/cell.ts";
import { copy, copyInto } from "../../sim/copy.ts";
import { createStreams } from "../../sim/random.ts";
import type { Record } from "../boards/rig.ts";
import { cellOf, listen, memoryOf } from "../boards/rig.ts";

const COMPLIANCE_V = 5.2;
const START_MS = 1500;
const FRAME_MS = 200;
const COARSE_MS = 5;
/** The simulated converter takes its input as it is at the end of each look: looked at so often, it
 *  averages over its window as the chip does. */
const FINE_MS = 0.01;
const NEAR_MS = 0.05;
/** Baselines begin so long after a step did, s. */
const BASELINE_S = [59, 64];

/** A channel under way. */
export interface Bench {
  channel: SimulatedChannel;
  record: Record;
  proof: Proof;
}

/** A cell aged apart from any instrument: `cycles` of half cycles of `halfS` at `maCm2`. */
export function agedCell(
  input: CellInput,
  seed: number,
  maCm2: number,
  halves: readonly number[],
): Cell {
  const cell = createCell(input);
  const random = createStreams(seed);
  const amperes = (maCm2 * cell.areaCm2) / 1000;
  halves.forEach((seconds, n) => {
    const current = n % 2 === 0 ? amperes : -amperes;
    advanceCell(cell, random, cell.timeS + seconds, current, COMPLIANCE_V);
  });
  return cell;
}

/** The cell that `world` holds becomes a copy of `cell`, at the world's time. */
function implant(channel: SimulatedChannel, cell: Cell): void {
  const { world } = channel;
  observe(world);
  const timeS = world.cell.timeS;
  copyInto(world.cell, copy(cell), () => {
    throw new TypeError("a cell holds no functions");
  });
  const gridS = Math.floor(timeS);
  Object.assign(world.cell, { timeS, gridS, nextGridS: gridS + 1, charge: 0 });
}

/** A cell of the corpus: no bridges but those that are put in. */
export function quietCell(
  anode: CellInput["sim"]["anode"],
  noise: number,
  fullCell = false,
): CellInput {
  return cellOf(anode, { sim: { anode, noise, shorts: false, fullCell } });
}

/** A step of constant current with proofs allowed. */
export function provenStep(maCm2: number, areaCm2: number, changes: Partial<Step> = {}): Step {
  const current = maCm2 * 1e-3 * areaCm2;
  const flags = FLAG_PROOF;
  const step = { ...createStep(), kind: STEP_CURRENT, current, flags, budget: 1e5 };
  return { ...step, duration: 36_000, ...changes };
}

/** A running channel: `cell` (or a fresh one) under `steps`. */
export function begin(
  input: CellInput,
  seed: number,
  steps: Step[],
  cell: Cell | null = null,
): Bench {
  const memory = memoryOf(input, steps);
  const options = { cell: input, seed, memory, framePeriodMs: FRAME_MS };
  const channel = createSimulated(options);
  const record = listen(channel);
  channel.runUntil(START_MS);
  if (cell !== null) implant(channel, cell);
  channel.send("start");
  return { channel, record, proof: channel.shell.channel.run.proof };
}

function paceMs(bench: Bench): number {
  const { proof, channel } = bench;
  if (proof.numbers[PHASE] === CUT) return FINE_MS;
  if (proof.numbers[PHASE] === BETWEEN || proof.numbers[PENDING] === 1) return NEAR_MS;
  const since = channel.shell.channel.sample[VOLTS_AT] - proof.numbers[BEGUN_AT];
  const near = since > BASELINE_S[0] && since < BASELINE_S[1];
  return proof.numbers[PHASE] === WATCHING && near ? NEAR_MS : COARSE_MS;
}

/** Lets virtual time go on for `seconds`, or until `done`. */
export function run(bench: Bench, seconds: number, done = (): boolean => false): void {
  const { channel, proof } = bench;
  const endMs = channel.now() + seconds * 1000;
  while (channel.now() < endMs && !done()) {
    channel.runUntil(Math.min(endMs, channel.now() + paceMs(bench)));
    if (proof.numbers[PHASE] === CUT) observe(channel.world);
  }
}

/** Something happens to the cell now. */
export function change(bench: Bench, how: (cell: Cell) => void): void {
  observe(bench.channel.world);
  how(bench.channel.world.cell);
}

/** Whether an experiment on suspicion has begun. */
export function isExamined(bench: Bench): boolean {
  return bench.proof.numbers[PHASE] !== WATCHING && bench.proof.numbers[SUSPICIOUS] === 1;
}

/** Whether the run is over: by the hard rule, which no proof precedes. */
export function isShortedHard(bench: Bench): boolean {
  return bench.record.verdict?.values[0] === VERDICT_HARD;
}

/** Has a suspicion examined, the detectors' own or else one raised here; its outcome. Throws
 *  an Error when there is none in time. */
export function examine(bench: Bench, waitS = 400): number {
  const { channel, proof } = bench;
  suspect(proof, channel.shell.channel.sample[VOLTS_AT]);
  // What the tick does that finds something.
  channel.shell.channel.calm[UNTIL] = 0;
  run(bench, waitS, () => proof.numbers[SETTLED] === 1);
  if (proof.numbers[SETTLED] === 0) throw new Error(`no outcome within ${waitS} s`);
  return proof.numbers[OUTCOME];
}
