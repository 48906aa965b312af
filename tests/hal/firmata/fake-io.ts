// A firmata-io whose board a test plays: what is sent is noted, and answered when the test says so.
import { EventEmitter } from "node:events";
import type { FirmataIo, IoPin } from "../../../hal/firmata/io.ts";

/** What is sent, in words: `write 72 1 2`, `read 72 0 2`, `read 72 - 2`, `pin 7 1`, `state 7`. */
export class FakeIo extends EventEmitter implements FirmataIo {
  readonly sent: string[] = [];
  readonly ports: number[] = [0, 0, 0];
  readonly pins: IoPin[] = Array.from({ length: 20 }, () => ({ state: 0 }));
  readonly MODES = { OUTPUT: 1 };
  readonly transport = { write: (bytes: Uint8Array) => this.note("raw", ...bytes) };

  note(...words: (string | number)[]): void {
    this.sent.push(words.join(" "));
  }

  pinMode(pin: number, mode: number): void {
    this.note("mode", pin, mode);
  }

  digitalWrite(pin: number, level: 0 | 1): void {
    const bit = 1 << (pin & 7);
    const port = this.ports[pin >> 3];
    this.ports[pin >> 3] = level === 1 ? port | bit : port & ~bit;
    this.note("pin", pin, level);
  }

  queryPinState(pin: number): void {
    this.note("state", pin);
  }

  i2cConfig(options: { delay: number }): void {
    this.note("config", options.delay);
  }

  i2cWrite(address: number, bytes: number[]): void {
    this.note("write", address, ...bytes);
  }

  i2cReadOnce(address: number, register: number, count: number | (() => void)): void {
    if (typeof count === "number") this.note("read", address, register, count);
    else this.note("read", address, "-", register);
  }

  /** What was sent since the last time. */
  takeSent(): string[] {
    return this.sent.splice(0);
  }

  /** The board's reply to a read. */
  reply(address: number, register: number, ...bytes: number[]): void {
    this.emit(`I2C-reply-${address}-${register}`, bytes);
  }

  /** The board's reply to a question for a pin. */
  tellState(pin: number, state: number): void {
    this.pins[pin].state = state;
    this.emit(`pin-state-${pin}`);
  }
}
