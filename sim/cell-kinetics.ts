// Slow kinetics of an electrode: vacancies, voids, reservoir, interphase and filament, on the
// mechanism of Cao et al., Adv. Energy Mater. 12 (2022) 2102579, eqs. (1) and (2): metal is
// consumed at i / effective area and replenished by creep and diffusion; the rest becomes voids.
// All constants are calibrated on that paper unless marked assumed.

import type { Cell, Electrode, StepFactors } from "./cell-state.ts";
import { gaussian } from "./random.ts";
import type { Stream } from "./random.ts";

/** Force of the paper's crimping press, 0.6 tonne-force: pressure enters relative to it. */
const REFERENCE_FORCE_N = 5880;
/** The paper's pellet; growth per charge is taken per absolute length (assumed). */
const REFERENCE_THICKNESS_CM = 0.162;
/** Voids made per excess current when stripping, 1 per (mA/cm2 h). */
const VOIDING = 6.4;
/** Voids sealed in by plating around them, 1 per (mAh/cm2). */
const OCCLUSION = 12.15;
/** Vacancies diffuse away, 1/h. */
const VACANCY_LOSS_PER_H = 0.00149;
/** Stripping metal plated just before does little harm: weight, centre and width, mAh/cm2. */
const VIRGIN_FLOOR = 0.00165;
const VIRGIN_CENTRE = 0.03;
const VIRGIN_WIDTH = 0.006;
/** Width of the onset of void formation, mA/cm2. */
const ONSET_MA_CM2 = 0.01;
/** Filament: onset current density, growth per charge, exponent, focusing by lost contact. */
const FILAMENT_ONSET_MA_CM2 = 1.915;
const FILAMENT_PER_MAH_CM2 = 0.383;
const FILAMENT_POWER = 0.5967;
const FILAMENT_FOCUS = 0.6508;
const FILAMENT_MAX = 1.2;
const FILAMENT_STEP_MAX = 0.5;
const LOSS_MAX = 9;
const RESERVOIR_LOSS_MAX = 8;
/** Share of the contact's resistance that is charge transfer. */
const TRANSFER_SHARE = 0.369;
const INTERPHASE_H = 60;
/** Correlation time of the contact fluctuation (assumed). */
const FLUCTUATION_H = 0.17;
const FORCE_H = 20;
const SUB_STEP_CHANGE = 0.2;
const SUB_STEPS_MAX = 60;

export function createElectrode(): Electrode {
  return {
    depletion: 0,
    contact: 1,
    filament: 0,
    interphaseOhmCm2: 0,
    fluctuation: 0,
    loss: 0,
    interfaceOhmCm2: 0,
    seriesOhmCm2: 0,
    twiceExchangeMaCm2: 0,
    overpotentialMv: 0,
  };
}

/** Exponentials of a step of `hours`: they change with its length and the temperature only. */
export function prepareFactors(factors: StepFactors, hours: number, creep: number): void {
  const loss = VACANCY_LOSS_PER_H * creep * hours;
  factors.hours = hours;
  factors.depletionKept = Math.exp(-loss);
  factors.depletionLost = -Math.expm1(-loss);
  factors.interphaseKept = Math.exp(-hours / INTERPHASE_H);
  factors.fluctuationKept = Math.exp(-hours / FLUCTUATION_H);
  factors.fluctuationSpread = Math.sqrt(-Math.expm1((-2 * hours) / FLUCTUATION_H));
  factors.fastForceKept = Math.exp(-2 * creep * hours);
  factors.slowForceKept = Math.exp((-creep * hours) / FORCE_H);
}

/** One grid step of an electrode at current density `j`, mA/cm2, positive = stripping. Divided
 *  further where voids would change much within it. */
export function stepElectrode(cell: Cell, e: Electrode, j: number, noise: Stream): void {
  const factors = cell.factors;
  const rate = (Math.abs(j) * (VOIDING + OCCLUSION)) / cell.composition.voidArea;
  const wanted = 1 + Math.floor((rate * factors.hours) / SUB_STEP_CHANGE);
  const steps = Math.min(wanted, SUB_STEPS_MAX);
  if (steps === 1) subStep(cell, e, j, factors.hours, factors.depletionLost);
  else {
    const hours = factors.hours / steps;
    const lost = -Math.expm1(-VACANCY_LOSS_PER_H * cell.thermal.creep * hours);
    for (let i = 0; i < steps; i++) subStep(cell, e, j, hours, lost);
  }
  const goal = cell.composition.interphaseOhmCm2;
  e.interphaseOhmCm2 = goal + (e.interphaseOhmCm2 - goal) * factors.interphaseKept;
  if (cell.noise > 0) fluctuate(cell, e, noise);
  refreshInterface(cell, e);
}

