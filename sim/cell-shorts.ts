// Metal bridges: nucleation once a filament nearly spans the pellet, growth, burn-out, and the
// latch into a lasting hard short. The paper gives no figures for these; all are assumed, so
// that soft shorts last seconds to minutes and come hours to minutes before the hard one.

import type { Cell, Electrode, Short } from "./cell-state.ts";
import { gaussian, uniform } from "./random.ts";
import type { Stream } from "./random.ts";

/** Filament lengths over the pellet's thickness. */
const NEAR = 0.95;
const SPANNED = 1;
const NUCLEATION_NEAR_PER_S = 1 / 1800;
const NUCLEATION_SPANNED_PER_S = 1 / 20;
/** A new bridge, mS/cm2, and its spread (log-normal). */
const NEW_MS_CM2 = 2;
const NEW_SPREAD = 0.9;
/** Growth per mA/cm2 and second, and its random part per square root of ten seconds. */
const GROWTH_SPANNED_PER_S = 1 / 60;
const GROWTH_NEAR_PER_S = 1 / 2400;
const GROWTH_SPREAD = 0.15;
/** A bridge fuses up to this conductance, mS/cm2, at a rate that rises with its own heat V^2 G,
 *  counted in units of 50 uW/cm2; once a filament spans, metal fills in behind. */
const FUSE_MAX_MS_CM2 = 60;
const FUSE_S = 240;
const HEAT_UNIT = 0.05;
const FUSE_COLD = 0.3;
const FUSE_SPANNED = 0.05;
/** Above this heat it melts however well it spans: what keeps a full cell, with 3.4 V across its
 *  bridges, going for months where a symmetric one shorts within the hour. */
const MELTS_ABOVE = 60;
/** Every fused bridge leaves metal in its path; after so many the next one fuses e times slower. */
const WEAR_BRIDGES = 20;
const LATCH_SPANNED_MS_CM2 = 60;
const LATCH_MS_CM2 = 200;
/** A fused bridge takes a little of its filament with it, the more the hotter it was. */
const SETBACK = 0.0005;
const SETBACK_SPREAD = 0.002;
const SETBACK_HEAT = 8;
const HARD_MS_CM2 = 300;
const HARD_SPREAD = 0.35;

export function createShort(): Short {
  return {
    state: 0,
    conductanceMsCm2: 0,
    bridges: 0,
    burnOuts: 0,
    spannedAtS: -1,
    spannedAtCurrentMaCm2: -1,
    firstBridgeAtS: -1,
    firstBridgeAtCurrentMaCm2: -1,
    latchedAtS: -1,
    latchedAtCurrentMaCm2: -1,
  };
}

/** One grid step of `dtS`, after the kinetics. Draws depend on cell time and state only. */
export function stepShort(cell: Cell, dtS: number, stream: Stream): void {
  const longest = cell.a.filament > cell.b.filament ? cell.a : cell.b;
  const short = cell.short;
  if (longest.filament < NEAR) return;
  const current = (Math.abs(cell.currentA) / cell.areaCm2) * 1000;
  if (longest.filament >= SPANNED && short.spannedAtS < 0) {
    short.spannedAtS = cell.timeS;
    short.spannedAtCurrentMaCm2 = current;
  }
  if (!cell.shorts || short.state === 3) return;
  if (short.conductanceMsCm2 === 0) nucleate(cell, longest, current, dtS, stream);
  else growOrFuse(cell, longest, current, dtS, stream);
}

function nucleate(cell: Cell, e: Electrode, current: number, dtS: number, stream: Stream): void {
  const near = ((e.filament - NEAR) / (1 - NEAR)) * NUCLEATION_NEAR_PER_S;
  const rate = e.filament >= SPANNED ? NUCLEATION_SPANNED_PER_S : near;
  if (uniform(stream) >= -Math.expm1(-rate * dtS)) return;
  const short = cell.short;
  short.state = 1;
  short.conductanceMsCm2 = NEW_MS_CM2 * Math.exp(NEW_SPREAD * gaussian(stream));
  short.bridges++;
  if (short.firstBridgeAtS >= 0) return;
  short.firstBridgeAtS = cell.timeS;
  short.firstBridgeAtCurrentMaCm2 = current;
}

function growOrFuse(cell: Cell, e: Electrode, current: number, dtS: number, stream: Stream): void {
  const short = cell.short;
  const spanned = e.filament >= SPANNED;
  const rate = spanned ? GROWTH_SPANNED_PER_S : GROWTH_NEAR_PER_S;
  const chance = GROWTH_SPREAD * Math.sqrt(dtS / 10) * gaussian(stream);
  short.conductanceMsCm2 *= Math.exp(dtS * rate * (0.2 + current) + chance);
  const g = short.conductanceMsCm2;
  if ((spanned && g > LATCH_SPANNED_MS_CM2) || g > LATCH_MS_CM2) {
    short.state = 3;
    short.conductanceMsCm2 = HARD_MS_CM2 * Math.exp(HARD_SPREAD * gaussian(stream));
    short.latchedAtS = cell.timeS;
    short.latchedAtCurrentMaCm2 = current;
    return;
  }
  const heat = (cell.voltageV * cell.voltageV * g) / HEAT_UNIT;
  if (g >= FUSE_MAX_MS_CM2) return;
  if (uniform(stream) >= -Math.expm1(-fuseRate(short, heat, spanned) * dtS)) return;
  short.state = 0;
  short.conductanceMsCm2 = 0;
  short.burnOuts++;
  e.filament -= (SETBACK + SETBACK_SPREAD * uniform(stream)) * (1 + heat / SETBACK_HEAT);
}

/** 1/s. */
function fuseRate(short: Short, heat: number, spanned: boolean): number {
  const slow = (spanned ? FUSE_SPANNED : 1) * (FUSE_COLD + heat);
  const melting = heat > MELTS_ABOVE ? heat - MELTS_ABOVE : 0;
  return ((slow + melting) / FUSE_S) * Math.exp(-short.burnOuts / WEAR_BRIDGES);
}
