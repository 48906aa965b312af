// Constant voltage on a galvanostat: from each frame's voltage and current the current of the next.
// Each step goes by what the cell resists, which is learnt from every change of the current; before
// anything is known, a small current grows until the voltage answers to it.

/** What the controller remembers: numbers in the places below. V, A, Ω. */
export type Grip = Float64Array;

/** The last reading; 1 = there is one. */
const VOLTS_BEFORE = 0;
const AMPS_BEFORE = 1;
const SEEN = 2;
/** Change of voltage within a frame for one of current; 0 = not known yet. */
export const OHMS = 3;
/** How fast the voltage goes on changing under a current, Ω/s: that of a cell that is almost full
 *  leaps within seconds. */
export const PACE = 4;
export const GRIP_PLACES = 5;

/** A change of the current tells the resistance when it moves the voltage this many times as much
 *  as noise does, and more than what goes on. */
const TELLING = 6;
/** What is learnt counts so much, the resistance by no more than this factor at once. */
const OHMS_SHARE = 0.6;
const OHMS_FACTOR = 4;
const PACE_SHARE = 0.5;
/** Far from the wanted voltage a frame takes this share of the way, near it no more than this time
 *  constant allows, s: noise is not to be followed. Near and far in multiples of the noise. */
const SHARE_FAR = 0.7;
const NEAR_S = 3;
const NEAR = 2;
export const FAR = 8;
/** The first current is this share of what the wanted change of voltage takes in a cell as it is
 *  guessed, for one that resists 16 384 times as much; without an answer it grows by this factor a
 *  frame. */
const FIRST_SHARE = 1 / 16384;
const GROWTH = 4;

/** Forgets the last reading, but not what the cell resists: the current was interrupted. */
export function letGo(grip: Grip): void {
  grip[SEEN] = grip[PACE] = 0;
}

/** Learns from an answer of the voltage to a change of the current. */
function learn(grip: Grip, answer: number, change: number, least: number): void {
  const known = grip[OHMS];
  const ohms = answer / change;
  if (known === 0) {
    if (Math.abs(answer) > least && ohms > 0) grip[OHMS] = ohms;
  } else if (Math.abs(change) * known > least) {
    const most = Math.min(ohms, known * OHMS_FACTOR);
    grip[OHMS] += (Math.max(most, known / OHMS_FACTOR) - known) * OHMS_SHARE;
  }
}

/** Takes in a frame's `volts` and `amps`, `seconds` after the last; `noise` is a voltage's, V. */
export function feel(
  grip: Grip,
  volts: number,
  amps: number,
  noise: number,
  seconds: number,
): void {
  const rise = volts - grip[VOLTS_BEFORE];
  const change = amps - grip[AMPS_BEFORE];
  const seen = grip[SEEN];
  grip[VOLTS_BEFORE] = volts;
  grip[AMPS_BEFORE] = amps;
  grip[SEEN] = 1;
  if (seen === 0 || !(seconds > 0)) return;
  const drift = grip[PACE] * seconds * amps;
  learn(grip, rise - drift, change, Math.max(TELLING * noise, Math.abs(drift)));
  if (grip[OHMS] === 0) return;
  // Weighed by how much of the voltage the current makes.
  const size = (noise * TELLING) / grip[OHMS];
  const gain = (PACE_SHARE * amps) / (amps * amps + size * size);
  const pace = grip[PACE] + ((rise - change * grip[OHMS] - drift) * gain) / seconds;
  grip[PACE] = pace > 0 ? pace : 0;
}

/** Change of the current, A, after a frame that found `error` V of `wanted` voltage missing, with
 *  `ramp` V more wanted in the next one `seconds` later; `amps` is set now. */
function follow(
  grip: Grip,
  amps: number,
  error: number,
  ramp: number,
  noise: number,
  seconds: number,
): number {
  const slow = seconds / (seconds + NEAR_S);
  const far = (Math.abs(error) / noise - NEAR) / (FAR - NEAR);
  const share = far <= 0 ? slow : far >= 1 ? SHARE_FAR : slow + (SHARE_FAR - slow) * far;
  const pace = grip[PACE] * seconds;
  // What the noise hides is no drift.
  const goesOn = Math.abs(pace * amps) > noise ? pace : 0;
  return (share * error + ramp - goesOn * amps) / (grip[OHMS] + goesOn);
}

/** Current for the frame that comes in `seconds`, A, no more than `most` either way; the other
 *  values as in `follow`. A cell that is not known resists `guess` Ω or more. */
export function steer(
  grip: Grip,
  amps: number,
  error: number,
  ramp: number,
  most: number,
  noise: number,
  seconds: number,
  guess: number,
): number {
  const first = (error / guess) * FIRST_SHARE;
  const grown = amps * GROWTH;
  const probe = grown * first > first * first ? grown : first;
  const known = amps + follow(grip, amps, error, ramp, noise, seconds);
  const next = grip[OHMS] === 0 ? probe : known;
  return next > most ? most : next < -most ? -most : next;
}
