// The vocabulary of faults: what can break in a world, when, and for how long. A plan is plain
// JSON, written by hand (fault-check.ts) or drawn from a seed (fault-draw.ts).

/** Chips of the default channel, as a fault's target. */
export type ChipName = "dac" | "adc" | "range" | "loadCell" | "memory";

/** Faults of a bus transaction: they alter or swallow those of their target, any chip if none. */
export type WireKind =
  | "nack"
  | "timeout"
  | "short"
  | "bitFlip"
  | "stuck"
  | "wrongAddress"
  | "late"
  | "duplicate"
  | "memoryRead"
  | "memoryProgram"
  | "tornWrite";

/** Faults of the world around the bus: in force from their moment to the end of their duration. */
export type WorldKind =
  | "sdaLow"
  | "brownOut"
  | "mcuReset"
  | "hostLoss"
  | "clockJump"
  | "clockDrift"
  | "leadOpen"
  | "weld"
  | "referenceDrift"
  | "forceSaturation"
  | "outputStuck"
  | "polarity"
  | "thermistorOff"
  | "rattle"
  | "frozen"
  | "supplyClip"
  | "senseResistor"
  | "monitorStuck";

export type FaultKind = WireKind | WorldKind;

/** When: from the n-th bus transaction (counted from 1), or at a virtual time, s. */
export type FaultMoment = { transaction: number } | { timeS: number };

/** One fault. What `target` and `value` mean, and their defaults, is in `FAULTS`. */
export interface FaultEntry {
  at: FaultMoment;
  kind: FaultKind;
  target?: string;
  /** How long; for ever when neither this nor `count` says otherwise. */
  durationS?: number;
  /** Transactions hit, of wire faults; 1 unless a duration is given. */
  count?: number;
  value?: number;
}

export type FaultPlan = readonly FaultEntry[];

/** What a kind takes. */
export interface FaultShape {
  /** Swarm family: a drawn plan switches whole families on or off. */
  readonly family: string;
  readonly wire: boolean;
  /** Allowed targets; empty = none may be given. */
  readonly targets: readonly string[];
  /** Whether a target has to be given. */
  readonly targetNeeded: boolean;
  /** Bounds of `value`, and what stands in for it; null = none may be given. */
  readonly value: readonly [min: number, max: number, usual: number] | null;
  /** Whether the fault has an end of its own, by `durationS`. */
  readonly lasts: boolean;
}

const CHIPS: readonly ChipName[] = ["dac", "adc", "range", "loadCell", "memory"];
const CONTACTS = ["output", "range0", "range1", "range2", "range3"];
const NONE: readonly string[] = [];

function wire(family: string, targets: readonly string[], value: FaultShape["value"]): FaultShape {
  return { family, wire: true, targets, targetNeeded: false, value, lasts: true };
}

function around(
  family: string,
  targets: readonly string[],
  value: FaultShape["value"],
  lasts = true,
): FaultShape {
  const targetNeeded = targets.length > 0;
  return { family, wire: false, targets, targetNeeded, value, lasts };
}

/** Every kind: its family, targets, value (with its unit) and whether it has a duration. */
export const FAULTS: Readonly<Record<FaultKind, FaultShape>> = {
  nack: wire("bus", CHIPS, null),
  /** No answer: inline after `value` ms, deferred never. */
  timeout: wire("bus", CHIPS, [0, 1000, 25]),
  /** Only `value` bytes pass; what is missing of a read is ones, a write is not acknowledged. */
  short: wire("bus", CHIPS, [0, 64, 1]),
  /** Bit `value` of the bytes, the first byte's highest being 0, modulo their number. */
  bitFlip: wire("corruption", CHIPS, [0, 4095, 0]),
  /** Reads repeat the first answer; with a value every byte is that. Writes pass. */
  stuck: wire("corruption", CHIPS, [-1, 255, -1]),
  /** The transaction reaches address `value` instead. */
  wrongAddress: wire("corruption", CHIPS, [0, 127, 0x21]),
  /** The answer comes `value` ms later. */
  late: wire("timing", CHIPS, [0, 5000, 30]),
  /** A write is carried out twice; a read's answer is given to the chip's next read as well. */
  duplicate: wire("timing", CHIPS, null),
  memoryRead: wire("memory", NONE, null),
  memoryProgram: wire("memory", NONE, null),
  /** Only `value` bytes of a write arrive, its two of address among them; below 0 so many as that,
   *  and of the next one what is neither old nor new. */
  tornWrite: wire("memory", NONE, [-34, 34, 1]),
  /** A chip holds SDA low: nothing passes until its end, or nine clocks (`recoverBus`). */
  sdaLow: around("bus", NONE, null),
  /** The chip restarts with its power-on values. */
  brownOut: around("power", CHIPS, null, false),
  /** The board's processor restarts, `value` ms until its firmware runs again. */
  mcuReset: around("power", NONE, [0, 60000, 300], false),
  hostLoss: around("host", NONE, null),
  /** Board: forwards by `value` s; wall: by `value` s either way. */
  clockJump: around("clock", ["board", "wall"], [-1e6, 1e6, 60], false),
  /** The board's clock runs by this fraction too fast. */
  clockDrift: around("clock drift", NONE, [-0.2, 0.2, 0.05]),
  leadOpen: around("leads", ["current", "sense"], null),
  /** The contact cannot leave position `value` (0 rest, 1 worked) once it is there. */
  weld: around("relay", CONTACTS, [0, 1, 1]),
  /** The reference moves by this fraction. */
  referenceDrift: around("analogue", ["adc", "dac", "com"], [-0.2, 0.2, 0.03]),
  /** The load cell's bridge stands at `value` times its rated output. */
  forceSaturation: around("sensor", NONE, [-10, 10, 4]),
  /** The set-point converter's output is `value` volts, whatever its register says. */
  outputStuck: around("analogue", ["dac"], [0, 5.3, 3]),
  /** The taps of the sense resistor are the wrong way round. */
  polarity: around("analogue", NONE, null),
  thermistorOff: around("sensor", NONE, null),
  /** A loose sense lead picks up `value` volts, peak. */
  rattle: around("leads", NONE, [0, 5, 2]),
  /** Conversions end, but each input of the converter gives its last code again. */
  frozen: around("sensor", ["adc"], null),
  /** The analogue supply is `value` volts. */
  supplyClip: around("analogue", NONE, [0, 5.3, 4.75]),
  /** A range's resistor is this fraction off. */
  senseResistor: around("parts", CONTACTS.slice(1), [-0.2, 0.2, 0.05]),
  /** The switch before the voltage input shows the cell (0) or the dummy (1) whatever its pin does. */
  monitorStuck: around("parts", NONE, [0, 1, 0]),
};

/** All kinds, in their fixed order. */
export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];
