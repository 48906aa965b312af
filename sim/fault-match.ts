// Which fault hits a transaction: the first in the plan that is due and of its chip and direction.

import { AD5693R_ADDRESS } from "./chip/ad5693r.ts";
import { ADS1115_ADDRESS } from "./chip/ads1115.ts";
import { ADS122C04_ADDRESS } from "./chip/ads122c04.ts";
import { DAC8571_ADDRESS } from "./chip/dac8571.ts";
import { FRAM_ADDRESS } from "./chip/fram.ts";
import { MCP23008_ADDRESS } from "./chip/mcp23008.ts";
import { MCP4725_ADDRESS } from "./chip/mcp4725.ts";
import { NAU7802_ADDRESS } from "./chip/nau7802.ts";
import { FAULTS } from "./fault.ts";
import type { ChipName, FaultKind } from "./fault.ts";
import { ACTING, OVER, WAITING } from "./fault-state.ts";
import type { FaultProgress, Faults } from "./fault-state.ts";

/** Address bytes of a memory: a shorter write only points. */
const MEMORY_POINTER_BYTES = 2;
const NO_REGISTER = -1;

/** Where the chip of a place may answer, whichever is fitted. */
const ADDRESSES: Readonly<Record<ChipName, readonly number[]>> = {
  dac: [AD5693R_ADDRESS, DAC8571_ADDRESS, MCP4725_ADDRESS],
  adc: [ADS1115_ADDRESS, ADS122C04_ADDRESS],
  range: [MCP23008_ADDRESS],
  loadCell: [NAU7802_ADDRESS],
  memory: [FRAM_ADDRESS],
};

/** A transaction about to take place; `register` and `count` mean a read's, `count` also the bytes
 *  of a write. */
export interface Request {
  address: number;
  reading: boolean;
  register: number;
  count: number;
}

/** Whether an entry in force applies to the transaction. */
function matches(progress: FaultProgress, request: Request): boolean {
  const { kind, target } = progress.entry;
  if (target !== undefined && !ADDRESSES[target as ChipName].includes(request.address)) {
    return false;
  }
  const onMemory = request.address === FRAM_ADDRESS;
  if (kind === "memoryRead") return onMemory && request.reading;
  if (kind === "memoryProgram" || kind === "tornWrite") {
    return onMemory && !request.reading && request.count > MEMORY_POINTER_BYTES;
  }
  return repeats(kind) ? repeatable(progress, request) : true;
}

function repeats(kind: FaultKind): boolean {
  return kind === "stuck" || kind === "duplicate";
}

/** A repeated answer is one of the same chip, register and length; a stuck chip still takes writes,
 *  a duplicated write is one of its own. */
function repeatable(progress: FaultProgress, request: Request): boolean {
  if (!request.reading) {
    return progress.entry.kind === "duplicate" && progress.answer.length === 0;
  }
  if (progress.answer.length === 0) return true;
  return progress.answer.length === request.count && progress.before === request.register;
}

/** Binds a repeated answer to the chip and register it comes from. */
function bind(progress: FaultProgress, request: Request): void {
  if (!repeats(progress.entry.kind) || !request.reading) return;
  for (const name of Object.keys(ADDRESSES) as ChipName[]) {
    if (ADDRESSES[name].includes(request.address)) progress.entry.target = name;
  }
  progress.before = request.register;
}

/** The index of the entry that hits `request`, used up by one; -1 = none. `late` says whether late
 *  answers are looked for, or everything else; null = both. */
export function hitFor(faults: Faults, request: Request, late: boolean | null): number {
  for (let i = 0; i < faults.entries.length; i++) {
    const progress = faults.entries[i];
    if (progress.stage !== ACTING || !FAULTS[progress.entry.kind].wire) continue;
    if (late !== null && late !== (progress.entry.kind === "late")) continue;
    if (!matches(progress, request)) continue;
    bind(progress, request);
    spend(progress, request);
    return i;
  }
  return -1;
}

/** A duplicated read is used up by the read that gets the old answer, not by the one before. */
function spend(progress: FaultProgress, request: Request): void {
  const first = progress.entry.kind === "duplicate" && progress.answer.length === 0;
  if (first && request.reading) return;
  progress.left--;
  if (progress.left <= 0) progress.stage = OVER;
}

/** Whether an entry waits for the transaction numbered `next`. */
export function waits(faults: Faults, next: number): boolean {
  for (let i = 0; i < faults.entries.length; i++) {
    const { stage, entry } = faults.entries[i];
    if (stage === WAITING && "transaction" in entry.at && entry.at.transaction <= next) return true;
  }
  return false;
}

/** A request without a register. */
export function writeRequest(address: number, count: number): Request {
  return { address, reading: false, register: NO_REGISTER, count };
}
