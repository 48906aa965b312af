import { expect, test } from "vitest";
import { EVENT_VALUES, add, createEvents, note } from "../../firmware/events.ts";

function listOf(events: ReturnType<typeof createEvents>): number[][] {
  return Array.from({ length: events.count }, (_, i) => {
    const from = i * EVENT_VALUES;
    return [events.codes[i], ...events.values.subarray(from, from + events.counts[i])];
  });
}

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

test("the longest event has room", () => {
  const events = createEvents();
  for (let code = 1; code <= 8; code++) {
    note(events, code);
    for (let i = 0; i < EVENT_VALUES; i++) add(events, code * 100 + i);
  }
  expect(listOf(events)).toHaveLength(8);
  for (const [code, ...values] of listOf(events)) {
    expect(values).toEqual(Array.from({ length: EVENT_VALUES }, (_, i) => code * 100 + i));
  }
});

test("a ninth event takes the last one's place, without its values", () => {
  const events = createEvents();
  for (let code = 1; code <= 9; code++) {
    note(events, code);
    add(events, code);
  }
  expect(events.count).toBe(8);
  expect(listOf(events)).toEqual([1, 2, 3, 4, 5, 6, 7, 9].map((code) => [code, code]));
});
