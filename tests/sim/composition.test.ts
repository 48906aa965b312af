import { describe, expect, it } from "vitest";
import { compose, nzspFraction } from "../../sim/composition.ts";
import type { Anode } from "../../sim/composition.ts";

const ratio = (nzspToNaMassRatio: number): Anode => ({ nzspToNaMassRatio });
/** Current density above which voids form: effective area times replenishment, eqs. (1), (2). */
const voidFree = (anode: Anode): number => compose(anode).voidArea * compose(anode).replenishMaCm2;

describe("composition", () => {
  it("turns mass ratio into volume fraction", () => {
    expect(nzspFraction(1 / 5)).toBeCloseTo(0.057, 4);
    expect(nzspFraction(1)).toBeCloseTo(0.2322, 4);
  });

  it("gives the initial interface resistances of Cao et al.: 12.0, 3.5 and 2.4 ohm cm2", () => {
    expect(compose("bareNa").contactOhmCm2).toBeCloseTo(12.0, 6);
    expect(Math.abs(compose("hNa").contactOhmCm2 / 3.5 - 1)).toBeLessThan(0.05);
    expect(Math.abs(compose(ratio(1)).contactOhmCm2 / 2.4 - 1)).toBeLessThan(0.05);
  });

  it("puts the void-free current below 0.1 for bare sodium, above 0.5 mA/cm2 for h-Na", () => {
    expect(voidFree("bareNa")).toBeLessThan(0.1);
    expect(voidFree("hNa")).toBeGreaterThan(0.5);
  });

  it("has its optimum between little and much filler", () => {
    expect(voidFree(ratio(0.2))).toBeGreaterThan(voidFree(ratio(0.02)));
    expect(voidFree(ratio(0.2))).toBeGreaterThan(voidFree(ratio(0.5)));
    expect(voidFree(ratio(0.5))).toBeGreaterThan(voidFree(ratio(1)));
  });

  it("names are ratios: h-Na is 1:5, bare sodium is 0", () => {
    expect(compose("hNa")).toEqual(compose(ratio(0.2)));
    expect(compose("bareNa")).toEqual(compose(ratio(0)));
  });

  it("wets with every filler, and hardens with inert ones", () => {
    expect(compose("SnO2Na").contactOhmCm2).toBeCloseTo(6, 9);
    expect(compose("ZrO2Na").contactOhmCm2).toBeCloseTo(6, 9);
    expect(compose("ZrO2Na").replenishMaCm2).toBeLessThan(compose("SnO2Na").replenishMaCm2);
  });

  it("refuses a ratio that is none", () => {
    for (const wrong of [-1, NaN, Infinity]) {
      expect(() => compose(ratio(wrong))).toThrow(RangeError);
    }
  });
});
