// The contract between the channel's logic and whatever carries it out: interfaces only.
// Completions (`done`) are called exactly once, in order; on some boards inside the call, on
// others later. Calling a port read is therefore always the last statement of a function.

/** Monotonic time and timers. A function given to `after` is created once, never per call. */
export interface Clock {
  /** Milliseconds since boot, a double; never set, never backwards. */
  now(): number;
  wall?(): number; // seconds since 1970, where a board knows them
  /** Runs `run` once, no earlier than `delayMs` from now; returns a timer for `cancel`. */
  after(delayMs: number, run: () => void): number;
  cancel(timer: number): void;
}

/** Null = fault. The bytes are the port's, and valid only inside. */
export type BytesDone = (bytes: ArrayLike<number> | null) => void;

/** An I2C master with 7-bit addresses. Neither call throws. */
export interface I2c {
  /** False = not acknowledged. On queued buses true means only "queued": read-back is the truth. */
  write(address: number, bytes: ArrayLike<number>): boolean;
  /** Writes the register pointer (-1: leaves it), reads `count` bytes on. */
  read(address: number, register: number, count: number, done: BytesDone): void;
}

/** How a question or a read came out: 1 = yes, or with a value; 0 = not yet; -1 = fault. */
export type ReadState = 1 | 0 | -1;
/** The completion of either; the value counts only for a read, in state 1. */
export type ReadDone = (value: number, state: ReadState) => void;

/** An analogue-to-digital converter: one conversion and one question at a time (split-phase). */
export interface Converter {
  /** Last code of the scale: a reading there is clipped. */
  readonly countsMax: number;
  /** Starts a conversion of an input at gain index `gain` (0 = widest); ms until ready, -1 = bus
   *  fault. Inputs are numbered by the chip. */
  begin(gain: number, input: number): number;
  poll(done: ReadDone): void; // is the conversion over?
  read(done: ReadDone): void; // signed counts
}

/** The set-point converter. The code of zero current is calibrated, near `codeMid`. */
export interface Dac {
  readonly codeMax: number;
  readonly codeMid: number;
  /** Puts the chip into its working mode, output at `codeMid`; false = bus fault. */
  reset(): boolean;
  write(code: number): boolean;
  read(done: ReadDone): void;
}

/** The current range: which sense resistor is in the loop. */
export interface Range {
  reset(): boolean;
  /** `index` + 4 = the same range, and the voltage input is shown the dummy, not the cell. */
  write(index: number): boolean;
  /** The same; -1 = no range, or more than one. */
  read(done: ReadDone): void;
}

/** SPDT output relay; its rest position puts a dummy resistor into the loop, not the cell. */
export interface Relay {
  write(toCell: boolean): void;
}

/** Addressable non-volatile memory, synchronous; false = fault. */
export interface Memory {
  readonly areas: MemoryAreas;
  read(offset: number, into: Uint8Array): boolean;
  program(offset: number, bytes: Uint8Array): boolean;
  /** CRC-32/IEEE of the bytes, unsigned. */
  crc32(bytes: Uint8Array): number;
}

/** Byte offsets of what the memory holds; each area ends where the next begins. */
export interface MemoryAreas {
  readonly config: number;
  readonly protocol: number;
  readonly journal: number;
  readonly end: number;
}

/** A line-oriented text link; what is written may be dropped (false). */
export interface Line {
  open(onLine: (text: string) => void): void;
  write(text: string): boolean;
}

/** `kick` also toggles the heartbeat pin of the hardware keep-alive. */
export interface Watchdog {
  start(timeoutMs: number): void;
  kick(): void;
}

/** Light and button at the board, attended once a frame: shows `lamp` (0 idle, 1 running, 2 hold,
 *  3 fault); true once for each press, in the frame in which it has lasted `least` of them. One
 *  that outlives a change of `least` counts no more. */
export type Panel = (lamp: number, least: number) => boolean;

/** What a board can do; the host's checks read the same data. */
export interface Capabilities {
  readonly name: string;
  /** Shortest and usual distance of frames, ms; shortest of a burst's voltages, µs. */
  readonly framePeriodMinMs: number;
  readonly framePeriodMs: number;
  readonly burstPeriodUs: number;
  /** Full-scale currents of the ranges, A, ascending. */
  readonly rangesA: readonly number[];
  readonly complianceV: number;
}

/** Bits of `RawFrame.status`; both sides type their constants by this, so they cannot differ. */
export interface StatusBits {
  readonly voltageFailed: 1;
  readonly currentFailed: 2;
  readonly codeFailed: 4;
  readonly rangeFailed: 8;
  readonly forceFailed: 16;
  readonly temperatureFailed: 32;
  /** A guarded reading was repeated; the value is the median of five. */
  readonly voltageReread: 64;
  readonly currentReread: 128;
  /** At the end of the converter's scale, even at its widest gain. */
  readonly voltageClipped: 256;
  readonly currentClipped: 512;
  readonly slowRead: 1024; // force and temperature were asked for in this frame
  readonly widened: 2048; // a reading was clipped, and taken at the widest gain instead
  readonly stalled: 4096; // readings too far apart: something has held the acquisition up
}

