// The precision channel: the default one with a 24-bit converter (ADS122C04, 0x40) and a digital
// thermometer (TMP117, 0x49) in place of the 16-bit one and the thermistor. Set-point, ranges, load
// cell and memory are the default channel's.
import { ADS122C04_COUNTS_MAX, ADS122C04_VOLTS_PER_COUNT, SPS_90 } from "../hal/adc/ads122c04.ts";
import { AD5693R_CODE_MAX } from "../hal/dac/ad5693r.ts";
import { NAU7802_NEWTONS_PER_COUNT } from "../hal/loadcell/nau7802.ts";
import type { Circuit } from "../hal/port.ts";
import { TMP117_DEGREES_PER_COUNT } from "../hal/temperature/tmp117.ts";

/** Buffers and divider in front of the voltage input pass on this share of the cell's voltage. */
const VOLTAGE_SHARE = 0.4;

function atCell(volts: number): number {
  return volts / VOLTAGE_SHARE;
}

/** ±2.048 to ±0.256 V, as with the default channel: above, the noise no longer falls with gain. */
const VOLTS_PER_COUNT = [
  ADS122C04_VOLTS_PER_COUNT[0],
  ADS122C04_VOLTS_PER_COUNT[1],
  ADS122C04_VOLTS_PER_COUNT[2],
  ADS122C04_VOLTS_PER_COUNT[3],
];

/** Data rate of voltage and current. */
export const PRECISION_RATE = SPS_90;

/** At this rate a voltage and a current take 24 ms. Two of each, averaged, still cancel the mains
 *  when they are an odd number of half periods apart: a scan is given the mains frequency divided
 *  by this. */
export const MAINS_HALF_PERIODS = 3;

/** Circuit as designed; see the default channel's. */
export const PRECISION_CIRCUIT: Circuit = {
  countsMax: ADS122C04_COUNTS_MAX,
  codeMax: AD5693R_CODE_MAX,
  voltsPerCount: VOLTS_PER_COUNT.map(atCell),
  senseVoltsPerCount: VOLTS_PER_COUNT,
  senseOhms: [100000, 10000, 1000, 100],
  codesPerSenseVolt: 65536 / 2.5,
  dummyOhms: 1000,
  newtonsPerCount: NAU7802_NEWTONS_PER_COUNT,
  // 3.5 µV rms at gain 1 and 20 SPS (SBAS751B, section 7.1), growing with the root of the rate; in
  // proportion up to gain 8.
  noiseCounts: 32,
  degreesPerCount: TMP117_DEGREES_PER_COUNT,
  ntcVoltsPerCount: 0,
  ntcSupplyV: 0,
  ntcSeriesOhms: 0,
  ntcOhms25: 0,
  ntcBetaK: 0,
};
