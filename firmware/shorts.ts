// Passive short detection from voltage, current, temperature and force: what one frame says.
import type { CellConfig } from "./config.ts";
import type { Rules } from "./features.ts";
import { FOUND_HARD, FOUND_OPEN } from "./findings.ts";
import type { Loop } from "./loop.ts";
import { LIVE } from "./loop.ts";
import { warmth } from "./pellet.ts";
import { bound, hard, weigh } from "./physical.ts";
import type { Sample } from "./sample.ts";
import { CURRENT_FAILED, TEMPERATURE_FAILED, VOLTAGE_FAILED } from "./sample.ts";
import type { Shorts } from "./shorts-state.ts";

/** After a change of direction or range the voltage is not the cell's answer yet, s. */
const BLANK_S = 0.2;
/** The present current must be what was asked for, or the quotient means nothing; hardly any, and
 *  a voltage beyond what cells of this kind have, is no cell but an open lead. */
const OBEYED = 0.5;
const OPEN_SHARE = 0.05;
const OPEN_V = 0.5;
const OPEN_FRAMES = 2;
/** Share of a new reading in the running reference. */
const REFERENCE_RATE = 0.02;

function blanked(sample: Sample, loop: Loop): boolean {
  if (loop.rung !== LIVE || sample.relay !== 1 || loop.setpoint === 0) return true;
  if (sample.status & (VOLTAGE_FAILED | CURRENT_FAILED | TEMPERATURE_FAILED)) return true;
  return sample.timeVoltage - loop.changedAt < BLANK_S;
}

/** A cell at its voltage limit that takes no current is no cell. */
function open(shorts: Shorts, sample: Sample, setpoint: number): number {
  const none = Math.abs(sample.current) < Math.abs(setpoint) * OPEN_SHARE;
  if (!none || Math.abs(sample.voltage) < OPEN_V) shorts.open = 0;
  else if (shorts.open < OPEN_FRAMES && ++shorts.open === OPEN_FRAMES) return FOUND_OPEN;
  return 0;
}

/** The hard rule alone, while an experiment moves current and voltage. */
export function detectHard(shorts: Shorts, sample: Sample, loop: Loop, cell: CellConfig): number {
  shorts.crossedAt = -1;
  const disobeyed = Math.abs(sample.current) < Math.abs(loop.setpoint) * OBEYED;
  if (blanked(sample, loop) || disobeyed) return 0;
  weigh(shorts, sample, cell);
  return hard(shorts, sample, Math.abs(sample.current) / cell.areaCm2);
}

/** Apparent resistance while healthy, at 25 °C: what a leak is reckoned from. */
function refer(shorts: Shorts): void {
  if (shorts.soft || shorts.relative.soft || !(shorts.apparent > shorts.least)) return;
  const step = shorts.apparent * Math.exp(-shorts.correction) - shorts.reference;
  shorts.reference += shorts.reference === 0 ? step : step * REFERENCE_RATE;
}

/** Judges one frame of half cycle number `halfCycle`: findings, 0 = nothing. `rules` are those that
 *  learn from the cell, null on a board without them. */
export function detect(
  shorts: Shorts,
  sample: Sample,
  loop: Loop,
  cell: CellConfig,
  halfCycle: number,
  rules: Rules | null,
): number {
  if (blanked(sample, loop)) {
    shorts.crossedAt = -1;
    return 0;
  }
  const opened = open(shorts, sample, loop.setpoint);
  if (Math.abs(sample.current) < Math.abs(loop.setpoint) * OBEYED) {
    shorts.crossedAt = -1;
    return opened;
  }
  const ionic = weigh(shorts, sample, cell);
  const density = Math.abs(sample.current) / cell.areaCm2;
  shorts.correction = warmth(cell, sample.temperature);
  let found = hard(shorts, sample, density);
  if (found & FOUND_HARD) return found;
  found |= bound(shorts, sample, ionic, density);
  if (rules !== null) {
    found |= rules.judge(shorts, sample, cell, loop.setpoint / cell.areaCm2, halfCycle);
  }
  refer(shorts);
  return found;
}
