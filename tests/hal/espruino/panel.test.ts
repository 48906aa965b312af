import { describe, expect, test } from "vitest";
import type { EspruinoPin } from "../../../hal/espruino/platform.ts";
import { createPanel } from "../../../hal/espruino/panel.ts";
import type { Panel } from "../../../hal/port.ts";

const LEAST = 5;

interface Seen {
  panel: Panel;
  light: string;
  pressed: boolean;
}

function rig(): Seen {
  const pin = (changes: Partial<EspruinoPin>): EspruinoPin => ({
    mode: () => undefined,
    write: () => undefined,
    read: () => false,
    ...changes,
  });
  const seen = { light: "", pressed: false } as Seen;
  seen.panel = createPanel(
    pin({ write: (high) => void (seen.light += high ? "#" : ".") }),
    pin({ read: () => seen.pressed }),
  );
  return seen;
}

/** What the light shows in so many frames. */
function pattern(lamp: number, frames: number): string {
  const seen = rig();
  for (let n = 0; n < frames; n++) seen.panel(lamp, LEAST);
  return seen.light;
}

/** In which frames a press is told, of levels frame by frame (1 = pressed); `least` by frame. */
function presses(levels: string, least: (frame: number) => number = () => LEAST): number[] {
  const seen = rig();
  return [...levels].flatMap((level, frame) => {
    seen.pressed = level === "1";
    return seen.panel(0, least(frame)) ? [frame] : [];
  });
}

describe("the light", () => {
  test.each([
    [0, "#......."],
    [1, "####...."],
    [2, "#.#....."],
    [3, "#.#.#.#."],
  ])("shows %i as %s, over and over", (lamp, expected) => {
    expect(pattern(lamp, 24)).toBe(expected.repeat(3));
  });

  test("is never steady, which would be a loop that stands still", () => {
    for (const lamp of [0, 1, 2, 3]) {
      expect(new Set(pattern(lamp, 8))).toEqual(new Set(["#", "."]));
    }
  });

  test("goes on in step when what it shows changes", () => {
    const seen = rig();
    for (const lamp of [1, 1, 1, 3, 3, 3, 0, 0, 0]) seen.panel(lamp, LEAST);
    expect(seen.light).toBe("###.#...#");
  });
});

describe("the button", () => {
  test("counts once a press, in the frame in which it has lasted long enough", () => {
    expect(presses("0111110")).toEqual([5]);
    expect(presses("0" + "1".repeat(100) + "0")).toEqual([5]);
    expect(presses("01111100111110")).toEqual([5, 12]);
    expect(presses("0110110", () => 2)).toEqual([2, 5]);
  });

  test("takes no notice of a shorter touch, or of one that bounces", () => {
    expect(presses("0111100")).toEqual([]);
    expect(presses("011110111101111010")).toEqual([]);
  });

  test("that was never let go is none: it hangs, or means maintenance", () => {
    expect(presses("1".repeat(50))).toEqual([]);
    expect(presses("1".repeat(50) + "0" + "1".repeat(9))).toEqual([55]);
  });

  test("that is pressed while its meaning changes means neither", () => {
    const changing = (at: number, before: number, after: number) => (frame: number) =>
      frame < at ? before : after;
    // A run that ends by itself under a press that was to stop it does not start again.
    expect(presses("0" + "1".repeat(30), changing(2, 2, 5))).toEqual([]);
    expect(presses("0" + "1".repeat(30), changing(3, 5, 2))).toEqual([]);
    expect(presses("0" + "1".repeat(9) + "0" + "1".repeat(9), changing(2, 2, 5))).toEqual([15]);
    // Nor does what has stopped it.
    expect(presses("0" + "1".repeat(30), changing(3, 2, 5))).toEqual([2]);
  });
});
