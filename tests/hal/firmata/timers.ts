// The ATmega328P's timers as the Arduino core sets them up (wiring.c, init): Timer 0 counts to 255
// at a 64th of the clock and its overflow makes millis(). An event an overflow, where avr8js has
// one a count. Pulse widths are not modelled: nobody may use them here, and asking for one throws.
import type { CPU } from "avr8js";

// Registers and vectors (ATmega328P data sheet, 15.9 and table 12-6).
const TIFR0 = 0x35;
const TCCR0A = 0x44;
const TCCR0B = 0x45;
const TCNT0 = 0x46;
const TIMSK0 = 0x6e;
const TCCR1A = 0x80;
const TCCR2A = 0xb0;
const TOV0 = 1;
const OVERFLOW_VECTOR = 0x20;
/** COMnA and COMnB: the timer drives a pin. */
const DRIVES_PIN = 0xf0;
const DIVIDERS = [0, 1, 8, 64, 256, 1024, 0, 0];
const COUNTS = 256;

/** Registers whose content depends on the time at which they are read. */
export const TIME_REGISTERS = [TCNT0];

/** Fits Timer 0, and guards the outputs of all three. */
export function fitTimers(cpu: CPU): void {
  const overflow = {
    address: OVERFLOW_VECTOR,
    flagRegister: TIFR0,
    flagMask: TOV0,
    enableRegister: TIMSK0,
    enableMask: TOV0,
  };
  let divider = 0;
  let zeroCycle = 0;
  const onOverflow = (): void => {
    zeroCycle += COUNTS * divider;
    cpu.setInterruptFlag(overflow);
    cpu.addClockEvent(onOverflow, zeroCycle + COUNTS * divider - cpu.cycles);
  };
  cpu.writeHooks[TCCR0B] = (value) => {
    cpu.data[TCCR0B] = value;
    cpu.clearClockEvent(onOverflow);
    divider = DIVIDERS[value & 7];
    zeroCycle = cpu.cycles + 1;
    if (divider > 0) cpu.addClockEvent(onOverflow, COUNTS * divider + 1);
    return true;
  };
  cpu.readHooks[TCNT0] = () =>
    divider === 0 ? 0 : Math.floor((cpu.cycles - zeroCycle) / divider) & 0xff;
  cpu.writeHooks[TCNT0] = () => {
    throw new Error("timers: nobody sets Timer 0 here");
  };
  cpu.writeHooks[TIFR0] = (value) => {
    cpu.clearInterruptByFlag(overflow, value);
    return true;
  };
  cpu.writeHooks[TIMSK0] = (value) => {
    cpu.updateInterruptEnable(overflow, value);
  };
  for (const register of [TCCR0A, TCCR1A, TCCR2A]) {
    cpu.writeHooks[register] = (value) => {
      if ((value & DRIVES_PIN) !== 0) throw new Error("timers: pulse widths are not modelled");
    };
  }
}
