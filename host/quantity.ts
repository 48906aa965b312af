// Quantities in words a person reads: prefixed units, durations, rounded densities.

/** A number with up to `digits` significant digits, without an exponent or trailing zeros. */
export function significant(value: number, digits: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const places = Math.max(0, Math.min(20, digits - 1 - Math.floor(Math.log10(Math.abs(value)))));
  const text = value.toFixed(places);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

function prefixed(value: number, unit: string, prefixes: readonly [number, string][]): string {
  const size = Math.abs(value);
  const fits = prefixes.find(([scale]) => size >= scale * 0.9995) ?? prefixes[prefixes.length - 1];
  return `${significant(value / fits[0], 4)} ${fits[1]}${unit}`;
}

const SMALL: readonly [number, string][] = [
  [1, ""],
  [1e-3, "m"],
  [1e-6, "µ"],
  [1e-9, "n"],
  [1e-12, "p"],
];

/** A current, from pA to A. */
export function amperes(value: number): string {
  return value === 0 ? "0 A" : prefixed(value, "A", SMALL);
}

/** A voltage, from µV to V. */
export function volts(value: number): string {
  return value === 0 ? "0 V" : prefixed(value, "V", SMALL.slice(0, 3));
}

/** A duration of `seconds` such as "2 h 5 min" or "12 s"; from a day up with days. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor((minutes % 1440) / 60), "h"],
    [minutes % 60, "min"],
  ] as const;
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .slice(0, 2)
    .join(" ");
}

/** Clock-like test time such as "05:12:09"; hours go on above 24. */
export function testTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/** Rounded to 1e-6; per-area values carry no more. */
export function micro(value: number): number {
  const rounded = Math.round(value * 1e6) / 1e6;
  return rounded === 0 ? 0 : rounded;
}

/** Current density, mA/cm², of a current in pA on an area in cm²; rounded to 1e-6. */
export function density(currentPa: number, areaCm2: number): number {
  return micro((currentPa * 1e-9) / areaCm2);
}

/** A current density with at least one decimal: levels read 3.0, not 3. */
export function level(maCm2: number): string {
  return Number.isInteger(maCm2) ? maCm2.toFixed(1) : significant(maCm2, 4);
}

/** A number of steps. */
export function counted(steps: number): string {
  return `${steps} ${steps === 1 ? "step" : "steps"}`;
}
