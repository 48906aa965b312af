// The analogue front end: a galvanostat about a mid-supply common, four sense resistors, an
// output relay with a dummy load, and the inputs of the converters. Static; time is elsewhere.

import { createContact, WORKED } from "./contacts.ts";
import type { Contact } from "./contacts.ts";
import { createDrift } from "./drift.ts";
import type { Drift } from "./drift.ts";
import { createLeads } from "./leads.ts";
import type { Leads } from "./leads.ts";
import { createMains } from "./mains.ts";
import type { Mains } from "./mains.ts";
import { createMonitor, SHOWS_DUMMY } from "./monitor.ts";
import type { Monitor } from "./monitor.ts";
import { tolerance } from "./random.ts";
import type { Stream } from "./random.ts";

/** What the loop drives. */
export const LOAD_OPEN = -1;
export const LOAD_DUMMY = 0;
export const LOAD_CELL = 1;

/** Nominal sense resistors of ranges 0..3 (10 uA, 100 uA, 1 mA, 10 mA full scale), ohm. */
const SHUNTS_OHM = [100e3, 10e3, 1e3, 100];
const SHUNT_TOLERANCE = 5e-4;
const COM_V = 2.5;
const COM_TOLERANCE = 5e-4;
const SUPPLY_V = 5.3;
const COMPLIANCE_V = 5.2;
const DUMMY_OHM = 1000;
/** Set-point gain: volts across the sense resistor per volt of the DAC above common. */
const SET_GAIN = 0.5;
/** Cell voltage to AIN0. */
const SENSE_GAIN = 0.4;
const DIVIDER_TOLERANCE = 5e-4;
/** Current through the converter's protection diodes starts here, V beyond the rails. */
const CLAMP_V = 0.3;
// Thermistor to ground below a resistor to common.
const NTC_OHM = 10e3;
const NTC_BETA_K = 3950;
const NTC_SERIES_OHM = 10e3;
const KELVIN = 273.15;
const NTC_REFERENCE_K = KELVIN + 25;
// Load cell: 1 tonne-force, 2 mV/V.
const RATED_N = 9806.65;
const RATED_V_PER_V = 2e-3;
const ZERO_TOLERANCE = 0.01;
const SENSITIVITY_TOLERANCE = 1e-3;
const ZERO_DRIFT_N_PER_K = 1.5;

/** Component values, contacts and the present state of the loop. */
export interface Frontend {
  comV: number;
  supplyV: number;
  complianceV: number;
  dummyOhm: number;
  senseGain: number;
  shuntsOhm: Float64Array;
  /** Zero balance of the load cell, fraction of rated output, and error of its sensitivity. */
  bridgeZero: number;
  bridgeGainError: number;
  bridgeDriftNPerK: number;
  /** The bridge stands at this multiple of its rated output; 0 = it is sound. */
  bridgeStuck: number;
  drift: Drift;
  mains: Mains;
  leads: Leads;
  ranges: Contact[];
  output: Contact;
  /** Resistance of the closed ranges in parallel, Infinity = none. */
  shuntOhm: number;
  load: number;
  /** What the loop is told to drive, and what flows (compliance), A. Positive charges. */
  targetA: number;
  loadA: number;
  /** Voltage of the dummy load, V; 0 when it is not in the loop. */
  dummyV: number;
  /** Sign of the rail the amplifier rests at: 0 while it controls the current. */
  rail: number;
  /** Since when the loop has been open, ms. */
  openedMs: number;
  monitor: Monitor;
}

/** A front end with component tolerances (0.05 % resistors) drawn and scaled by `errors`, and the
 *  mains' hum by `noise`. */
export function createFrontend(stream: Stream, errors: number, noise: number): Frontend {
  const shuntsOhm = new Float64Array(SHUNTS_OHM);
  for (let i = 0; i < shuntsOhm.length; i++) {
    shuntsOhm[i] *= 1 + tolerance(stream, SHUNT_TOLERANCE * errors);
  }
  return {
    comV: COM_V * (1 + tolerance(stream, COM_TOLERANCE * errors)),
    supplyV: SUPPLY_V,
    complianceV: COMPLIANCE_V,
    dummyOhm: DUMMY_OHM * (1 + tolerance(stream, SHUNT_TOLERANCE * errors)),
    senseGain: SENSE_GAIN * (1 + tolerance(stream, DIVIDER_TOLERANCE * errors)),
    shuntsOhm,
    bridgeZero: tolerance(stream, ZERO_TOLERANCE * errors),
    bridgeGainError: tolerance(stream, SENSITIVITY_TOLERANCE * errors),
    bridgeDriftNPerK: tolerance(stream, ZERO_DRIFT_N_PER_K * errors),
    bridgeStuck: 0,
    drift: createDrift(stream, errors),
    mains: createMains(stream, noise),
    leads: createLeads(errors),
    ranges: [createContact(), createContact(), createContact(), createContact()],
    output: createContact(),
    shuntOhm: Infinity,
    load: LOAD_OPEN,
    targetA: 0,
    loadA: 0,
    dummyV: 0,
    rail: 0,
    openedMs: 0,
    monitor: createMonitor(tolerance(stream, DIVIDER_TOLERANCE * errors)),
  };
}

