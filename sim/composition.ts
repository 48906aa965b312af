// From what an anode is made of to the constants of its interface. One set of laws for all
// compositions, calibrated on about twenty figures of Cao et al., Adv. Energy Mater. 12 (2022)
// 2102579 (interface resistances, critical currents, times to short or to 0.2 V). The constants
// correlate strongly: a calibration, no material data base.

/** Anodes by name, or a hybrid of NZSP powder in sodium by its mass ratio (0 = bare sodium). */
export type Anode = "bareNa" | "hNa" | "SnO2Na" | "ZrO2Na" | { nzspToNaMassRatio: number };

/** Constants of one interface at 25 degC and 5880 N. */
export interface Composition {
  /** Resistance of the intact contact, ohm cm2. */
  contactOhmCm2: number;
  /** Effective over geometric area: for the reaction, and for taking metal from the anode. */
  reactionArea: number;
  voidArea: number;
  /** Current density that creep and diffusion can replenish, mA/cm2 of `voidArea`. */
  replenishMaCm2: number;
  /** Rate at which creep closes voids, 1/h. */
  healingPerH: number;
  /** Scale, mAh/cm2, and Weibull shape of the metal within reach of the electrolyte. */
  reservoirMahCm2: number;
  reservoirShape: number;
  /** Final resistance of the interphase, and of slow transport, ohm cm2. */
  interphaseOhmCm2: number;
  warburgOhmCm2: number;
  /** Double layer, F/cm2. */
  doubleLayerFCm2: number;
  /** How much of `sim.noise` reaches this contact: hybrids have many junctions in parallel
   *  (assumed; keeps them within the paper's 25 mV at 0.5 mA/cm2). */
  noiseShare: number;
}

const NZSP_G_CM3 = 3.2;
const SODIUM_G_CM3 = 0.968;
const H_NA_RATIO = 1 / 5;
/** Filler of the oxide anodes, volume fraction (assumed; SnO2 mostly turns into alloy). */
const ZRO2_FRACTION = 0.057;
const SNO2_FRACTION = 0.0025;

// Calibrated law constants.
const VOID_AREA_GAIN = 542;
const VOID_AREA_SATURATION = 0.0338;
const HARDENING_FRACTION = 0.0645;
const REPLENISH_MA_CM2 = 0.1013;
const HEALING_BARE_PER_H = 0.0203;
const HEALING_WETTED_PER_H = 0.408;

/** Volume fraction of NZSP in a mixture of `ratio` parts by mass to one of sodium. */
export function nzspFraction(ratio: number): number {
  const nzsp = ratio / NZSP_G_CM3;
  return nzsp / (nzsp + 1 / SODIUM_G_CM3);
}

/** Constants of an anode. Throws a RangeError on a negative or non-finite mass ratio. */
export function compose(anode: Anode): Composition {
  if (anode === "bareNa") return composed(0, 0, 0);
  if (anode === "SnO2Na") return composed(1, 0, SNO2_FRACTION);
  if (anode === "ZrO2Na") return composed(1, 0, ZRO2_FRACTION);
  const ratio = anode === "hNa" ? H_NA_RATIO : anode.nzspToNaMassRatio;
  if (!(ratio >= 0 && ratio < Infinity)) {
    throw new RangeError("cell: nzspToNaMassRatio must be a number from 0 up, not " + ratio);
  }
  const fraction = nzspFraction(ratio);
  return ratio === 0 ? composed(0, 0, 0) : composed(1, fraction, fraction);
}

/** `wetted` 0 or 1; volume fractions of filler that conducts ions, and that hardens. Areas grow
 *  with the ionic filler and saturate; creep (replenishment, healing) falls with the hard one. */
function composed(wetted: number, ionic: number, hard: number): Composition {
  const wetting = 0.5 + 0.5 * wetted;
  const reactionArea = wetting * (1 + (18 * ionic) / (1 + ionic / 0.13));
  const softness = Math.exp(-hard / HARDENING_FRACTION);
  const healing = wetted === 0 ? HEALING_BARE_PER_H : HEALING_WETTED_PER_H;
  const reservoir = wetted === 0 ? [1.969, 3.432] : ionic > 0 ? [1.067, 12.6] : [0.854, 4];
  return {
    contactOhmCm2: 6 / reactionArea,
    reactionArea,
    voidArea: wetting * (1 + (VOID_AREA_GAIN * ionic) / (1 + ionic / VOID_AREA_SATURATION)),
    replenishMaCm2: REPLENISH_MA_CM2 * softness,
    healingPerH: healing * softness,
    reservoirMahCm2: reservoir[0],
    reservoirShape: reservoir[1],
    interphaseOhmCm2: wetted === 0 ? 2 : 1,
    warburgOhmCm2: wetted === 0 ? 2.9 : 0.1,
    doubleLayerFCm2: 8e-6 * (1 + 0.7 * (reactionArea - 0.5)),
    noiseShare: ionic > 0 ? 0.2 : 1,
  };
}
