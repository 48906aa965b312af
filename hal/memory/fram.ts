// MB85RC256V, 32 kB FRAM on I2C (Fujitsu DS501-00017): no erase, no write time, 1e12 cycles. Works
// on buses that complete inside the call; on others `read` reports a fault.
import type { BytesDone, I2c, Memory, MemoryAreas, Part } from "../port.ts";

/** Bytes a transaction, small enough for every bus driver's buffer. */
const CHUNK = 32;

/** The memory, and the read that is under way: nothing outlives a call, so the state is empty. */
interface Fram extends Memory, Part {
  into: Uint8Array;
  at: number;
  ok: boolean;
  onBytes: BytesDone;
}

/** The memory at `address` (0x50 to 0x57); `crc32` is the platform's fastest. */
export function createFram(
  i2c: I2c,
  address: number,
  areas: MemoryAreas,
  crc32: (bytes: Uint8Array) => number,
): Memory & Part {
  const packet = new Uint8Array(2 + CHUNK); // both address bytes, then what is programmed
  const chip = { areas, crc32, state: {}, into: packet, at: 0, ok: false } as Fram;
  const point = (offset: number): void => {
    packet[0] = offset >> 8;
    packet[1] = offset & 255;
  };
  chip.onBytes = (bytes) => {
    if (bytes === null) return;
    for (let i = 0; i < bytes.length; i++) chip.into[chip.at + i] = bytes[i];
    chip.ok = true;
  };
  chip.read = (offset, into) => {
    chip.into = into;
    for (chip.at = 0; chip.at < into.length; chip.at += CHUNK) {
      point(offset + chip.at);
      chip.ok = false;
      if (!i2c.write(address, packet.subarray(0, 2))) return false;
      i2c.read(address, -1, Math.min(CHUNK, into.length - chip.at), chip.onBytes);
      if (!chip.ok) return false;
    }
    return true;
  };
  chip.program = (offset, bytes) => {
    for (let at = 0; at < bytes.length; at += CHUNK) {
      const count = Math.min(CHUNK, bytes.length - at);
      point(offset + at);
      packet.set(bytes.subarray(at, at + count), 2);
      if (!i2c.write(address, packet.subarray(0, 2 + count))) return false;
    }
    return true;
  };
  return chip;
}
