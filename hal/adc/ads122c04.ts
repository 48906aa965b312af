// ADS122C04, 24-bit converter with four inputs (TI SBAS751B), single-shot with its own 2.048 V
// reference. Its replies can carry a check of their own, for buses that have none.
import { intact, replyBytes } from "./ads122c04-integrity.ts";
import type { Converter, I2c, Part, ReadDone } from "../port.ts";

// Commands, section 8.5.3; those to registers take the register number in bits 3:2.
const START = 0x08;
const READ_CONVERSION = 0x10;
const READ_REGISTER = 0x20;
const WRITE_REGISTER = 0x40;
// Registers, section 8.6: input and gain; data rate; DRDY (bit 7) and data check (bits 5:4).
const INPUT = 0 << 2;
const RATE = 1 << 2;
const CHECK = 2 << 2;
const READY = 0x80;
const CHECK_FIELD = 0x30;
/** Contents of a reply. */
const STATUS_BYTES = 1;
const COUNTS_BYTES = 3;

/** Inputs, field MUX (section 8.6.2.1): positive and negative pin. */
export const AIN0_AIN3 = 2;
export const AIN1_AIN3 = 5;
export const AIN2_AIN3 = 6;

/** Field DR: data rates in normal mode, samples a second. Only the slowest rejects mains by itself;
 *  from 330 on, two inputs fit into half a mains period. At 90 two of them take 24 ms: readings to
 *  be averaged against mains then belong three half periods apart, not one. */
export const SPS_20 = 0;
export const SPS_90 = 2;
export const SPS_175 = 3;
export const SPS_330 = 4;
/** Clock cycles a single-shot conversion takes, by field DR (table 12). */
const CYCLES = [51213, 22805, 11557, 5941, 3141, 1749, 1061];
/** The 1.024 MHz oscillator 2 % slow (section 6.5), cycles a millisecond. */
const CYCLES_PER_MS = 1024 * 0.98;

/** Volts a count at gain index 0 to 7, which is gain 1 to 128: 2 · 2.048 V / gain / 2^24. */
export const ADS122C04_VOLTS_PER_COUNT = [
  4.096 / 16777216,
  2.048 / 16777216,
  1.024 / 16777216,
  0.512 / 16777216,
  0.256 / 16777216,
  0.128 / 16777216,
  0.064 / 16777216,
  0.032 / 16777216,
];

/** Last code of the scale. */
export const ADS122C04_COUNTS_MAX = 8388607;

interface State {
  /** Rate and check are set; a reset of the chip clears them. */
  configured: boolean;
  done: ReadDone | null;
}

/** The chip as the converter of all its inputs; gain indices 0 to 7. */
export interface Ads122c04 extends Converter, Part {
  readonly state: State;
  readonly onStatus: (bytes: ArrayLike<number> | null) => void;
  readonly onCounts: (bytes: ArrayLike<number> | null) => void;
}

/** Command and value of a register write; the start command. */
interface Bus {
  readonly i2c: I2c;
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly start: Uint8Array;
}

function set(bus: Bus, register: number, value: number): boolean {
  bus.bytes[0] = WRITE_REGISTER | register;
  bus.bytes[1] = value;
  return bus.i2c.write(bus.address, bus.bytes);
}

function configure(bus: Bus, rate: number, check: number): boolean {
  return set(bus, RATE, rate << 5) && set(bus, CHECK, check);
}

function createBus(i2c: I2c, address: number): Bus {
  const start = new Uint8Array(1);
  start[0] = START;
  return { i2c, address, bytes: new Uint8Array(2), start };
}

/** A chip at `address` (0x40 to 0x4f) at data rate `rate`, with its data checked by `check` (see
 *  ads122c04-integrity.ts); touches no hardware. */
export function createAds122c04(i2c: I2c, address: number, rate: number, check: number): Ads122c04 {
  const state: State = { configured: false, done: null };
  const bus = createBus(i2c, address);
  const waitMs = CYCLES[rate] / CYCLES_PER_MS;
  // A chip that has forgotten its settings has been reset: what it converts means nothing.
  const onStatus = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    const sound = reply !== null && intact(reply, STATUS_BYTES, check);
    state.configured = sound && (reply[0] & CHECK_FIELD) === check;
    if (!sound || !state.configured) done(0, -1);
    else done(0, reply[0] & READY ? 1 : 0);
  };
  const onCounts = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    state.configured = reply !== null && intact(reply, COUNTS_BYTES, check);
    if (reply === null || !state.configured) done(0, -1);
    else done(((reply[0] << 24) >> 8) | (reply[1] << 8) | reply[2], 1);
  };
  return {
    state,
    onStatus,
    onCounts,
    countsMax: ADS122C04_COUNTS_MAX,
    begin: (gain, input) => {
      const ready = state.configured || configure(bus, rate, check);
      const taken = ready && set(bus, INPUT, (input << 4) | (gain << 1));
      state.configured = taken && i2c.write(address, bus.start);
      return state.configured ? waitMs : -1;
    },
    poll: (done) => {
      state.done = done;
      i2c.read(address, READ_REGISTER | CHECK, replyBytes(STATUS_BYTES, check), onStatus);
    },
    read: (done) => {
      state.done = done;
      i2c.read(address, READ_CONVERSION, replyBytes(COUNTS_BYTES, check), onCounts);
    },
  };
}
