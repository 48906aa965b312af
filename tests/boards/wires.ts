// The two wires of the I2C bus while a board drives them as pins: who answers an address, and what
// a chip does that holds the data line.
import { recoverBus } from "../../sim/bus.ts";
import { answers } from "../../sim/wire.ts";
import type { World } from "../../sim/world.ts";

/** Clocks after which a chip that holds the data line lets go of it: the rest of a byte at most. */
const HELD_CLOCKS = 9;
const BITS = 8;

export interface Wires {
  /** What the board's open-drain pin does. */
  write(wire: "scl" | "sda", high: boolean): void;
  /** The level of the wire. */
  read(wire: "scl" | "sda"): boolean;
  /** Clocks given by hand, and addresses asked. */
  readonly seen: { clocks: number; asked: number[] };
}

interface State {
  scl: boolean;
  sda: boolean;
  /** Bits since a start, -1 = nobody listens. */
  bits: number;
  byte: number;
  acknowledging: boolean;
  /** Clocks since the data line was held. */
  heldClocks: number;
}

function onClock(world: World, state: State, seen: Wires["seen"], high: boolean): void {
  if (!high) {
    if (state.bits === BITS && !state.acknowledging) {
      seen.asked.push(state.byte >> 1);
      state.acknowledging = answers(world, state.byte >> 1);
      state.bits++;
    } else if (state.bits > BITS) {
      state.acknowledging = false;
      state.bits = -1;
    }
    return;
  }
  seen.clocks++;
  if (world.faults.sdaLow) {
    if (++state.heldClocks >= HELD_CLOCKS) recoverBus(world);
  } else if (state.bits >= 0 && state.bits < BITS) {
    state.byte = (state.byte << 1) | (state.sda ? 1 : 0);
    state.bits++;
  }
}

/** Both wires high. */
export function createWires(world: World): Wires {
  const state: State = {
    ...{ scl: true, sda: true, bits: -1, byte: 0, acknowledging: false, heldClocks: 0 },
  };
  const seen: Wires["seen"] = { clocks: 0, asked: [] };
  return {
    seen,
    write: (wire, high) => {
      if (high === state[wire]) return;
      state[wire] = high;
      if (wire === "scl") onClock(world, state, seen, high);
      else if (state.scl && !world.faults.sdaLow) {
        state.bits = high ? -1 : 0;
        state.byte = 0;
        state.acknowledging = false;
      }
    },
    read: (wire) => {
      if (wire === "scl") return state.scl;
      if (!world.faults.sdaLow) state.heldClocks = 0;
      return state.sda && !world.faults.sdaLow && !state.acknowledging;
    },
  };
}
