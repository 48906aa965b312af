// What the detectors answer with: a bit a finding. The lowest six are the rules, `1 << RULE_…`.

export const FOUND_HARD = 1;
export const FOUND_BOUND = 2;
export const FOUND_STEP = 4;
export const FOUND_DIPS = 8;
export const FOUND_SLOPE = 16;
export const FOUND_CHARGE = 32;
export const FOUND_RECOVERED = 64;
export const FOUND_VOID = 128;
export const FOUND_LOOSE = 256;
export const FOUND_OPEN = 512;
export const FOUND_THERMAL = 1024;
export const FOUND_MECHANICAL = 2048;
/** What the rule `charge` found is a charge without end. Above the bits of what cannot speak. */
export const FOUND_ENDLESS = 1 << 20;
/** Rules that cannot speak, shifted by this: told once each. */
export const UNDECIDABLE_SHIFT = 12;
/** All rules that tell a short, and those of them that are softer than `hard`. */
export const FOUND_SHORT = 63;
export const FOUND_SOFT = 62;
