import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createClock, createTime } from "../../../hal/firmata/clock.ts";

function time() {
  const at = { steady: 1000, wall: 5e12 };
  const now = createTime({ steady: () => at.steady, wall: () => at.wall });
  return { at, now };
}

test("time is steady time since the beginning, however the wall clock drifts", () => {
  const { at, now } = time();
  expect(now()).toBe(0);
  for (let i = 1; i <= 100; i++) {
    at.steady += 1000;
    at.wall += 1000.1;
    expect(now()).toBe(i * 1000);
  }
});

test("a computer that slept has missed the time, once", () => {
  const { at, now } = time();
  at.wall += 3_600_000;
  expect(now()).toBe(3_600_000);
  at.steady += 10;
  at.wall += 10;
  expect(now()).toBe(3_600_010);
});

test("a wall clock that is set back changes nothing, nor does its way forth again by less", () => {
  const { at, now } = time();
  at.wall -= 3_600_000;
  expect(now()).toBe(0);
  at.wall += 4000;
  expect(now()).toBe(0);
});

test("timers run once, in their order, and not when they were cancelled", async () => {
  const clock = createClock();
  const ran: string[] = [];
  clock.after(0, () => ran.push("at once"));
  clock.after(10, () => ran.push("later"));
  clock.cancel(clock.after(5, () => ran.push("cancelled")));
  clock.cancel(clock.after(0, () => ran.push("cancelled")));
  await sleep(40);
  expect(ran).toEqual(["at once", "later"]);
});

test("a clock that was stopped runs nothing any more", async () => {
  const clock = createClock();
  const ran: string[] = [];
  clock.after(5, () => ran.push("before"));
  clock.stop();
  clock.after(5, () => ran.push("after"));
  await sleep(30);
  expect(ran).toEqual([]);
});
