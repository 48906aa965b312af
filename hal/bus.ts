// Chips that the channel's logic does not talk to itself, and buses beside I2C: interfaces only.

/** An SPI master with one chip's select line. */
export interface Spi {
  /** Selects the chip, sends `bytes`, fills `into` with what follows, deselects. */
  transfer(bytes: ArrayLike<number>, into: Uint8Array): void;
}

/** The two wires of a bit-banged converter. */
export interface TwoWire {
  /** One clock pulse, high for about 1 µs (never more than 50). */
  pulse(): void;
  /** Level of the data line. */
  data(): boolean;
}

/** Raw flash: bits are programmed from 1 to 0, and erased to 1 a sector at a time. */
export interface Flash {
  readonly bytes: number;
  readonly sectorBytes: number;
  readonly pageBytes: number;
  /** False = the chip is busy or does not answer. */
  read(offset: number, into: Uint8Array): boolean;
  /** Within one page. Starts the write; `busy` says when it is over. */
  program(offset: number, bytes: ArrayLike<number>): boolean;
  erase(sector: number): boolean;
  busy(): boolean;
}

/** A clock that goes on without the board. */
export interface WallClock {
  /** Seconds since 1970, 0 = unknown: never set, or stopped since; not ok = bus fault. */
  read(done: (seconds: number, ok: boolean) => void): void;
  /** False = not taken. */
  set(seconds: number): boolean;
}
