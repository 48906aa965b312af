// NAU7802, 24-bit load-cell converter (Nuvoton, rev. 1.7), free running at 10 SPS, gain 128, bridge
// supplied from its own 3.0 V regulator. Bringing it up takes waits of up to half a second; they
// are spread over frames: until then `poll` answers "pending".
import type { Converter, I2c, Part } from "../port.ts";

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
/** Regulator 3.0 V (5 in bits 5:3), gain 128 (7 in bits 2:0). */
const REGULATOR_AND_GAIN = 0x2f;
/** 10 SPS, start of the offset calibration. */
const CALIBRATE = 0x04;
const CALIBRATION_ERROR = 0x08;
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

type Polled = Parameters<Converter["poll"]>[0];
type Taken = Parameters<Converter["read"]>[0];

interface State {
  stage: number;
  drop: number;
  polled: Polled | null;
  taken: Taken | null;
}

/** Whether the status byte (CTRL2 while calibrating, else PU_CTRL) brings a finished reading. */
function answer(state: State, status: number): -1 | 0 | 1 {
  if (state.stage === WAKING) {
    if (status & POWER_READY) state.stage = AWAKE;
    return 0;
  }
  if (state.stage === CALIBRATING) {
    if (status & CALIBRATE) return 0;
    state.stage = status & CALIBRATION_ERROR ? OFF : CALIBRATED;
    return status & CALIBRATION_ERROR ? -1 : 0;
  }
  // A brown-out clears the power bits: start again.
  if ((status & POWER_ANALOG) === 0) {
    state.stage = OFF;
    return -1;
  }
  return status & CYCLE_READY ? 1 : 0;
}

/** The converter at address 0x2a (the only one); its gain is fixed. */
export function createNau7802(i2c: I2c): Converter & Part {
  const address = 0x2a;
  const state: State = { stage: OFF, drop: 0, polled: null, taken: null };
  const bytes = new Uint8Array(2);
  const send = (register: number, value: number): boolean => {
    bytes[0] = register;
    bytes[1] = value;
    return i2c.write(address, bytes);
  };
  const onStatus = (reply: ArrayLike<number> | null): void => {
    const done = state.polled as Polled;
    if (reply === null) state.stage = OFF;
    done(reply === null ? -1 : answer(state, reply[0]));
  };
  const onCounts = (reply: ArrayLike<number> | null): void => {
    const done = state.taken as Taken;
    if (state.drop > 0) state.drop--;
    else if (reply !== null) {
      done(((reply[0] << 24) >> 8) | (reply[1] << 8) | reply[2], 0, true);
      return;
    }
    done(0, 0, false);
  };
  const bringUp = (): boolean => {
    if (state.stage === OFF) {
      state.stage = WAKING;
      return send(PU_CTRL, RESET) && send(PU_CTRL, POWER_DIGITAL);
    }
    if (state.stage === AWAKE) {
      state.stage = CALIBRATING;
      const power = POWER_DIGITAL | POWER_ANALOG | SUPPLY_REGULATED;
      return send(PU_CTRL, power) && send(CTRL1, REGULATOR_AND_GAIN) && send(CTRL2, CALIBRATE);
    }
    if (state.stage === CALIBRATED) {
      state.stage = RUNNING;
      state.drop = DROPPED;
      const power = POWER_DIGITAL | POWER_ANALOG | SUPPLY_REGULATED;
      return send(PU_CTRL, power | CYCLE_START);
    }
    return true;
  };
  return {
    state,
    tasks: [onStatus, onCounts],
    begin: () => {
      if (bringUp()) return 0;
      state.stage = OFF;
      return -1;
    },
    poll: (done) => {
      state.polled = done;
      i2c.read(address, state.stage === CALIBRATING ? CTRL2 : PU_CTRL, 1, onStatus);
    },
    read: (done) => {
      state.taken = done;
      i2c.read(address, ADCO, 3, onCounts);
    },
  };
}
