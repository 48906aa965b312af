// MB85RC256V, 32 kB ferroelectric memory (Fujitsu data sheet DS501-00017).

import type { Stream } from "../random.ts";
import { anyByte, doneBytes, TEAR_GARBAGE } from "../tear.ts";

/** Slave address with A2..A0 low (DS501-00017, "Device Address Word"). */
export const FRAM_ADDRESS = 0x50;
export const FRAM_BYTES = 32768;

const ADDRESS_MASK = FRAM_BYTES - 1;

/** Cell array and address counter. Both survive a reset of the board, the array a power cut. */
export interface Fram {
  memory: Uint8Array;
  address: number;
}

/** A chip holding a copy of `content` from address 0 (zeros where it ends). */
export function createFram(content: Uint8Array | undefined): Fram {
  const memory = new Uint8Array(FRAM_BYTES);
  if (content !== undefined) memory.set(content.subarray(0, FRAM_BYTES));
  return { memory, address: 0 };
}

/** A write: two address bytes, of which the top bit is ignored, then data; written as it
 *  arrives, no erase, no delay; the counter rolls over to 0 ("Page Write"). */
export function writeFram(chip: Fram, bytes: ArrayLike<number>): void {
  if (bytes.length < 2) return;
  chip.address = (((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff)) & ADDRESS_MASK;
  for (let i = 2; i < bytes.length; i++) {
    chip.memory[chip.address] = bytes[i];
    chip.address = (chip.address + 1) & ADDRESS_MASK;
  }
}

/** A write during which the power goes: bytes count as they arrive, so a part of them is there.
 *  `mode` is one of tear.ts; a garbage tail is one byte, the one being written. */
export function tearFram(chip: Fram, bytes: ArrayLike<number>, mode: number, stream: Stream): void {
  const sent = Array.from(bytes);
  const done = doneBytes(mode, Math.max(sent.length - 2, 0));
  writeFram(chip, sent.slice(0, 2 + done));
  if (mode === TEAR_GARBAGE && sent.length > 2 + done) spoilByte(chip, stream);
  chip.address = 0;
}

/** The byte that was being written when the power went is neither old nor new. */
export function spoilByte(chip: Fram, stream: Stream): void {
  chip.memory[chip.address] = anyByte(stream);
}

/** A read goes on at the address counter ("Current Address Read", "Sequential Read"). */
export function readFram(chip: Fram, into: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    into[i] = chip.memory[chip.address];
    chip.address = (chip.address + 1) & ADDRESS_MASK;
  }
}
