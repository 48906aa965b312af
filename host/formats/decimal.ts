// Whole numbers of a small unit as exact decimals of a large one: what the channel counted is what
// stands in the file, without the noise of binary fractions.

/** `whole` x 10^-`digits` as the shortest exact decimal; "" for what is no number. */
export function decimal(whole: number, digits: number): string {
  if (!Number.isFinite(whole)) return "";
  const rounded = BigInt(Math.round(whole));
  const text = String(rounded < 0n ? -rounded : rounded).padStart(digits + 1, "0");
  const point = text.length - digits;
  const fraction = text.slice(point).replace(/0+$/, "");
  const size = fraction === "" ? text.slice(0, point) : `${text.slice(0, point)}.${fraction}`;
  return rounded < 0n ? `-${size}` : size;
}
