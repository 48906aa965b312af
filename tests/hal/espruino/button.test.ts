import { expect, test } from "vitest";
import { createButton } from "../../../hal/espruino/button.ts";

/** In which frames a press is told, of levels frame by frame (1 = pressed). */
function presses(levels: string): number[] {
  let frame = 0;
  const read = (): boolean => levels.charAt(frame) === "1";
  const button = createButton({ mode: () => undefined, write: () => undefined, read });
  const told: number[] = [];
  for (; frame < levels.length; frame++) if (button.pressed()) told.push(frame);
  return told;
}

test("a press counts once, in its fifth frame", () => {
  expect(presses("0111110")).toEqual([5]);
  expect(presses("0" + "1".repeat(100) + "0")).toEqual([5]);
  expect(presses("01111100111110")).toEqual([5, 12]);
});

test("a touch of four frames, or one that bounces, is none", () => {
  expect(presses("0111100")).toEqual([]);
  expect(presses("011110111101111010")).toEqual([]);
});

test("a button that was never released is none: it hangs, or means maintenance", () => {
  expect(presses("1".repeat(50))).toEqual([]);
  expect(presses("1".repeat(50) + "0" + "1".repeat(9))).toEqual([55]);
});