function subStep(cell: Cell, e: Electrode, j: number, hours: number, lost: number): void {
  const law = cell.composition;
  const creep = cell.thermal.creep;
  const pressure = cell.forceN / REFERENCE_FORCE_N;
  const before = e.depletion;
  e.depletion += (j / (VACANCY_LOSS_PER_H * creep) - before) * lost;
  const making = voiding(cell, e, j, (before + e.depletion) / 2, creep * pressure);
  const healing = law.healingPerH * creep * pressure;
  const balance = healing / (making + healing);
  e.contact = balance + (e.contact - balance) * Math.exp(-(making + healing) * hours);
  e.loss = totalLoss(cell, e);
  if (j < 0) growFilament(cell, e, -j, hours);
}

/** Rate at which contact is lost, 1/h: by stripping faster than metal is replenished, or by
 *  plating around voids that are there. At rest only healing is left. */
function voiding(cell: Cell, e: Electrode, j: number, depletion: number, pace: number): number {
  if (j === 0) return 0;
  const law = cell.composition;
  const virgin = 1 / (1 + Math.exp(-(depletion - VIRGIN_CENTRE) / VIRGIN_WIDTH));
  const weight = VIRGIN_FLOOR + (1 - VIRGIN_FLOOR) * virgin;
  if (j < 0) return OCCLUSION * weight * (-j / law.voidArea) * (1 - e.contact);
  return VOIDING * weight * softPlus(j / law.voidArea - law.replenishMaCm2 * pace);
}

/** max(x, 0) with a rounded corner. */
function softPlus(x: number): number {
  if (x > 20 * ONSET_MA_CM2) return x;
  if (x < -20 * ONSET_MA_CM2) return 0;
  return ONSET_MA_CM2 * Math.log1p(Math.exp(x / ONSET_MA_CM2));
}

/** Lasting voids, the Weibull-distributed local reservoir running dry, and fluctuation. */
function totalLoss(cell: Cell, e: Electrode): number {
  const law = cell.composition;
  const drawn = e.depletion / law.reservoirMahCm2;
  let loss = e.fluctuation - Math.log(e.contact);
  if (drawn > 1e-4) loss += Math.min(Math.pow(drawn, law.reservoirShape), RESERVOIR_LOSS_MAX);
  return Math.min(Math.max(loss, 0), LOSS_MAX);
}

/** Plating at `j` (positive here): growth per charge once the local current density, focused
 *  by lost contact, passes its onset. */
function growFilament(cell: Cell, e: Electrode, j: number, hours: number): void {
  const local = (j / cell.composition.reactionArea) * Math.exp(FILAMENT_FOCUS * e.loss);
  if (local <= FILAMENT_ONSET_MA_CM2) return;
  const excess = Math.pow(local / FILAMENT_ONSET_MA_CM2 - 1, FILAMENT_POWER);
  const thickness = cell.thicknessCm / REFERENCE_THICKNESS_CM;
  const growth = (FILAMENT_PER_MAH_CM2 * j * hours * excess) / thickness;
  e.filament = Math.min(e.filament + Math.min(growth, FILAMENT_STEP_MAX), FILAMENT_MAX);
}

/** Ornstein-Uhlenbeck step; its spread grows with the contact already lost. */
function fluctuate(cell: Cell, e: Electrode, noise: Stream): void {
  const sd = cell.noise * cell.composition.noiseShare * (1 - e.contact);
  const kick = sd * cell.factors.fluctuationSpread * gaussian(noise);
  e.fluctuation = e.fluctuation * cell.factors.fluctuationKept + kick;
}

/** Resistances of the interface from its state: contact resistance over contact fraction, of
 *  which a share is Butler-Volmer charge transfer, plus interphase. */
export function refreshInterface(cell: Cell, e: Electrode): void {
  const heat = cell.thermal.interface;
  const contact = cell.composition.contactOhmCm2 * Math.exp(e.loss) * heat;
  e.seriesOhmCm2 = contact * (1 - TRANSFER_SHARE) + e.interphaseOhmCm2 * heat;
  e.twiceExchangeMaCm2 = (2 * cell.thermal.voltageMv) / (contact * TRANSFER_SHARE);
  e.interfaceOhmCm2 = contact + e.interphaseOhmCm2 * heat;
}
