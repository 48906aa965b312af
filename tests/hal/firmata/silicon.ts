// An ATmega328P at 16 MHz with the peripherals that StandardFirmata uses. A reset is a new one.
import { AVRADC, AVRIOPort, AVRTWI, CPU } from "avr8js";
import { adcConfig, portBConfig, portCConfig, portDConfig, twiConfig } from "avr8js";
import type { Serial } from "./serial.ts";
import { createSerial } from "./serial.ts";
import type { Stepper } from "./stepping.ts";
import { createStepper } from "./stepping.ts";
import { fitTimers } from "./timers.ts";

/** Cycles a ms. */
export const CYCLES_PER_MS = 16_000;
const HZ = CYCLES_PER_MS * 1000;
const SRAM_BYTES = 2048;
const FLASH_WORDS = 0x4000;

export interface Silicon extends Stepper {
  readonly cpu: CPU;
  readonly serial: Serial;
  readonly twi: AVRTWI;
  /** D0..D7, D8..D13, A0..A5. */
  readonly ports: { d: AVRIOPort; b: AVRIOPort; c: AVRIOPort };
}

/** A chip whose program is `code`, at its reset vector. `leap` = idle loops are passed over. */
export function createSilicon(code: Uint8Array, leap: boolean): Silicon {
  const flash = new Uint16Array(FLASH_WORDS);
  new Uint8Array(flash.buffer).set(code);
  const cpu = new CPU(flash, SRAM_BYTES);
  fitTimers(cpu);
  new AVRADC(cpu, adcConfig);
  const ports = {
    d: new AVRIOPort(cpu, portDConfig),
    b: new AVRIOPort(cpu, portBConfig),
    c: new AVRIOPort(cpu, portCConfig),
  };
  const twi = new AVRTWI(cpu, twiConfig, HZ);
  const serial = createSerial(cpu, HZ);
  return { cpu, serial, twi, ports, ...createStepper(cpu, leap) };
}
