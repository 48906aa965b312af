// W25Q32JV, 4 MB serial NOR flash (Winbond, "W25Q32JV", Rev. F): the chip between the bus and
// its array. One transfer is one instruction; its effect comes at the end of its busy time, so
// that a power cut finds it under way.

import { createFlash, eraseFlash, programByte, readFlash } from "../flash.ts";
import { refuses, tearErase, tearProgram } from "../flash.ts";
import type { Flash } from "../flash.ts";
import type { Stream } from "../random.ts";
import { TEAR_HALF } from "../tear.ts";
import { CHIP_ERASE, CHIP_ERASE_TOO, durationMs, ENABLE_RESET } from "./w25q32-commands.ts";
import { ENDURANCE, erasedBytes, FAST_READ, FLASH_BYTES, JEDEC_ID } from "./w25q32-commands.ts";
import { MANUFACTURER_ID, PAGE_BYTES, PAGE_PROGRAM, POWER_DOWN } from "./w25q32-commands.ts";
import { protects, READ_DATA, READ_STATUS1, READ_STATUS2 } from "./w25q32-commands.ts";
import { RELEASE, RESET, SECTOR_BYTES, WRITE_DISABLE } from "./w25q32-commands.ts";
import { WRITE_ENABLE, WRITE_STATUS1 } from "./w25q32-commands.ts";

/** Manufacturer, memory type, capacity (8.1.1): 9Fh; device identity: 90h, ABh. */
const IDENTITY = [0xef, 0x40, 0x16];
const DEVICE = 0x15;

/** Status register 1 (7.1): busy, write enable latch, and what can be written. */
const BUSY = 0x01;
const ENABLED = 0x02;
const STATUS_WRITABLE = 0xfc;

/** Write instructions are ignored so long after power-up, ms (9.3, tPUW 5 ms); wake-up from
 *  power-down and reset, ms (9.6, tRES1 3 us, tRST 30 us). */
const WRITABLE_AFTER_MS = 5;
const WAKE_UP_MS = 0.003;
const RESET_MS = 0.03;

/** Array, status and the operation under way. */
export interface W25q32 {
  flash: Flash;
  /** Non-volatile bits of status register 1, the latch, deep power-down, reset enabled. */
  status1: number;
  enabled: number;
  asleep: number;
  resetEnabled: number;
  /** Nothing is accepted until then, and no write instruction until then, ms. */
  awakeMs: number;
  writableMs: number;
  /** Instruction under way, 0 = none, and its end, ms. */
  busyWith: number;
  busyMs: number;
  offset: number;
  /** Addresses and bytes of a program under way, or the status byte to be written. */
  offsets: number[];
  values: number[];
  errors: number;
}

/** A blank chip whose power came at 0 ms. Its times are typical for `errors` = 0. */
export function createW25q32(errors: number): W25q32 {
  return {
    flash: createFlash(FLASH_BYTES / SECTOR_BYTES, SECTOR_BYTES, ENDURANCE),
    status1: 0,
    enabled: 0,
    asleep: 0,
    resetEnabled: 0,
    awakeMs: 0,
    writableMs: WRITABLE_AFTER_MS,
    busyWith: 0,
    busyMs: 0,
    offset: 0,
    offsets: [],
    values: [],
    errors,
  };
}

/** Power lost and back at `nowMs`: what was under way is torn (a mode of tear.ts). */
export function brownOutW25q32(chip: W25q32, nowMs: number, mode: number, stream: Stream): void {
  abort(chip, nowMs, mode, stream);
  chip.asleep = 0;
  chip.awakeMs = nowMs;
  chip.writableMs = nowMs + WRITABLE_AFTER_MS;
}

function abort(chip: W25q32, nowMs: number, mode: number, stream: Stream): void {
  finish(chip, nowMs);
  const length = erasedBytes(chip.busyWith);
  if (length > 0) tearErase(chip.flash, chip.offset, length, mode, stream);
  else if (chip.busyWith === PAGE_PROGRAM) {
    tearProgram(chip.flash, chip.offsets, chip.values, mode, stream);
  }
  chip.busyWith = 0;
  chip.enabled = 0;
  chip.resetEnabled = 0;
}

/** Carries out what has ended by `nowMs`. */
function finish(chip: W25q32, nowMs: number): void {
  if (chip.busyWith === 0 || nowMs < chip.busyMs) return;
  const length = erasedBytes(chip.busyWith);
  if (length > 0) eraseFlash(chip.flash, chip.offset, length);
  else if (chip.busyWith === WRITE_STATUS1) chip.status1 = chip.values[0] & STATUS_WRITABLE;
  else {
    chip.flash.programs++;
    for (let i = 0; i < chip.values.length; i++) {
      programByte(chip.flash, chip.offsets[i], chip.values[i]);
    }
  }
  chip.busyWith = 0;
  chip.enabled = 0;
}

