import { expect, test } from "vitest";
import { createIndicator } from "../../../hal/espruino/indicator.ts";

function pattern(state: number, frames: number): string {
  let seen = "";
  const indicator = createIndicator({
    mode: () => undefined,
    write: (high) => void (seen += high ? "#" : "."),
    read: () => false,
  });
  for (let n = 0; n < frames; n++) indicator.show(state);
  return seen;
}

test.each([
  [0, "#......."],
  [1, "####...."],
  [2, "#.#....."],
  [3, "#.#.#.#."],
])("state %i is shown as %s, over and over", (state, expected) => {
  expect(pattern(state, 24)).toBe(expected.repeat(3));
});

test("no state is a steady light, which would be a loop that stands still", () => {
  for (const state of [0, 1, 2, 3]) {
    expect(new Set(pattern(state, 8))).toEqual(new Set(["#", "."]));
  }
});

test("a change of state goes on in step", () => {
  let seen = "";
  const write = (high: boolean): void => void (seen += high ? "#" : ".");
  const indicator = createIndicator({ mode: () => undefined, write, read: () => false });
  for (const state of [1, 1, 1, 3, 3, 3, 0, 0, 0]) indicator.show(state);
  expect(seen).toBe("###.#...#");
});
