// What a schema cannot say about the staircase of a critical-current-density test: which keys
// exclude each other, and how their numbers have to fit.
import { InputError } from "./input-error.ts";
import type { CcdStep } from "./protocol/form.ts";

const LEVELS_MAX = 10_000;

function exactlyOne(step: CcdStep, keys: readonly (keyof CcdStep)[], path: string): void {
  const given = keys.filter((key) => step[key] !== undefined);
  if (given.length === 1) return;
  throw new InputError(`${path}: a ccd step needs exactly one of ${keys.join(", ")}`);
}

function checkLevels(step: CcdStep, path: string): void {
  const { startMaCm2, stepMaCm2, factor = 1, maxMaCm2 } = step;
  const geometric = stepMaCm2 === undefined;
  const last = geometric
    ? Math.log(maxMaCm2 / startMaCm2) / Math.log(factor)
    : (maxMaCm2 - startMaCm2) / stepMaCm2;
  const levels = Math.floor(last) + 1;
  if (levels <= LEVELS_MAX) return;
  throw new InputError(
    `${path}.${geometric ? "factor" : "stepMaCm2"}: ${stepMaCm2 ?? factor} makes ${levels} ` +
      `levels; accepted: what makes up to ${LEVELS_MAX} levels`,
  );
}

/** Throws InputError, with `path` before the key, for a staircase that cannot be climbed. */
export function checkCcd(step: CcdStep, path: string): void {
  exactlyOne(step, ["arealChargeMahCm2", "halfCycleS"], path);
  exactlyOne(step, ["stepMaCm2", "factor"], path);
  if (step.maxMaCm2 < step.startMaCm2) {
    throw new InputError(
      `${path}.maxMaCm2: ${step.maxMaCm2} is less than startMaCm2; accepted: at least ` +
        `${step.startMaCm2}`,
    );
  }
  checkLevels(step, path);
  const window = step.voltageWindowV;
  if (window !== undefined && window[0] >= window[1]) {
    throw new InputError(
      `${path}.voltageWindowV: [${window[0]}, ${window[1]}] is empty; accepted: ` +
        "[lowest, highest] in V",
    );
  }
}
