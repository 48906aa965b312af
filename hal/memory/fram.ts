// MB85RC256V, 32 kB FRAM on I2C (Fujitsu DS501-00017): no erase, no write time, 1e12 cycles. Works
// on buses that complete inside the call; on others `read` reports a fault.
import type { I2c, Memory, MemoryAreas, Part } from "../port.ts";

/** Bytes a transaction, small enough for every bus driver's buffer. */
const CHUNK = 32;

interface Reading {
  readonly i2c: I2c;
  readonly address: number;
  /** Both address bytes, then what is programmed. */
  readonly packet: Uint8Array;
  readonly pointer: Uint8Array;
  into: Uint8Array;
  at: number;
  ok: boolean;
  onBytes: (bytes: ArrayLike<number> | null) => void;
}

function keep(chip: Reading, bytes: ArrayLike<number> | null): void {
  if (bytes === null) return;
  for (let i = 0; i < bytes.length; i++) chip.into[chip.at + i] = bytes[i];
  chip.ok = true;
}

function readChunk(chip: Reading, offset: number): boolean {
  chip.pointer[0] = (offset + chip.at) >> 8;
  chip.pointer[1] = (offset + chip.at) & 255;
  chip.ok = false;
  if (!chip.i2c.write(chip.address, chip.pointer)) return false;
  chip.i2c.read(chip.address, -1, Math.min(CHUNK, chip.into.length - chip.at), chip.onBytes);
  return chip.ok;
}

function programChunk(chip: Reading, offset: number, bytes: Uint8Array): boolean {
  const packet = chip.packet;
  packet[0] = offset >> 8;
  packet[1] = offset & 255;
  for (let i = 0; i < bytes.length; i++) packet[2 + i] = bytes[i];
  return chip.i2c.write(chip.address, packet.subarray(0, 2 + bytes.length));
}

function createReading(i2c: I2c, address: number): Reading {
  const packet = new Uint8Array(2 + CHUNK);
  const chip = { i2c, address, packet, pointer: new Uint8Array(2), into: packet } as Reading;
  chip.onBytes = (bytes) => keep(chip, bytes);
  return chip;
}

/** The memory at `address` (0x50 to 0x57); `crc32` is the platform's fastest. */
export function createFram(
  i2c: I2c,
  address: number,
  areas: MemoryAreas,
  crc32: (bytes: Uint8Array) => number,
): Memory & Part {
  const chip = createReading(i2c, address);
  return {
    areas,
    crc32,
    // Nothing outlives a call.
    state: {},
    onBytes: chip.onBytes,
    read: (offset, into) => {
      chip.into = into;
      for (chip.at = 0; chip.at < into.length; chip.at += CHUNK) {
        if (!readChunk(chip, offset)) return false;
      }
      return true;
    },
    program: (offset, bytes) => {
      for (let at = 0; at < bytes.length; at += CHUNK) {
        const end = Math.min(at + CHUNK, bytes.length);
        if (!programChunk(chip, offset + at, bytes.subarray(at, end))) return false;
      }
      return true;
    },
  };
}
