// The part of Espruino's API that the boards hand to the ports here; see its reference.

/** A pin. One whose mode has been set keeps it; otherwise reading and writing set it. */
export interface EspruinoPin {
  mode(mode: "output" | "input" | "input_pulldown" | "input_pullup" | "opendrain"): void;
  write(high: boolean): void;
  read(): boolean;
}

/** Pins of an I2C bus, and its clock in Hz. */
export interface EspruinoWires {
  readonly scl: EspruinoPin;
  readonly sda: EspruinoPin;
  readonly bitrate: number;
}

/** An I2C peripheral; both transfers throw on a missing acknowledge. `setup` resets it. */
export interface EspruinoI2c {
  setup(options: EspruinoWires): void;
  writeTo(
    address: number | { address: number; stop: boolean },
    bytes: ArrayLike<number> | number,
  ): void;
  readFrom(address: number, count: number): Uint8Array;
}

/** Pins of an SPI bus, its mode (0 if not said) and its clock in Hz. */
export interface EspruinoSpiOptions {
  readonly sck: EspruinoPin;
  readonly miso: EspruinoPin;
  readonly mosi?: EspruinoPin;
  readonly mode?: 0 | 1;
  readonly baud?: number;
}

/** An SPI peripheral, or pins driven by software. */
export interface EspruinoSpi {
  setup(options: EspruinoSpiOptions): void;
  write(bytes: ArrayLike<number>): void;
  /** What came in while `bytes` went out. */
  send(bytes: Uint8Array): Uint8Array;
}

/** A serial port. */
export interface EspruinoSerial {
  setup(baud: number, options: { tx: EspruinoPin; rx: EspruinoPin }): void;
  on(event: "data", onData: (text: string) => void): void;
  write(text: string): void;
}

/** `digitalWrite` with a list of pins: sets them from the last (the value's lowest bit) to the
 *  first, a microsecond or two apart; a pin that is listed twice is pulsed. */
export type DigitalWrite = (pins: readonly EspruinoPin[], bits: number) => void;

/** The object `E`. */
export interface EspruinoSystem {
  /** `automatic` false: only `kickWatchdog` counts. */
  enableWatchdog(timeoutS: number, automatic: boolean): void;
  kickWatchdog(): void;
  CRC32(bytes: Uint8Array | string): number;
  setConsole(device: null, options: { force: boolean }): void;
}

/** The module "Storage". */
export interface EspruinoStorage {
  /** A string that points into flash, where flash is memory-mapped. */
  read(name: string): string | undefined;
}
