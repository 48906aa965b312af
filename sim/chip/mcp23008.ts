// MCP23008, 8-bit I/O expander (Microchip DS21919, "MCP23008/MCP23S08").

/** Slave address with A2..A0 low (DS21919, "Addressing I2C Devices"). */
export const MCP23008_ADDRESS = 0x20;

// Register addresses (DS21919, 1.6).
const IODIR = 0x00;
const IPOL = 0x01;
const IOCON = 0x05;
const GPPU = 0x06;
const INTF = 0x07;
const INTCAP = 0x08;
const GPIO = 0x09;
const OLAT = 0x0a;
const REGISTER_COUNT = 11;

/** IOCON.SEQOP: 1 = the address pointer does not increment (DS21919, 1.6.6). */
const IOCON_SEQOP = 0x20;
const IOCON_WRITABLE = 0x3e;

/** Register file and address pointer. */
export interface Mcp23008 {
  registers: Uint8Array;
  pointer: number;
}

/** A chip after power-on: all pins inputs, everything else zero (1.6, POR values). */
export function createMcp23008(): Mcp23008 {
  const chip = { registers: new Uint8Array(REGISTER_COUNT), pointer: 0 };
  resetMcp23008(chip);
  return chip;
}

export function resetMcp23008(chip: Mcp23008): void {
  chip.registers.fill(0);
  chip.registers[IODIR] = 0xff;
  chip.pointer = 0;
}

/** Pins driven high, one bit a pin: latch bits of the pins that are outputs. */
export function outputsMcp23008(chip: Mcp23008): number {
  return chip.registers[OLAT] & ~chip.registers[IODIR] & 0xff;
}

/** A write: register address, then data at successive registers. */
export function writeMcp23008(chip: Mcp23008, bytes: ArrayLike<number>): void {
  if (bytes.length === 0) return;
  chip.pointer = bytes[0] & 0xff;
  for (let i = 1; i < bytes.length; i++) {
    writeRegister(chip, chip.pointer, bytes[i] & 0xff);
    increment(chip);
  }
}

/** A read goes on at the pointer. */
export function readMcp23008(chip: Mcp23008, into: Uint8Array, count: number): void {
  for (let i = 0; i < count; i++) {
    into[i] = readRegister(chip, chip.pointer);
    increment(chip);
  }
}

function increment(chip: Mcp23008): void {
  if ((chip.registers[IOCON] & IOCON_SEQOP) !== 0) return;
  chip.pointer = chip.pointer >= REGISTER_COUNT - 1 ? 0 : chip.pointer + 1;
}

function writeRegister(chip: Mcp23008, register: number, value: number): void {
  if (register >= REGISTER_COUNT || register === INTF || register === INTCAP) return;
  if (register === GPIO) chip.registers[OLAT] = value;
  else chip.registers[register] = register === IOCON ? value & IOCON_WRITABLE : value;
}

/** Reading GPIO reads the pins (1.6.10): outputs give their latch; inputs give their pull-up,
 *  as the relay drivers behind them pull down weakly. IPOL inverts inputs and outputs alike. */
function readRegister(chip: Mcp23008, register: number): number {
  if (register >= REGISTER_COUNT) return 0;
  if (register !== GPIO) return chip.registers[register];
  const direction = chip.registers[IODIR];
  const pins = (chip.registers[OLAT] & ~direction) | (chip.registers[GPPU] & direction);
  return (pins ^ chip.registers[IPOL]) & 0xff;
}
