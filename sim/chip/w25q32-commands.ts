// W25Q32JV: which bytes of the array an instruction means, and how long it takes (Winbond,
// "W25Q32JV", Rev. F: chapter 8 Instructions, 9.6 AC Electrical Characteristics).

import { uniform } from "../random.ts";
import type { Stream } from "../random.ts";

// Instructions (8.1.2).
export const WRITE_ENABLE = 0x06;
export const WRITE_DISABLE = 0x04;
export const READ_STATUS1 = 0x05;
export const READ_STATUS2 = 0x35;
export const WRITE_STATUS1 = 0x01;
export const READ_DATA = 0x03;
export const FAST_READ = 0x0b;
export const PAGE_PROGRAM = 0x02;
export const SECTOR_ERASE = 0x20;
export const BLOCK_ERASE_32K = 0x52;
export const BLOCK_ERASE_64K = 0xd8;
export const CHIP_ERASE = 0xc7;
export const CHIP_ERASE_TOO = 0x60;
export const POWER_DOWN = 0xb9;
export const RELEASE = 0xab;
export const MANUFACTURER_ID = 0x90;
export const JEDEC_ID = 0x9f;
export const ENABLE_RESET = 0x66;
export const RESET = 0x99;

export const FLASH_BYTES = 4 * 1024 * 1024;
export const PAGE_BYTES = 256;
export const SECTOR_BYTES = 4096;
/** Erase cycles a sector is rated for ("Features": more than 100 000). */
export const ENDURANCE = 100000;

// 9.6: typical and maximum, ms.
const PROGRAM_MS = [0.4, 3];
const STATUS_MS = [10, 15];
const SECTOR_MS = [45, 400];
const BLOCK_32K_MS = [120, 1600];
const BLOCK_64K_MS = [150, 2000];
const CHIP_MS = [10000, 50000];
/** Most operations take their typical time, a few nearly the maximum (shape assumed). */
const RARITY = 8;

/** Bytes an erase instruction covers; 0 = it is none. */
export function erasedBytes(instruction: number): number {
  if (instruction === SECTOR_ERASE) return SECTOR_BYTES;
  if (instruction === BLOCK_ERASE_32K) return 32768;
  if (instruction === BLOCK_ERASE_64K) return 65536;
  return instruction === CHIP_ERASE || instruction === CHIP_ERASE_TOO ? FLASH_BYTES : 0;
}

/** A drawn duration, ms: typical for `errors` = 0. */
export function durationMs(instruction: number, errors: number, stream: Stream): number {
  const [typical, maximum] = limitsMs(instruction);
  const rare = uniform(stream) ** RARITY;
  return typical + (maximum - typical) * Math.min(errors, 1) * rare;
}

function limitsMs(instruction: number): number[] {
  if (instruction === PAGE_PROGRAM) return PROGRAM_MS;
  if (instruction === WRITE_STATUS1) return STATUS_MS;
  if (instruction === SECTOR_ERASE) return SECTOR_MS;
  if (instruction === BLOCK_ERASE_32K) return BLOCK_32K_MS;
  return instruction === BLOCK_ERASE_64K ? BLOCK_64K_MS : CHIP_MS;
}

/** True when the block-protect bits of status register 1 cover part of a range (7.1.4 to 7.1.6,
 *  Status Register Memory Protection with CMP = 0). */
export function protects(status1: number, offset: number, length: number): boolean {
  const level = (status1 >> 2) & 7;
  if (level === 0) return false;
  const fine = (status1 & 0x40) !== 0;
  const unit = fine ? SECTOR_BYTES : 65536;
  const top = fine ? Math.min(level, 4) : level;
  const size = level === 7 ? FLASH_BYTES : unit << (top - 1);
  const bottom = (status1 & 0x20) !== 0;
  return bottom ? offset < size : offset + length > FLASH_BYTES - size;
}
