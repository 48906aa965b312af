// MB85RC256V, 32 kB FRAM on I2C (Fujitsu DS501-00017): no erase, no write time, 1e12 cycles. Works
// on buses that complete inside the call; on others `read` reports a fault.
import type { I2c, Memory, MemoryAreas, Part } from "../port.ts";

/** Bytes a transaction, small enough for every bus driver's buffer. */
const CHUNK = 32;

/** The memory at `address` (0x50 to 0x57); `crc32` is the platform's fastest. */
export function createFram(
  i2c: I2c,
  address: number,
  areas: MemoryAreas,
  crc32: (bytes: Uint8Array) => number,
): Memory & Part {
  const pointer = new Uint8Array(2);
  const packet = new Uint8Array(2 + CHUNK);
  const reading: { into: Uint8Array; at: number; ok: boolean } = {
    into: pointer,
    at: 0,
    ok: false,
  };
  const onBytes = (bytes: ArrayLike<number> | null): void => {
    if (bytes === null) return;
    for (let i = 0; i < bytes.length; i++) reading.into[reading.at + i] = bytes[i];
    reading.ok = true;
  };
  const readChunk = (offset: number, count: number): boolean => {
    pointer[0] = offset >> 8;
    pointer[1] = offset & 255;
    reading.ok = false;
    if (!i2c.write(address, pointer)) return false;
    i2c.read(address, -1, count, onBytes);
    return reading.ok;
  };
  return {
    areas,
    crc32,
    // Nothing outlives a call.
    state: {},
    tasks: [onBytes],
    read: (offset, into) => {
      reading.into = into;
      for (let at = 0; at < into.length; at += CHUNK) {
        reading.at = at;
        if (!readChunk(offset + at, Math.min(CHUNK, into.length - at))) return false;
      }
      return true;
    },
    program: (offset, bytes) => {
      for (let at = 0; at < bytes.length; at += CHUNK) {
        const count = Math.min(CHUNK, bytes.length - at);
        packet[0] = (offset + at) >> 8;
        packet[1] = (offset + at) & 255;
        for (let i = 0; i < count; i++) packet[2 + i] = bytes[at + i];
        if (!i2c.write(address, packet.subarray(0, 2 + count))) return false;
      }
      return true;
    },
  };
}
