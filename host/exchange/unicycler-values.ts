// Figures of a unicycler protocol: numbers or texts of them; 0 is "not set" for what ends a step.
import { InputError } from "../input-error.ts";

/** Keys with figures as written, and where they stand: file and JSON path. */
export interface Figures {
  readonly values: Readonly<Record<string, unknown>>;
  readonly path: string;
}

/** The number under `key`; null = none is given. Its schema has been checked. */
export function figure({ values }: Figures, key: string): number | null {
  const value = values[key];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value.trim() === "") return null;
  return Number(value);
}

/** The same of a rate in C, with its fractions: "C/5" is 0.2, "D/2" is -0.5. */
export function rateFigure(figures: Figures, key: string): number | null {
  const value = figures.values[key];
  if (typeof value !== "string" || !value.includes("/")) return figure(figures, key);
  const [above, below] = value.replace(/\s/g, "").split("/");
  const size = above.replace(/[CD]/, "");
  const sign = above.includes("D") ? -1 : 1;
  const rate = (sign * (size === "" ? 1 : Number(size))) / Number(below);
  if (Number.isFinite(rate)) return rate;
  throw wrong(figures, key, "a rate other than a division by 0");
}

/** The number under `key`, which has to be there. */
export function needed(figures: Figures, key: string): number {
  const value = figure(figures, key);
  if (value !== null) return value;
  throw new InputError(`${figures.path}.${key}: missing; accepted: a number`);
}

/** The error for a figure that is not accepted. */
export function wrong(figures: Figures, key: string, accepted: string): InputError {
  const shown = JSON.stringify(figures.values[key]);
  return new InputError(`${figures.path}.${key}: ${shown} is not accepted; accepted: ${accepted}`);
}

/** `value`, which has to be more than 0 where it is given and not 0; null = not set. */
export function positive(figures: Figures, key: string): number | null {
  const value = figure(figures, key);
  if (value === null || value === 0) return null;
  if (value > 0) return value;
  throw wrong(figures, key, "more than 0");
}

/** The same, and it has to be there. */
export function neededPositive(figures: Figures, key: string): number {
  if (needed(figures, key) > 0) return needed(figures, key);
  throw wrong(figures, key, "more than 0");
}
