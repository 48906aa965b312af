// The default channel on an Arduino with StandardFirmata: the chips hang on the Arduino, the core
// runs on the computer. What the two boards share.
import { EVERY_FEATURE } from "./every-feature.ts";
import { createDatalog } from "../firmware/datalog.ts";
import type { Features } from "../firmware/features.ts";
import type { Envelope } from "../firmware/limits.ts";
import type { Shell } from "../firmware/main.ts";
import { IDLE, start as boot } from "../firmware/main.ts";
import { AIN0_AIN3, AIN1_AIN3, AIN2_AIN3, createAds1115 } from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { createI2c } from "../hal/firmata/i2c.ts";
import type { FirmataIo } from "../hal/firmata/io.ts";
import { CONFIG_BYTES, DIGITAL_BYTES, MODE_BYTES } from "../hal/firmata/io.ts";
import type { Link } from "../hal/firmata/link.ts";
import { createLink } from "../hal/firmata/link.ts";
import { createRelay, createWatchdog } from "../hal/firmata/pins.ts";
import { createScan } from "../hal/firmata/scan.ts";
import type { Flash } from "../hal/bus.ts";
import { createMcp23008 } from "../hal/gpio/mcp23008.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { base64 } from "../hal/memory/base64.ts";
import type {
  Board,
  Capabilities,
  Clock,
  Dac,
  I2c,
  Memory,
  Range,
  Relay,
  Scan,
} from "../hal/port.ts";
import { CIRCUIT, COMPLIANCE_V, ENVELOPE, RANGES_A } from "./default-channel.ts";
import type { BrokenRun } from "./firmata-journal.ts";
import { findBroken } from "./firmata-journal.ts";
import { createInnerLine } from "./firmata-line.ts";

export type { FirmataIo } from "../hal/firmata/io.ts";
export { MEMORY_AREAS } from "./default-channel.ts";
export type { BrokenRun } from "./firmata-journal.ts";
export { createClock } from "../hal/firmata/clock.ts";
export type { FileMemory } from "../hal/firmata/file-memory.ts";
export { createFileMemory } from "../hal/firmata/file-memory.ts";
export type { FileFlash } from "../hal/firmata/file-flash.ts";
export { createFileFlash } from "../hal/firmata/file-flash.ts";
export { crc32 } from "../hal/memory/crc32.ts";

/** Chips at the addresses of docs/wiring.md. */
const ADC = 0x48;
const DAC = 0x4c;
const RANGE = 0x20;
/** D7 is on the first port of eight pins, D8 on the second. Not D13: the boot loader blinks it. */
export const RELAY_PIN = 7;
export const HEARTBEAT_PIN = 8;
/** Pace of StandardFirmata. */
export const BAUD = 57600;
/** Readings in 200 ms at the shortest distance. */
const BURST_MAX = 20;
const MAINS_HZ = 50;
/** What a channel may do whose output nothing opens when this program dies, A and s: with somebody
 *  beside it, so much that no cell of a square centimetre is spoilt within minutes. */
export const UNGUARDED_A = 1e-3;
export const UNGUARDED_S = 3600;

/** All but a panel, which no Arduino has. */
const FEATURES: Features = { ...EVERY_FEATURE, panel: undefined };

/** What a board of the family says of itself. */
export interface FirmataBoard {
  readonly name: string;
  readonly framePeriodMinMs: number;
  readonly burstPeriodUs: number;
}

/** What can differ from one bench to the next. */
export interface FirmataOptions {
  /** The hardware keep-alive of docs/keep-alive.md is fitted. */
  readonly keepAlive: boolean;
  readonly memory: Memory;
  /** Where the sample log goes; without it there is none. */
  readonly log?: Flash;
  readonly clock: Clock;
  /** The relay never leaves its rest: the channel is only looked at, or told to give up a run. */
  readonly atRest?: boolean;
}

/** A channel that runs in this program. */
export interface FirmataChannel {
  readonly shell: Shell;
  readonly link: Link;
  /** A line to the firmware, as over a serial line. */
  send(line: string): void;
  onLine(listener: (text: string) => void): void;
  /** Every sensor has been read once; the load cell takes some seconds to come up. */
  measured(): boolean;
  /** A run without the keep-alive was ended because its time was over. */
  overstayed(): boolean;
  /** Puts everything to rest and asks whether it is; then nothing is sent any more. */
  close(done: (rested: boolean) => void): void;
}

/** What the channel can do on `board`; without the keep-alive less than its parts can. */
export function capabilitiesOf(board: FirmataBoard, keepAlive: boolean): Capabilities {
  const { name, framePeriodMinMs, burstPeriodUs } = board;
  const rangesA = keepAlive ? RANGES_A : RANGES_A.filter((range) => range <= UNGUARDED_A);
  const framePeriodMs = Math.max(200, framePeriodMinMs);
  return {
    name,
    framePeriodMinMs,
    framePeriodMs,
    burstPeriodUs,
    rangesA,
    complianceV: COMPLIANCE_V,
  };
}

