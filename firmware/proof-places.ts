// The numbers of the active proof stand in one array, for on a small board a field of an object
// takes three times the room. Here are their places. Voltages in V, areal resistances in Ω cm²,
// times in s since boot, flags 0 or 1; `side` is 0 for a discharge, 1 for a charge.

/** The board carries it. */
export const AVAILABLE = 0;
/** Where an experiment stands, see proof-state.ts. */
export const PHASE = 1;
/** A suspicion waits for its experiment, since when; and what it says has fallen, ln. */
export const PENDING = 2;
export const SUSPECTED_AT = 3;
export const CLAIMED = 4;
/** Step in which the cell was seen healthy; -1 = never. */
export const BASED = 5;
/** By so much the first reading's middle comes later than reckoned, as the baseline tells, s. */
export const LATE = 6;
/** Experiments on suspicion in this step, and in this hour, since when; end of the last. */
export const TRIED = 7;
export const HOURLY = 8;
export const HOUR_AT = 9;
export const ENDED_AT = 10;
/** Outcome of the last suspicion, `RESULT_…`; none is pending or under way. */
export const OUTCOME = 11;
export const SETTLED = 12;
/** By side: voltage at zero current that resistances are reckoned from; level when the baseline was
 *  taken (compensated ln), NaN = never. */
export const OFFSETS = 13;
export const LEVELS = 15;

// The step's frames as they go by; resistances as compensated ln.
/** Step count, and times of its beginning and of the last frame. */
export const STEP = 17;
export const BEGUN_AT = 18;
export const SEEN_AT = 19;
/** The frames before this one count. */
export const STEADY = 20;
/** Mean voltage, and how it rises, V/s. */
export const VOLTAGE = 21;
export const SLOPE = 22;
/** The resistance, and its highest in this step. */
export const LEVEL = 23;
export const HIGHEST = 24;
/** Temperature correction, and its mean over the thermometer's lag. */
export const WARMTH = 25;
export const LAGGED = 26;

// The experiment under way.
/** On suspicion; otherwise the cell's baseline is taken. */
export const SUSPICIOUS = 27;
/** Set-point, A, and when its phase began. */
export const SETPOINT = 28;
export const PHASE_AT = 29;
/** Time and net charge of the step when it began; what was missed is made up for. */
export const CURRENT_TIME = 30;
export const CHARGE = 31;
export const COUNTED = 32;
export const BURST_WANTED = 33;
/** Cuts so far; voltage before the first one, sums of those before each and of so many frames at
 *  zero current. */
export const CUTS = 34;
export const OPENING = 35;
export const BEFORE = 36;
export const ZERO = 37;
export const ZEROS = 38;
/** Index of the further method under way. */
export const METHOD = 39;
/** Fall of the resistance since its highest, ln; NaN = not known. */
export const FALL = 40;
/** Of the last method: value and threshold. */
export const VALUE = 41;
export const THRESHOLD = 42;

// What its interrupts have shown; voltages signed as the counts. Sums over complete bursts:
/** Bursts, means of their last 0.1 s, first readings, times from the interrupt to the middle of the
 *  first reading. */
export const BURSTS = 43;
export const TAIL = 44;
export const OPENED = 45;
export const MIDDLE = 46;
/** What relaxes, at the instant of the interrupt, its standard deviation from noise, and its time
 *  constant, s; 0 = not resolved. */
export const IONIC = 47;
export const SIGMA = 48;
export const TAU = 49;
/** First readings less those 0.1 s later: thirteen sums. */
export const READINGS = 50;

/** Pictures of the cell: as the interrupt has just shown it, and while it was healthy. */
export const NOW = 63;
export const BASE = 69;
// Places within a picture.
/** Ohmic part of the resistance (0 = not resolved), its relative standard uncertainty. */
export const OHMIC = 0;
export const UNSURE = 1;
/** What is gone by the first reading, and within a second. */
export const FIRST = 2;
export const TOTAL = 3;
/** Capacity of the interface, F/cm². */
export const CAPACITY = 4;
/** ln of the pellet's resistance over that at 25 °C. */
export const PICTURE_WARMTH = 5;
export const PICTURE = 6;

/** Places without further methods. */
export const PLACES = 75;
/** Where there are some: eight sums of the one under way, and eight values that they keep of the
 *  healthy cell. */
export const SUMS = 75;
export const KEPT = 83;
export const PLACES_OF_METHODS = 91;