/** One select: `bytes` go in, then `into` comes out, high where the chip drives nothing. */
export function transferW25q32(
  chip: W25q32,
  bytes: ArrayLike<number>,
  into: Uint8Array,
  nowMs: number,
  stream: Stream,
): void {
  into.fill(0xff);
  finish(chip, nowMs);
  if (bytes.length === 0 || nowMs < chip.awakeMs) return;
  const instruction = bytes[0] & 0xff;
  if (chip.asleep === 1 && instruction !== RELEASE) return;
  for (let i = 0; i < into.length; i++) into[i] = replied(chip, bytes, bytes.length + i);
  if (instruction === RESET && chip.resetEnabled === 1) {
    // A reset breaks off an operation as a power cut does, anywhere (8.2.28).
    abort(chip, nowMs, TEAR_HALF, stream);
    chip.awakeMs = nowMs + RESET_MS;
    return;
  }
  chip.resetEnabled = instruction === ENABLE_RESET ? 1 : 0;
  if (chip.busyWith === 0) obey(chip, instruction, bytes, nowMs, stream);
}

/** The byte at `position` of a transfer, the instruction's own being 0. While busy only the
 *  status can be read (8.2.4). */
function replied(chip: W25q32, bytes: ArrayLike<number>, position: number): number {
  const instruction = bytes[0] & 0xff;
  if (instruction === READ_STATUS1) {
    return chip.status1 | (chip.enabled === 1 ? ENABLED : 0) | (chip.busyWith !== 0 ? BUSY : 0);
  }
  if (instruction === READ_STATUS2) return 0;
  if (chip.busyWith !== 0) return 0xff;
  if (instruction === JEDEC_ID && position <= 3) return IDENTITY[position - 1];
  if (instruction === RELEASE && position >= 4) return DEVICE;
  if (instruction === MANUFACTURER_ID && position >= 4) {
    return (position + bytes[3]) % 2 === 0 ? IDENTITY[0] : DEVICE;
  }
  const first = instruction === READ_DATA ? 4 : instruction === FAST_READ ? 5 : Infinity;
  if (position < first || bytes.length < 4) return 0xff;
  return readFlash(chip.flash, (addressOf(bytes) + position - first) % FLASH_BYTES);
}

/** The 24-bit address, of which 22 count. */
function addressOf(bytes: ArrayLike<number>): number {
  const address = ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8) | (bytes[3] & 0xff);
  return address % FLASH_BYTES;
}

function obey(
  chip: W25q32,
  instruction: number,
  bytes: ArrayLike<number>,
  nowMs: number,
  stream: Stream,
): void {
  if (instruction === RELEASE) {
    if (chip.asleep === 1) chip.awakeMs = nowMs + WAKE_UP_MS;
    chip.asleep = 0;
  } else if (instruction === POWER_DOWN) chip.asleep = 1;
  else if (instruction === WRITE_DISABLE) chip.enabled = 0;
  else if (instruction === WRITE_ENABLE) chip.enabled = nowMs >= chip.writableMs ? 1 : 0;
  else if (chip.enabled === 1 && takes(chip, instruction, bytes)) {
    chip.busyWith = instruction;
    chip.busyMs = nowMs + durationMs(instruction, chip.errors, stream);
  }
}

/** Notes what a program, erase or status write is to do; false = it is not carried out: not one,
 *  incomplete, protected (7.1), or in a sector that refuses. */
function takes(chip: W25q32, instruction: number, bytes: ArrayLike<number>): boolean {
  if (instruction === WRITE_STATUS1) {
    chip.values = [bytes[1] & 0xff];
    return bytes.length >= 2;
  }
  const whole = instruction === CHIP_ERASE || instruction === CHIP_ERASE_TOO;
  if (!whole && bytes.length < 4) return false;
  const length = instruction === PAGE_PROGRAM ? PAGE_BYTES : erasedBytes(instruction);
  if (length === 0) return false;
  const address = whole ? 0 : addressOf(bytes);
  chip.offset = address - (address % length);
  if (protects(chip.status1, chip.offset, length)) return false;
  if (refuses(chip.flash, chip.offset, length)) return false;
  return instruction !== PAGE_PROGRAM || page(chip, address, bytes);
}

/** The bytes of a page program: they wrap within the page, and of more than 256 the last 256
 *  count (8.2.15). */
function page(chip: W25q32, address: number, bytes: ArrayLike<number>): boolean {
  chip.offsets = [];
  chip.values = [];
  for (let i = Math.max(4, bytes.length - PAGE_BYTES); i < bytes.length; i++) {
    chip.offsets.push(chip.offset + ((address - chip.offset + i - 4) % PAGE_BYTES));
    chip.values.push(bytes[i] & 0xff);
  }
  return chip.values.length > 0;
}
