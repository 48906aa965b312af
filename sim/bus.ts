// The bus as the boards' ports use it: the wire, and before it whatever disturbs a transaction.
// Undisturbed and unwatched that costs one comparison.

import { advanceTo, befall } from "./advance.ts";
import { alterRead, alterWrite } from "./bus-faults.ts";
import { armFaults } from "./fault-clock.ts";
import { valueOf } from "./fault-apply.ts";
import { hitFor, waits, writeRequest } from "./fault-match.ts";
import type { Request } from "./fault-match.ts";
import type { FaultProgress, Faults } from "./fault-state.ts";
import { noteTransaction } from "./oracle.ts";
import { READ, WRITE } from "./queue.ts";
import { pointWire, readWire, writeWire } from "./wire.ts";
import type { World } from "./world.ts";

/** Anything but a `late` answer, which a queued bus has dealt with before. */
const NOT_LATE = false;

/** One write. `blocking`: the processor waits for it, so a delay costs it time. False = nobody has
 *  acknowledged. Throws McuReset if a planned reset strikes. */
export function writeBus(
  world: World,
  address: number,
  bytes: ArrayLike<number>,
  blocking: boolean,
): boolean {
  if (world.wire.transactions + 1 < world.faults.fromTransaction) {
    return writeWire(world, address, bytes);
  }
  if (strikes(world)) meet(world, writeRequest(address, bytes.length), blocking);
  const progress = struck(world.faults);
  const ok =
    progress === undefined && !world.faults.sdaLow
      ? writeWire(world, address, bytes)
      : alterWrite(world, progress, address, bytes);
  delay(world, blocking);
  world.faults.hit = -1;
  if (world.oracle !== null) noteTransaction(world, world.oracle, address, ok);
  return ok;
}

/** The first half of a read of `count` bytes. False = nobody has acknowledged, or no answer. */
export function pointBus(
  world: World,
  address: number,
  register: number,
  count: number,
  blocking: boolean,
): boolean {
  if (world.wire.transactions + 1 < world.faults.fromTransaction) {
    return pointWire(world, address, register);
  }
  if (strikes(world)) meet(world, { address, reading: true, register, count }, blocking);
  const { faults, wire } = world;
  const progress = struck(faults);
  const kind = progress?.entry.kind;
  const refused = kind === "nack" || kind === "timeout" || kind === "memoryRead";
  if (refused || faults.sdaLow) {
    wire.transactions++;
    wire.nacks++;
  }
  const to = progress?.entry.kind === "wrongAddress" ? valueOf(progress) : address;
  const ok = !refused && !faults.sdaLow && pointWire(world, to, register);
  delay(world, blocking);
  if (!ok) faults.hit = -1;
  if (world.oracle !== null) noteTransaction(world, world.oracle, address, ok);
  return ok;
}

/** The second half of a read that `pointBus` let through. */
export function readBus(world: World, address: number, into: Uint8Array, count: number): void {
  const faults = world.faults;
  if (faults.hit < 0) {
    readWire(world, address, into, count);
    return;
  }
  alterRead(world, faults.entries[faults.hit], address, into, count);
  faults.hit = -1;
}

/** Whether a fault may hit the next transaction: others are only watched. */
function strikes(world: World): boolean {
  return world.wire.transactions + 1 >= world.faults.strikesFrom;
}

/** Lets the world catch up with this transaction's number, and finds what hits it. */
function meet(world: World, request: Request, blocking: boolean): void {
  const faults = world.faults;
  faults.hit = -1;
  faults.silent = false;
  if (waits(faults, world.wire.transactions + 1)) befall(world);
  if (faults.sdaLow) return;
  faults.hit = hitFor(faults, request, blocking ? null : NOT_LATE);
  faults.silent = struck(faults)?.entry.kind === "timeout";
  armFaults(world.clock, faults, world.oracle !== null);
}

function struck(faults: Faults): FaultProgress | undefined {
  return faults.hit < 0 ? undefined : faults.entries[faults.hit];
}

/** Time that the fault costs a processor that waits. */
function delay(world: World, blocking: boolean): void {
  const progress = struck(world.faults);
  if (!blocking || progress === undefined) return;
  const kind = progress.entry.kind;
  if (kind === "late" || kind === "timeout") {
    advanceTo(world, world.clock.nowMs + valueOf(progress));
  }
}

/** Whether the oldest operation of a queued bus, due now, is put off until `heldUntilMs`. */
export function stalled(world: World): boolean {
  if (!strikes(world)) return false;
  const { faults, queue, clock, wire } = world;
  if (clock.nowMs < faults.heldUntilMs) return true;
  const slot = queue.head;
  const kind = queue.kind[slot];
  if (kind !== READ && kind !== WRITE) return false;
  if (waits(faults, wire.transactions + 1)) befall(world);
  const reading = kind === READ;
  const { register, length, address } = queue;
  const request = {
    address: address[slot],
    reading,
    register: register[slot],
    count: length[slot],
  };
  const hit = hitFor(faults, request, true);
  if (hit < 0) return false;
  faults.heldUntilMs = clock.nowMs + valueOf(faults.entries[hit]);
  armFaults(clock, faults, world.oracle !== null);
  return true;
}

/** Nine clocks and a stop condition: a chip that holds SDA low lets go (NXP UM10204, 3.1.16). */
export function recoverBus(world: World): void {
  world.faults.sdaLow = false;
  armFaults(world.clock, world.faults, world.oracle !== null);
}
