// The default channel's circuit and memory map: what every board that carries it shares. Wiring and
// component values: docs/wiring.md.
import type { Envelope } from "../firmware/limits.ts";
import { ADS1115_COUNTS_MAX, ADS1115_VOLTS_PER_COUNT } from "../hal/adc/ads1115.ts";
import { AD5693R_CODE_MAX } from "../hal/dac/ad5693r.ts";
import { NAU7802_NEWTONS_PER_COUNT } from "../hal/loadcell/nau7802.ts";
import type { Circuit, MemoryAreas } from "../hal/port.ts";

/** Buffers and divider in front of the voltage input pass on this share of the cell's voltage. */
const VOLTAGE_SHARE = 0.4;

function atCell(volts: number): number {
  return volts / VOLTAGE_SHARE;
}

/** Circuit as designed. Full scale of a range is 1 V across its sense resistor; the set-point is
 *  half of the DAC's distance from 2.5 V, so 65536 codes are ±1.25 V. */
export const CIRCUIT: Circuit = {
  countsMax: ADS1115_COUNTS_MAX,
  codeMax: AD5693R_CODE_MAX,
  voltsPerCount: ADS1115_VOLTS_PER_COUNT.map(atCell),
  senseVoltsPerCount: ADS1115_VOLTS_PER_COUNT,
  senseOhms: [100000, 10000, 1000, 100],
  codesPerSenseVolt: 65536 / 2.5,
  dummyOhms: 1000,
  newtonsPerCount: NAU7802_NEWTONS_PER_COUNT,
  noiseCounts: 1,
  degreesPerCount: 0,
  ntcVoltsPerCount: ADS1115_VOLTS_PER_COUNT[0],
  ntcSupplyV: 2.5,
  ntcSeriesOhms: 10000,
  ntcOhms25: 10000,
  ntcBetaK: 3950,
};

/** Full-scale currents, A. */
export const RANGES_A = [1e-5, 1e-4, 1e-3, 1e-2];

/** Rail of the cell amplifier, V. */
export const COMPLIANCE_V = 5.2;

/** What the channel's parts and the clamp stand: no configuration goes beyond. */
export const ENVELOPE: Envelope = {
  currentMaxA: 0.0125,
  voltageMaxV: COMPLIANCE_V,
  temperatureMinC: 0,
  temperatureMaxC: 60,
  forceMaxN: 9000,
};

/** Areas of the 32 kB FRAM: 500 steps with everything that a step of current can say, and three
 *  times a minute of journal. */
export const MEMORY_AREAS: MemoryAreas = {
  config: 0,
  protocol: 0x0200,
  journal: 0x6400,
  end: 0x8000,
};
