// What an intact pellet resists, from the cell file: the yardstick of the physical rules.
import type { Config } from "./config.ts";
import { ACTIVATION_ENERGY_EV, AREA_UNCERTAINTY, CONDUCTIVITY_S_PER_CM } from "./config.ts";
import { CONDUCTIVITY_UNCERTAINTY, THICKNESS_CM, THICKNESS_UNCERTAINTY } from "./config.ts";

/** Boltzmann's constant, eV/K. */
const BOLTZMANN = 8.617333262e-5;
const KELVIN = 273.15;
const ROOM_K = 298.15;
/** Temperature reading, relative to a resistance: 0.5 K at 3.9 %/K. */
const TEMPERATURE_SHARE = 0.02;

/** ln of resistance at `temperature` (°C) over that at 25 °C (Arrhenius). */
export function warmth(cell: Config, temperature: number): number {
  return (cell[ACTIVATION_ENERGY_EV] / BOLTZMANN) * (1 / (temperature + KELVIN) - 1 / ROOM_K);
}

/** Areal resistance L/σ of the pellet, Ω cm², where its `warmth` is `warm`; σ is given at 25 °C. */
export function pellet(cell: Config, warm: number): number {
  return (cell[THICKNESS_CM] / cell[CONDUCTIVITY_S_PER_CM]) * Math.exp(warm);
}

/** Relative uncertainty of the pellet's resistance (1 sigma). */
export function uncertainty(cell: Config): number {
  const thickness = cell[THICKNESS_UNCERTAINTY] * cell[THICKNESS_UNCERTAINTY];
  const conductivity = cell[CONDUCTIVITY_UNCERTAINTY] * cell[CONDUCTIVITY_UNCERTAINTY];
  const area = cell[AREA_UNCERTAINTY] * cell[AREA_UNCERTAINTY];
  const temperature = TEMPERATURE_SHARE * TEMPERATURE_SHARE;
  return Math.sqrt(thickness + conductivity + area + temperature);
}
