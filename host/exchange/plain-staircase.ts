// A staircase spelt out: each level's half cycles as steps of current.
import type { CcdStep } from "../protocol/form.ts";
import type { Ground, PlainStep } from "./plain.ts";
import { area, lose, tidy } from "./plain.ts";

/** Levels that a staircase may be spelt out to. */
const LEVELS_MAX = 1000;

function levelsOf({ startMaCm2, stepMaCm2, factor, maxMaCm2 }: CcdStep): number[] {
  const levels: number[] = [];
  for (let i = 0; i < LEVELS_MAX; i++) {
    const level =
      factor === undefined ? startMaCm2 + i * (stepMaCm2 ?? 0) : startMaCm2 * factor ** i;
    if (level > maxMaCm2 * (1 + 1e-9)) break;
    levels.push(tidy(level));
  }
  return levels;
}

/** The steps of a staircase; `from` is the index of the first among the plain ones. */
export function ccdSteps(ground: Ground, source: CcdStep, at: number, from: number): PlainStep[] {
  const cm2 = area(ground, at);
  const [low, high] = source.voltageWindowV ?? ground.cell?.voltageWindowV ?? [-Infinity, Infinity];
  lose(
    ground,
    at,
    "a short or the end of the voltage window ends the staircase; here it climbs on",
  );
  const steps: PlainStep[] = [];
  const twoWay = source.direction !== "one-way";
  for (const level of levelsOf(source)) {
    const first = from + steps.length;
    for (const sign of twoWay ? [1, -1] : [1]) {
      const mA = tidy(sign * level * cm2);
      const charge = source.arealChargeMahCm2;
      const end =
        charge === undefined ? { timeS: source.halfCycleS } : { chargeMah: tidy(charge * cm2) };
      const volts = sign > 0 ? high : low;
      if (source.restS !== undefined && source.restS > 0 && steps.length > 0) {
        steps.push({ kind: "rest", at, timeS: source.restS });
      }
      const window = Number.isFinite(volts) ? { volts } : {};
      steps.push({ kind: "current", at, current: { mA }, ...end, ...window } as PlainStep);
    }
    const count = source.cyclesPerLevel ?? 1;
    if (count > 1) steps.push({ kind: "loop", at, to: first, named: false, count });
  }
  return steps;
}
