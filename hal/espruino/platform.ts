// The part of Espruino's API that the boards hand to the ports here; see its reference.

/** A pin. */
export interface EspruinoPin {
  mode(mode: "output" | "input" | "input_pulldown"): void;
  write(high: boolean): void;
  read(): boolean;
}

/** An I2C peripheral; both transfers throw on a missing acknowledge. */
export interface EspruinoI2c {
  setup(options: { scl: EspruinoPin; sda: EspruinoPin; bitrate: number }): void;
  writeTo(address: number | { address: number; stop: boolean }, bytes: ArrayLike<number>): void;
  readFrom(address: number, count: number): Uint8Array;
}

/** A serial port. */
export interface EspruinoSerial {
  setup(baud: number, options: { tx: EspruinoPin; rx: EspruinoPin }): void;
  on(event: "data", onData: (text: string) => void): void;
  write(text: string): void;
}

/** The object `E`. */
export interface EspruinoSystem {
  /** `automatic` false: only `kickWatchdog` counts. */
  enableWatchdog(timeoutS: number, automatic: boolean): void;
  kickWatchdog(): void;
  CRC32(bytes: Uint8Array): number;
  setConsole(device: null, options: { force: boolean }): void;
}
