// The ADS122C04's optional check of the bytes it sends (TI SBAS751B, section 8.3.13): each of them
// once more, inverted, or a CRC-16 behind them. The former costs an interpreter less.

// Field CRC of register 2, in place (section 8.6.2.3).
export const UNCHECKED = 0x00;
export const INVERTED = 0x10;
export const CRC16 = 0x20;

/** Bytes of a reply that brings `count` bytes of content. */
export function replyBytes(count: number, check: number): number {
  if (check === UNCHECKED) return count;
  return check === INVERTED ? 2 * count : count + 2;
}

/** CRC-16-CCITT, x^16 + x^12 + x^5 + 1 from FFFFh, a byte at a time. */
function crc16(bytes: ArrayLike<number>, count: number): number {
  let crc = 0xffff;
  for (let i = 0; i < count; i++) {
    let x = (crc >> 8) ^ bytes[i];
    x ^= x >> 4;
    crc = ((crc << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xffff;
  }
  return crc;
}

/** Whether the first `count` bytes of a reply agree with what follows them. */
export function intact(reply: ArrayLike<number>, count: number, check: number): boolean {
  if (check === UNCHECKED) return true;
  if (check === CRC16) return crc16(reply, count) === reply[count] * 256 + reply[count + 1];
  for (let i = 0; i < count; i++) if ((reply[i] ^ reply[i + count]) !== 0xff) return false;
  return true;
}
