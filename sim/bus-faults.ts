// What a wire fault makes of a transaction that it hits.

import { spoilByte } from "./chip/fram.ts";
import { valueOf } from "./fault-apply.ts";
import type { FaultProgress } from "./fault-state.ts";
import { readWire, writeWire } from "./wire.ts";
import type { World } from "./world.ts";

const FLOATING = 0xff;
const BITS = 8;

/** Carries a write out as far as the fault lets it; no fault means SDA held low. */
export function alterWrite(
  world: World,
  progress: FaultProgress | undefined,
  address: number,
  bytes: ArrayLike<number>,
): boolean {
  switch (progress?.entry.kind) {
    case "short":
    case "tornWrite": {
      const passed = Math.min(Math.abs(valueOf(progress)), bytes.length);
      const ok = writeWire(world, address, Array.from(bytes).slice(0, passed));
      if (valueOf(progress) < 0 && passed < bytes.length) spoilByte(world.fram, world.random.flash);
      return ok && passed === bytes.length;
    }
    case "bitFlip":
      return writeWire(world, address, flipped(bytes, valueOf(progress)));
    case "wrongAddress":
      return writeWire(world, valueOf(progress), bytes);
    case "duplicate":
      return writeWire(world, address, bytes) && writeWire(world, address, bytes);
    case "late":
      return writeWire(world, address, bytes);
    default:
      world.wire.transactions++;
      world.wire.nacks++;
      return false;
  }
}

/** Fills `into` with what the fault lets through. */
export function alterRead(
  world: World,
  progress: FaultProgress,
  address: number,
  into: Uint8Array,
  count: number,
): void {
  const kind = progress.entry.kind;
  const value = valueOf(progress);
  readWire(world, kind === "wrongAddress" ? value : address, into, count);
  if (kind === "short") into.fill(FLOATING, Math.min(value, count), count);
  else if (kind === "bitFlip") into.set(flipped(into, value));
  else if (kind === "stuck" && value >= 0) into.fill(value, 0, count);
  else if (kind === "stuck" || kind === "duplicate") {
    if (progress.answer.length === 0) progress.answer = Array.from(into.subarray(0, count));
    else into.set(progress.answer);
  }
}

function flipped(bytes: ArrayLike<number>, bit: number): number[] {
  const copy = Array.from(bytes);
  if (copy.length === 0) return copy;
  const at = bit % (BITS * copy.length);
  copy[Math.floor(at / BITS)] ^= 0x80 >> (at % BITS);
  return copy;
}
