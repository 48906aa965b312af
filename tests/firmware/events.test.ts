import { expect, test } from "vitest";
import { EVENT_VALUES, add, createEvents, note } from "../../firmware/events.ts";
import { listOf } from "./told.ts";

test("events stand in order, each with its own values", () => {
  const events = createEvents();
  note(events, 3);
  add(events, 0.5);
  add(events, -1);
  note(events, 4);
  note(events, 5);
  add(events, 7);
  expect(listOf(events)).toEqual([[3, 0.5, -1], [4], [5, 7]]);
});

const values = (code: number): number[] =>
  Array.from({ length: EVENT_VALUES }, (_, i) => code * 100 + i);

test("the longest event has room after four shorts, six undecided rules or a fault", () => {
  const before = [Array(4).fill(5), Array(6).fill(1), [1]];
  for (const counts of before as number[][]) {
    const events = createEvents();
    const expected = [...counts.map((count, i) => [i, ...values(i).slice(0, count)])];
    for (const [code, ...rest] of expected) {
      note(events, code);
      for (const value of rest) add(events, value);
    }
    note(events, 8);
    for (const value of values(8)) add(events, value);
    expect(listOf(events)).toEqual([...expected, [8, ...values(8)]]);
  }
});

test("an event without room takes the last one's place, without its values", () => {
  const events = createEvents();
  for (let code = 1; code <= 50; code++) {
    note(events, code);
    for (const value of values(code)) add(events, value);
    const list = listOf(events);
    expect(list).toHaveLength(Math.min(code, 3));
    expect(list.at(-1)).toEqual([code, ...values(code)]);
    expect(list[0]).toEqual([1, ...values(1)]);
  }
});
