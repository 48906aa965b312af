// After a reset in the middle of a run: go on, hold, or give up? A table, read from the top; the
// first row that fits decides.

// What the journal's last record says, as bits.
export const LAST_NONE = 1;
export const LAST_ENDED = 2;
export const LAST_FAULT = 4;
export const LAST_HELD = 8;
/** A step was under way: it had begun, or was begun with nothing else recorded since. */
export const LAST_UNDER_WAY = 16;

// What kind of step that was, as bits.
export const WAS_REST = 1;
export const WAS_CURRENT = 2;
export const WAS_VOLTAGE = 4;
/** Part of a staircase; a rest in it too. */
export const WAS_CCD = 8;

// What the channel finds now, as bits; of several the gravest counts.
export const FOUND_SAME = 1;
/** Voltage out of limits, no cell, another cell, or a start-up check that failed. */
export const FOUND_UNFIT = 2;
/** The third unclean start in ten minutes. */
export const FOUND_BOOT_LOOP = 4;
/** Memory holds another program than the one that ran. */
export const FOUND_OTHER_PROGRAM = 8;

export const POLICY_HOLD = 1;
export const POLICY_CONTINUE = 2;

// Decisions.
export const STAY_IDLE = 0;
/** The run is held, for the operator to resume or stop. */
export const BE_HELD = 1;
/** Go on with the step's remaining time. */
export const GO_ON = 2;
/** Rest first, then go on with the charge of the last checkpoint. */
export const SETTLE = 3;
/** Take hold of the voltage again. */
export const REENTER = 4;
/** End the run by a fault. */
export const GIVE_UP = 5;

/** A cell rests this long before current flows again, s. */
export const SETTLE_S = 60;

const ANY = 31;

/** Rows of last record, step, finding and policy, each a mask, and the decision. Made when it is
 *  asked for: that is once a boot. */
function table(): number[][] {
  return [
    [LAST_NONE | LAST_ENDED | LAST_FAULT, ANY, ANY, ANY, STAY_IDLE],
    [ANY, ANY, FOUND_OTHER_PROGRAM, ANY, GIVE_UP],
    [LAST_HELD, ANY, ANY, ANY, BE_HELD],
    [LAST_UNDER_WAY, ANY, FOUND_BOOT_LOOP, ANY, BE_HELD],
    [LAST_UNDER_WAY, ANY, FOUND_UNFIT, ANY, GIVE_UP],
    // A dwell must be contiguous, and repeating it adds plated charge.
    [LAST_UNDER_WAY, WAS_CCD, ANY, ANY, BE_HELD],
    [LAST_UNDER_WAY, ANY, ANY, POLICY_HOLD, BE_HELD],
    [LAST_UNDER_WAY, WAS_REST, ANY, ANY, GO_ON],
    [LAST_UNDER_WAY, WAS_CURRENT, ANY, ANY, SETTLE],
    [LAST_UNDER_WAY, WAS_VOLTAGE, ANY, ANY, REENTER],
  ];
}

/** What follows from the last record, its step, what the channel finds now (any of `FOUND_…`) and
 *  the step's policy; what no row fits is held. */
export function decide(last: number, step: number, found: number, policy: number): number {
  const rows = table();
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const fits = (row[0] & last) !== 0 && (row[1] & step) !== 0;
    if (fits && (row[2] & found) !== 0 && (row[3] & policy) !== 0) return row[4];
  }
  return BE_HELD;
}
