// What an intact pellet resists, from the cell file: the yardstick of the physical rules.
import type { CellConfig } from "./config.ts";

/** Boltzmann's constant, eV/K. */
const BOLTZMANN = 8.617333262e-5;
const KELVIN = 273.15;
const ROOM_K = 298.15;
/** Temperature reading, relative to a resistance: 0.5 K at 3.9 %/K. */
const TEMPERATURE_SHARE = 0.02;

/** ln of resistance at `temperature` (°C) over that at 25 °C (Arrhenius). */
export function warmth(cell: CellConfig, temperature: number): number {
  return (cell.activationEnergyEv / BOLTZMANN) * (1 / (temperature + KELVIN) - 1 / ROOM_K);
}

/** Areal resistance L/σ of the pellet, Ω cm², where its `warmth` is `warm`; σ is given at 25 °C. */
export function pellet(cell: CellConfig, warm: number): number {
  return (cell.thicknessCm / cell.conductivitySPerCm) * Math.exp(warm);
}

/** Relative uncertainty of the pellet's resistance (1 sigma). */
export function uncertainty(cell: CellConfig): number {
  const thickness = cell.thicknessUncertainty * cell.thicknessUncertainty;
  const conductivity = cell.conductivityUncertainty * cell.conductivityUncertainty;
  const area = cell.areaUncertainty * cell.areaUncertainty;
  const temperature = TEMPERATURE_SHARE * TEMPERATURE_SHARE;
  return Math.sqrt(thickness + conductivity + area + temperature);
}