/** One complete acquisition, in counts and milliseconds. */
export interface RawFrame {
  sequence: number;
  /** When voltage and current were taken, ms; each is the mean of two conversions. */
  timeVoltage: number;
  timeCurrent: number;
  voltage: number;
  current: number;
  voltageGain: number;
  currentGain: number;
  force: number;
  /** Age of the reading at delivery, ms; negative = never read. */
  forceAge: number;
  temperature: number;
  temperatureAge: number;
  /** Read back from the chips. */
  code: number;
  range: number;
  status: number;
}

/** How the next frame is to be taken. */
export interface Settings {
  voltageGain: number;
  currentGain: number;
  /** Voltages in counts of `voltageGain` outside [guardMin, guardMax], or nearer to zero than
   *  guardShort, are read again at once. */
  guardMin: number;
  guardMax: number;
  guardShort: number;
  /** |current| in counts of `currentGain` above this is read again at once. */
  guardCurrent: number;
  doubt?: number; // 1 = something is wrong: the slow sensors are read in this frame, too
  /** Distance to the next frame's start, ms. */
  periodMs: number;
}

/** What is to be done after a frame. Set points are codes: the HAL converts nothing. */
export interface Command extends Settings {
  /** 1 = cell, 0 = rest position (dummy). */
  relay: number;
  code: number;
  range: number;
  /** 1 = this frame belongs into the record. */
  record: number;
  doubt: number;
  /** Index of the protocol step to prefetch, -1 = none. */
  stepWanted: number;
  /** Voltages wanted in a burst before the next frame, 0 = none, and their distance. */
  burst: number;
  burstUs: number;
}

/** A burst has ended; `opened` = a reading left the guards, and the relay was put to rest. */
export type BurstDone = (taken: number, opened: boolean) => void;

/** The acquisition sequencer: delivers frames, each on time even when a chip is silent. */
export interface Scan {
  /** A frame stands until the next one is asked for. */
  start(onFrame: (frame: RawFrame) => void): void;
  /** Asks for the next frame, counted from the last one's start. Until it has come, the settings
   *  are read. */
  request(settings: Settings): void;
  /** Counts of the last burst; `done` says how many of them are new. */
  readonly samples: Samples;
  /** Takes `count` voltages `periodUs` apart (200 ms in all at most) in place of the next frame.
   *  Ends early, with the relay at rest, when a reading leaves [guardMin, guardMax]. */
  burst(count: number, periodUs: number, done: BurstDone): void;
}

/** Room for a burst's counts: 16 bits each, or where the converter has more of them, 32. */
export type Samples = Int16Array | Float32Array;

/** What a simulated rig forks: all that changes in a piece of the acquisition is copied as plain
 *  data; the functions it hands to ports, its fields `on…`, each created once, are paired. */
export interface Part {
  readonly state: object;
  readonly [task: `on${string}`]: unknown;
}

/** A function given to a port: a timer's, or a completion. */
export type Task = (() => void) | BytesDone | ReadDone | BurstDone;

/** The analogue circuit as designed; calibration corrects what was built. */
export interface Circuit {
  /** Last code of the voltage and current converters, and of the set-point's DAC. */
  readonly countsMax: number;
  readonly codeMax: number;
  /** Volts at the cell, and across the sense resistor, that a count stands for, by gain. */
  readonly voltsPerCount: readonly number[];
  readonly senseVoltsPerCount: readonly number[];
  /** Sense resistor by range, Ω. */
  readonly senseOhms: readonly number[];
  readonly codesPerSenseVolt: number;
  /** What the loop drives with the relay at rest, Ω; 0 = its voltage cannot be looked at. */
  readonly dummyOhms: number;
  readonly newtonsPerCount: number;
  /** Noise of one voltage reading, counts at any gain. */
  readonly noiseCounts: number;
  /** Degrees Celsius a count of the temperature's converter stands for; 0 = a thermistor. */
  readonly degreesPerCount: number;
  /** Thermistor below a resistor from `ntcSupplyV` to 0 V, read against that supply. */
  readonly ntcVoltsPerCount: number;
  readonly ntcSupplyV: number;
  readonly ntcSeriesOhms: number;
  readonly ntcOhms25: number;
  readonly ntcBetaK: number;
}

export interface Board {
  readonly clock: Clock;
  readonly scan: Scan;
  readonly dac: Dac;
  readonly range: Range;
  readonly relay: Relay;
  readonly memory: Memory;
  readonly line: Line;
  readonly watchdog: Watchdog;
  readonly panel?: Panel;
  readonly circuit: Circuit;
  readonly capabilities: Capabilities;
  readonly bundle?: number; // CRC-32 of what runs
}
