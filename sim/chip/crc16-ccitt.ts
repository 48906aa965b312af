// CRC-16 with the polynomial x^16 + x^12 + x^5 + 1, initial value FFFFh, most significant bit
// first (SBAS751B, 8.3.13).

const POLYNOMIAL = 0x1021;

/** CRC of the first `length` bytes. */
export function crc16(bytes: ArrayLike<number>, length: number): number {
  let crc = 0xffff;
  for (let i = 0; i < length; i++) {
    crc ^= (bytes[i] & 0xff) << 8;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ POLYNOMIAL) & 0xffff : (crc << 1) & 0xffff;
    }
  }
  return crc;
}
