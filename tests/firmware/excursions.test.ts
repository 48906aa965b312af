// Counting brief changes: dips that only ever go one way are a bridge, changes both ways a contact.
import { expect, test } from "vitest";
import { dipped, jumped } from "../../firmware/excursions.ts";
import { createShorts, forget } from "../../firmware/shorts-state.ts";

/** Answers to dips at these times, s. */
function dips(excursions: Float64Array, at: number[]): boolean[] {
  return at.map((time) => dipped(excursions, time));
}

/** Answers to jumps at these times, s. */
function jumps(excursions: Float64Array, at: number[]): boolean[] {
  return at.map((time) => jumped(excursions, time));
}

const [no, yes] = [false, true];

test("the fifth dip within ten minutes is a sign, told once", () => {
  expect(dips(createShorts().numbers, [0, 100, 200, 300, 400])).toEqual([no, no, no, no, yes]);
  const many = Array.from({ length: 40 }, (_, i) => 30 * i);
  expect(dips(createShorts().numbers, many).filter(Boolean)).toHaveLength(1);
});

test("dips that are further apart are none", () => {
  const rare = Array.from({ length: 40 }, (_, i) => 160 * i);
  expect(dips(createShorts().numbers, rare)).not.toContain(yes);
});

test("dips are a sign again after it has been quiet", () => {
  const excursions = createShorts().numbers;
  expect(dips(excursions, [0, 1, 2, 3, 4])).toEqual([no, no, no, no, yes]);
  expect(dips(excursions, [2000, 2001, 2002, 2003, 2004])).toEqual([no, no, no, no, yes]);
});

test("with two peaks among them dips are no sign", () => {
  const excursions = createShorts().numbers;
  jumps(excursions, [0, 100]);
  const many = Array.from({ length: 30 }, (_, i) => 10 + 10 * i);
  expect(dips(excursions, many)).not.toContain(yes);
});

test("with one peak they have to be eight", () => {
  const excursions = createShorts().numbers;
  jumped(excursions, 0);
  const answers = dips(excursions, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(answers.indexOf(yes)).toBe(7);
  expect(answers.filter(Boolean)).toHaveLength(1);
});

test("a peak that is ten minutes old does not count any more", () => {
  const excursions = createShorts().numbers;
  jumps(excursions, [0, 1]);
  expect(dips(excursions, [602, 603, 604, 605, 606])).toEqual([no, no, no, no, yes]);
});

test("the fourth jump within a minute is a loose contact, told until it has been quiet", () => {
  const excursions = createShorts().numbers;
  expect(jumps(excursions, [0, 20, 40, 60, 61, 62])).toEqual([no, no, no, yes, no, no]);
  expect(jumps(excursions, [500, 501, 502, 503])).toEqual([no, no, no, yes]);
});

test("jumps that are further apart are none", () => {
  const rare = Array.from({ length: 40 }, (_, i) => 21 * i);
  expect(jumps(createShorts().numbers, rare)).not.toContain(yes);
});

test("dips are no jumps", () => {
  const excursions = createShorts().numbers;
  dips(excursions, [0, 1, 2, 3, 4, 5]);
  expect(jumps(excursions, [6, 7, 8])).toEqual([no, no, no]);
});

test("another run knows of none", () => {
  const shorts = createShorts();
  const excursions = shorts.numbers;
  dips(excursions, [0, 1, 2, 3]);
  jumps(excursions, [0, 1, 2]);
  forget(shorts);
  expect(dips(excursions, [4, 5, 6, 7])).not.toContain(yes);
  expect(jumps(excursions, [4, 5, 6])).not.toContain(yes);
});
