// NAU7802, 24-bit load-cell converter (Nuvoton, rev. 1.7), free running at 20 SPS, gain 128, bridge
// supplied from its own 3.0 V regulator. Bringing it up takes waits of up to half a second; they
// are spread over frames: until then `poll` answers "pending".
import type { Converter, I2c, Part, ReadDone, ReadState } from "../port.ts";

const ADDRESS = 0x2a;
// Registers and their bits, section 11.
const PU_CTRL = 0x00;
const CTRL1 = 0x01;
const CTRL2 = 0x02;
const ADCO = 0x12;
const RESET = 0x01;
const POWER_DIGITAL = 0x02;
const POWER_ANALOG = 0x04;
const POWER_READY = 0x08;
const CYCLE_START = 0x10;
const CYCLE_READY = 0x20;
const SUPPLY_REGULATED = 0x80;
const POWERED = POWER_DIGITAL | POWER_ANALOG | SUPPLY_REGULATED;
/** Regulator 3.0 V (5 in bits 5:3), gain 128 (7 in bits 2:0). */
const REGULATOR_AND_GAIN = 0x2f;
/** 20 SPS (not the reset value: a brown-out shows), start of the offset calibration. */
const RATE_20 = 0x10;
const CALIBRATE = 0x04;
/** Conversions after a calibration that are not settled yet (section 8.6: the filter's four). */
const DROPPED = 5;

/** Newtons a count for a 1 tonne, 2 mV/V cell: the bridge ratio is all that counts, since its
 *  supply is the reference. */
export const NAU7802_NEWTONS_PER_COUNT = 9806.65 / (2e-3 * 128 * 16777216);

// Stages of the start: what `begin` does next.
const OFF = 0;
const WAKING = 1;
const AWAKE = 2;
const CALIBRATING = 3;
const CALIBRATED = 4;
const RUNNING = 5;

interface State {
  stage: number;
  drop: number;
  done: ReadDone | null;
}

/** Whether the status byte (CTRL2 while calibrating, else PU_CTRL) brings a finished reading. */
function answer(state: State, status: number): ReadState {
  if (state.stage === WAKING) {
    if (status & POWER_READY) state.stage = AWAKE;
    return 0;
  }
  if (state.stage === CALIBRATING) {
    if (status & CALIBRATE) return 0;
    state.stage = status === RATE_20 ? CALIBRATED : OFF;
    return status === RATE_20 ? 0 : -1;
  }
  // A brown-out clears the power bits: start again.
  if ((status & POWER_ANALOG) === 0) {
    state.stage = OFF;
    return -1;
  }
  return status & CYCLE_READY ? 1 : 0;
}

function send(i2c: I2c, bytes: Uint8Array, register: number, value: number): boolean {
  bytes[0] = register;
  bytes[1] = value;
  return i2c.write(ADDRESS, bytes);
}

/** The next step of bringing the chip up, if one is due; false = not acknowledged. */
function bringUp(i2c: I2c, bytes: Uint8Array, state: State): boolean {
  if (state.stage === OFF) {
    state.stage = WAKING;
    return send(i2c, bytes, PU_CTRL, RESET) && send(i2c, bytes, PU_CTRL, POWER_DIGITAL);
  }
  if (state.stage === AWAKE) {
    state.stage = CALIBRATING;
    return (
      send(i2c, bytes, PU_CTRL, POWERED) &&
      send(i2c, bytes, CTRL1, REGULATOR_AND_GAIN) &&
      send(i2c, bytes, CTRL2, RATE_20 | CALIBRATE)
    );
  }
  if (state.stage === CALIBRATED) {
    state.stage = RUNNING;
    state.drop = DROPPED;
    return send(i2c, bytes, PU_CTRL, POWERED | CYCLE_START);
  }
  return true;
}

/** The converter (its address is fixed, and here its gain). */
export function createNau7802(i2c: I2c): Converter & Part {
  const state: State = { stage: OFF, drop: 0, done: null };
  const bytes = new Uint8Array(2);
  const onStatus = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    if (reply === null) state.stage = OFF;
    done(0, reply === null ? -1 : answer(state, reply[0]));
  };
  const onCounts = (reply: ArrayLike<number> | null): void => {
    const done = state.done as ReadDone;
    const dropped = state.drop > 0;
    if (dropped) state.drop--;
    if (dropped || reply === null) done(0, -1);
    else done(((reply[0] << 24) >> 8) | (reply[1] << 8) | reply[2], 1);
  };
  return {
    state,
    onStatus,
    onCounts,
    countsMax: 8388607,
    begin: () => {
      if (state.stage === RUNNING || bringUp(i2c, bytes, state)) return 0;
      state.stage = OFF;
      return -1;
    },
    poll: (done) => {
      state.done = done;
      i2c.read(ADDRESS, state.stage === CALIBRATING ? CTRL2 : PU_CTRL, 1, onStatus);
    },
    read: (done) => {
      state.done = done;
      i2c.read(ADDRESS, ADCO, 3, onCounts);
    },
  };
}
