// HX711, 24-bit load-cell converter (Avia Semiconductor), channel A at gain 128, 10 or 80 readings
// a second by its RATE pin. It is clocked by hand: a clock that stays high for 60 µs switches it
// off, so it needs a board whose pins are quick.
import type { TwoWire } from "../bus.ts";
import type { Converter, Part } from "../port.ts";

/** Pulses of the reading; one more keeps channel A and gain 128 (table 3). */
const BITS = 24;
/** Readings to drop at the start. A controller reset in the middle of a reading leaves the chip
 *  in it: the first is then a mixture, and the second may be of another channel or gain. */
const DROPPED = 2;
/** A conversion that ends during a reading tears it (1 in 2000, at 50 µs a reading): the bits of
 *  two, and nothing in them tells. So a reading counts only beside the one before, counts: 75 N. */
const JUMP_MAX = 32768;

/** Newtons a count for a 1 tonne, 2 mV/V cell: full scale is ±0.5 of the cell's supply over the
 *  gain, so the bridge ratio is all that counts. */
export const HX711_NEWTONS_PER_COUNT = 9806.65 / (2e-3 * 128 * 16777216);

/** Clocks a reading out, most significant bit first; figure 2. */
function take(wires: TwoWire): number {
  let counts = 0;
  for (let i = 0; i < BITS; i++) {
    wires.pulse();
    counts = (counts << 1) | (wires.data() ? 1 : 0);
  }
  wires.pulse();
  return (counts << 8) >> 8;
}

/** The converter behind two pins. Its data line is low when a reading is due, and the last pulse
 *  takes it high again: a line that stays low then is no chip, or one that lost count. */
export function createHx711(wires: TwoWire): Converter & Part {
  const state = { drop: DROPPED, last: 0 };
  return {
    state,
    countsMax: 8388607,
    begin: () => {
      return 0;
    },
    poll: (done) => {
      if (wires.data()) {
        done(0, 0);
        return;
      }
      if (state.drop > 0) {
        state.drop--;
        state.last = take(wires);
        done(0, 0);
        return;
      }
      done(0, 1);
    },
    read: (done) => {
      const counts = take(wires);
      const ok = wires.data();
      if (!ok) state.drop = DROPPED;
      const lone = Math.abs(counts - state.last) > JUMP_MAX;
      state.last = counts;
      if (ok && lone) done(0, 0);
      else done(ok ? counts : 0, ok ? 1 : -1);
    },
  };
}
