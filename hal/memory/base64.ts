// Base 64 (RFC 4648, section 4), for platforms without one of their own.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The bytes in base 64, padded. */
export function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const second = left > 1 ? bytes[at + 1] : 0;
    const third = left > 2 ? bytes[at + 2] : 0;
    const bits = (bytes[at] << 16) | (second << 8) | third;
    text += DIGITS[bits >> 18] + DIGITS[(bits >> 12) & 63];
    text += left > 1 ? DIGITS[(bits >> 6) & 63] : "=";
    text += left > 2 ? DIGITS[bits & 63] : "=";
  }
  return text;
}