/** The common's voltage now, V. */
function commonV(f: Frontend): number {
  return f.comV * (1 + f.drift.com);
}

/** What the DAC's output asks for, volts across the sense resistor. */
export function setpointV(f: Frontend, dacV: number): number {
  return SET_GAIN * (dacV - commonV(f));
}

/** Works out shunt, load and target current from the contacts and the DAC's output, V. With no
 *  range closed, the output contact in flight or a current lead off the cell, the loop is open and
 *  its amplifier at a rail. */
export function refreshLoop(frontend: Frontend, dacV: number): void {
  let conductance = 0;
  for (let i = 0; i < frontend.ranges.length; i++) {
    if (frontend.ranges[i].position === WORKED) conductance += 1 / frontend.shuntsOhm[i];
  }
  const setV = setpointV(frontend, dacV);
  const position = frontend.output.position;
  const broken = position === WORKED && frontend.leads.currentOpen === 1;
  const closed = conductance > 0 && position >= 0 && !broken;
  frontend.shuntOhm = conductance > 0 ? 1 / conductance : Infinity;
  frontend.load = closed ? position : LOAD_OPEN;
  frontend.targetA = closed ? setV * conductance : 0;
  frontend.rail = closed ? 0 : Math.sign(setV);
}

/** Drives the dummy load, within compliance. */
export function driveDummy(frontend: Frontend): void {
  const limitA = frontend.complianceV / frontend.dummyOhm;
  frontend.loadA = Math.min(Math.max(frontend.targetA, -limitA), limitA);
  frontend.dummyV = frontend.loadA * frontend.dummyOhm;
  frontend.rail = frontend.loadA === frontend.targetA ? 0 : Math.sign(frontend.targetA);
}

/** Voltage of converter input `channel` (0..3; 4 = ground) against ground, V, clamped by the
 *  protection diodes. AIN0 follows what its switch shows (monitor.ts) whatever the relay
 *  does; an open shunt reads zero. */
export function inputV(f: Frontend, channel: number, senseV: number, temperatureC: number): number {
  const comV = commonV(f);
  let volts = 0;
  if (channel === 0) volts = comV + f.senseGain * senseV;
  else if (channel === 1) volts = f.loadA === 0 ? comV : comV + f.loadA * f.shuntOhm;
  else if (channel === 2) volts = thermistorV(comV, temperatureC);
  else if (channel === 3) volts = comV;
  return Math.min(Math.max(volts, -CLAMP_V), f.supplyV + CLAMP_V);
}

/** 10 kohm NTC with B = 3950 K in a divider from common. */
function thermistorV(comV: number, temperatureC: number): number {
  const inverse = 1 / (temperatureC + KELVIN) - 1 / NTC_REFERENCE_K;
  const ohm = NTC_OHM * Math.exp(NTC_BETA_K * inverse);
  return (comV * ohm) / (ohm + NTC_SERIES_OHM);
}

/** The mains' hum at an input, V peak; none where a capacitor lies (thermistor, common), and
 *  none from the cell's leads while the dummy is shown. */
export function humV(f: Frontend, channel: number): number {
  if (channel === 0) {
    return f.monitor.shown === SHOWS_DUMMY ? 0 : f.senseGain * f.mains.cellV;
  }
  return channel === 1 ? f.mains.shuntV : 0;
}

/** Output of the load cell over its excitation, V/V. */
export function bridgeRatio(f: Frontend, forceN: number, temperatureC: number): number {
  const driftN = f.bridgeDriftNPerK * (temperatureC - 25);
  if (f.bridgeStuck !== 0) return RATED_V_PER_V * f.bridgeStuck;
  const load = ((forceN + driftN + f.drift.creepN) / RATED_N) * (1 + f.bridgeGainError);
  return RATED_V_PER_V * (load + f.bridgeZero);
}