function envelopeOf(keepAlive: boolean): Envelope {
  if (keepAlive) return ENVELOPE;
  return { ...ENVELOPE, currentMaxA: Math.min(ENVELOPE.currentMaxA, UNGUARDED_A) };
}

/** Pins and bus of an Arduino that has just started: all low, then outputs. */
function prepare(io: FirmataIo, link: Link): void {
  for (const pin of [RELAY_PIN, HEARTBEAT_PIN]) {
    link.tell(DIGITAL_BYTES, () => io.digitalWrite(pin, 0));
    link.tell(MODE_BYTES, () => io.pinMode(pin, io.MODES.OUTPUT));
  }
  link.tell(CONFIG_BYTES, () => io.i2cConfig({ delay: 0 }));
}

/** The same after a reset, which has left the chips as they were; the shell ends the run by its
 *  faults. */
function prepareAnew(io: FirmataIo, link: Link, parts: readonly [Relay, Dac, Range]): void {
  const [relay, dac, range] = parts;
  prepare(io, link);
  relay.write(false);
  dac.reset();
  range.reset();
}

/** The converter at 860 SPS (SBAS444D, field DR), comparator off: a conversion, 1.28 ms at most, is
 *  over before the next question has come in at this pace. */
const RATE_860 = 0xe3;

function createAdc(i2c: I2c) {
  const adc = createAds1115(i2c, ADC);
  adc.state.bytes[2] = RATE_860;
  return adc;
}

/** The acquisition's parts. */
function fit(i2c: I2c, link: Link, clock: Clock, relay: Relay) {
  const dac = createAd5693r(i2c, DAC);
  const range = createMcp23008(i2c, RANGE);
  const scan = createScan({
    ...{ clock, link, dac, range, relay, mainsHz: MAINS_HZ },
    voltage: createAdc(i2c),
    current: createAdc(i2c),
    temperature: createAdc(i2c),
    force: createNau7802(i2c),
    inputs: [AIN0_AIN3, AIN1_AIN3, AIN2_AIN3],
    samples: new Int16Array(BURST_MAX),
  });
  return { dac, range, scan };
}

/** Relay first, then zero; and both read back. */
function putToRest(link: Link, relay: Relay, dac: Dac, done: (rested: boolean) => void): void {
  let zero = false;
  relay.write(false);
  dac.write(dac.codeMid);
  dac.read((code, state) => void (zero = state === 1 && code === dac.codeMid));
  link.state(RELAY_PIN, (level) => {
    link.end();
    done(zero && level !== null && level[0] === 0);
  });
}

/** The run that `memory` would bring back on `board`, null = none; `memory` stays as it is. */
export function brokenRun(memory: Memory, board: FirmataBoard): BrokenRun | null {
  // Begun with a keep-alive it is no other without, though it may not go on so.
  return findBroken(memory, capabilitiesOf(board, true), FEATURES);
}

/** Whether a run that nothing guards has had its time, `nowMs` since boot; outages do not count. */
function hasOverstayed({ channel }: Shell, nowMs: number): boolean {
  const { schedule, totals } = channel.run;
  return schedule.phase !== IDLE && nowMs / 1000 - totals.startedAt > UNGUARDED_S;
}

/** Starts the channel over `io`, which is ready. */
export function startFirmata(
  io: FirmataIo,
  board: FirmataBoard,
  options: FirmataOptions,
): FirmataChannel {
  const { clock, memory, keepAlive, atRest = false } = options;
  const link = createLink(io, clock, { baud: BAUD, relayPin: RELAY_PIN });
  const i2c = createI2c(link, [ADC]);
  const pin = createRelay(link, RELAY_PIN);
  const relay: Relay = atRest ? { write: () => pin.write(false) } : pin;
  const inner = createInnerLine(clock);
  const { dac, range, scan } = fit(i2c, link, clock, relay);
  prepare(io, link);
  link.onRestart(() => prepareAnew(io, link, [relay, dac, range]));
  const seen = { measured: false, overstayed: false };
  const start: Scan["start"] = (onFrame) => {
    scan.start((frame) => {
      seen.measured ||= frame.forceAge >= 0 && frame.temperatureAge >= 0;
      if (!keepAlive && hasOverstayed(shell, clock.now())) {
        seen.overstayed = true;
        inner.send("stop");
      }
      onFrame(frame);
    });
  };
  const parts: Board = {
    ...{ clock, scan: { ...scan, start }, dac, range, relay, memory, line: inner.line },
    watchdog: createWatchdog(link, clock, HEARTBEAT_PIN),
    circuit: CIRCUIT,
    capabilities: capabilitiesOf(board, keepAlive),
  };
  const log = options.log === undefined ? null : createDatalog(parts, options.log, base64);
  const shell = boot(log?.board ?? parts, envelopeOf(keepAlive), FEATURES);
  log?.follow(shell);
  return {
    ...{ shell, link, send: inner.send, onLine: inner.onLine },
    ...{ measured: () => seen.measured, overstayed: () => seen.overstayed },
    close: (done) => putToRest(link, relay, dac, done),
  };
}
