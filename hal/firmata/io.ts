// What is used of johnny-five's `board.io`, a firmata-io: neither package describes it in full.
import type { EventEmitter } from "node:events";

/** A port that carries a firmata-io: a serial port, or what stands for one. */
export interface Transport {
  /** `sent` has to be called, now or later. */
  write(bytes: Uint8Array, sent?: () => void): void;
}

/** A pin as firmata-io keeps it. */
export interface IoPin {
  /** What was last written to it, as the board reported it. */
  state?: number;
}

/** Events: `I2C-reply-ADDRESS-REGISTER` (bytes; register 0 where none was named), `pin-state-PIN`,
 *  `string` (text), `reportversion`, `queryfirmware`, `close`, `error` (Error). */
export interface FirmataIo extends EventEmitter {
  readonly transport: Transport;
  readonly pins: readonly IoPin[];
  /** Copies of the outputs, eight pins each: a write to one pin sends all eight. */
  readonly ports: number[];
  readonly MODES: { readonly OUTPUT: number };
  pinMode(pin: number, mode: number): void;
  digitalWrite(pin: number, level: 0 | 1): void;
  queryPinState(pin: number, done: () => void): void;
  i2cConfig(options: { delay: number }): unknown;
  i2cWrite(address: number, bytes: number[]): unknown;
  i2cReadOnce(address: number, count: number, done: () => void): unknown;
  i2cReadOnce(address: number, register: number, count: number, done: () => void): unknown;
}

// Bytes on the wire (protocol 2.5): every byte of a chip is two, in a frame of five or seven.
const FRAME_BYTES = 5;
const READ_BYTES = 7;
const REGISTER_BYTES = 2;
/** Setting a port's outputs or a pin's mode, configuring the bus, asking for a pin's state. */
export const DIGITAL_BYTES = 3;
export const MODE_BYTES = 3;
export const CONFIG_BYTES = 5;
export const STATE_BYTES = 4;

/** Length of an I2C write of `count` bytes. */
export function writeBytes(count: number): number {
  return FRAME_BYTES + 2 * count;
}

/** Length of an I2C read's request, with a register or without (-1). */
export function readBytes(register: number): number {
  return register < 0 ? READ_BYTES : READ_BYTES + REGISTER_BYTES;
}
