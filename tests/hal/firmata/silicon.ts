// An ATmega328P at 16 MHz with the peripherals that StandardFirmata uses. A reset is a new one.
import { AVRADC, AVRIOPort, AVRTimer, AVRTWI, CPU } from "avr8js";
import { adcConfig, portBConfig, portCConfig, portDConfig, twiConfig } from "avr8js";
import { timer0Config, timer1Config, timer2Config } from "avr8js";
import type { Serial } from "./serial.ts";
import { createSerial } from "./serial.ts";
import type { Stepper } from "./stepping.ts";
import { createQuickSteps, createSteps } from "./stepping.ts";
import { fitTimers } from "./timers.ts";

/** Cycles a ms. */
export const CYCLES_PER_MS = 16_000;
const HZ = CYCLES_PER_MS * 1000;
const SRAM_BYTES = 2048;
const FLASH_WORDS = 0x4000;
const TIMERS = [timer0Config, timer1Config, timer2Config];

export interface Silicon extends Stepper {
  readonly cpu: CPU;
  readonly serial: Serial;
  readonly twi: AVRTWI;
  /** D0..D7, D8..D13, A0..A5. */
  readonly ports: { d: AVRIOPort; b: AVRIOPort; c: AVRIOPort };
}

/** How the chip is stepped, for comparisons. "quick" unless said; "steps": every instruction is
 *  carried out; "timers": that, and avr8js's own timers, each count of which is an event. */
export type Pace = "quick" | "steps" | "timers";

/** A chip whose program is `code`, at its reset vector. */
export function createSilicon(code: Uint8Array, pace: Pace = "quick"): Silicon {
  const flash = new Uint16Array(FLASH_WORDS);
  new Uint8Array(flash.buffer).set(code);
  const cpu = new CPU(flash, SRAM_BYTES);
  if (pace === "timers") for (const config of TIMERS) new AVRTimer(cpu, config);
  else fitTimers(cpu);
  new AVRADC(cpu, adcConfig);
  const ports = {
    d: new AVRIOPort(cpu, portDConfig),
    b: new AVRIOPort(cpu, portBConfig),
    c: new AVRIOPort(cpu, portCConfig),
  };
  const twi = new AVRTWI(cpu, twiConfig, HZ);
  const serial = createSerial(cpu, HZ);
  const stepper = pace === "quick" ? createQuickSteps(cpu) : createSteps(cpu);
  return { cpu, serial, twi, ports, ...stepper };
}
