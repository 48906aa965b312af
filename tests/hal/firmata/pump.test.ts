// The keep-alive's charge pump with the parts of docs/keep-alive.md, and at the ends of their
// tolerances: it holds between the beats of frames, and never 2 s beyond the last one.
import { expect, test } from "vitest";
import { advanceTo } from "../../../sim/advance.ts";
import { createWorld } from "../../../sim/world.ts";
import { cellOf } from "../../boards/rig.ts";
import type { PumpParts } from "./pump.ts";
import { createPump, PUMP } from "./pump.ts";

/** Fastest and usual distance of edges, ms. */
const FASTEST_MS = 40;
const FRAME_MS = 200;
const EDGES = 200;
const DROPPED_MS = 2000;

/** The slowest to let go, and the first. */
const SLOW: PumpParts = { ...PUMP, decayMs: 990, holdV: 0.8 };
const QUICK: PumpParts = { ...PUMP, decayMs: 650, holdV: 1.5 };

function run(parts: PumpParts, edgeMs: number) {
  const world = createWorld({ cell: cellOf("bareNa"), seed: 1 });
  const pump = createPump(world, () => world.clock.nowMs, parts);
  const wait = (ms: number): void => advanceTo(world, world.clock.nowMs + ms);
  pump.command(true);
  let drops = 0;
  for (let i = 0; i < EDGES; i++) {
    pump.level(i % 2 === 0);
    wait(edgeMs);
    if (i > 4 && !world.keepAlive.alive) drops++;
  }
  return { world, pump, wait, drops };
}

test.each([PUMP, SLOW, QUICK])("holds while frames beat, parts %o", (parts) => {
  for (const edgeMs of [FASTEST_MS, FRAME_MS]) {
    const { world, drops } = run(parts, edgeMs);
    expect(drops).toBe(0);
    expect(world.frontend.output.position).toBe(1);
  }
});

test.each([PUMP, SLOW, QUICK])("lets go within 2 s of the last beat, parts %o", (parts) => {
  for (const [edgeMs, high] of [
    [FASTEST_MS, true],
    [FASTEST_MS, false],
    [FRAME_MS, true],
  ] as const) {
    const { world, pump, wait } = run(parts, edgeMs);
    pump.level(high);
    let ms = 0;
    for (; world.frontend.output.position === 1 && ms < 10_000; ms += 10) wait(10);
    expect(ms).toBeGreaterThan(FRAME_MS);
    expect(ms).toBeLessThan(DROPPED_MS);
    // A pin that stands still feeds nothing, high or low.
    wait(60_000);
    expect(world.keepAlive.alive).toBe(false);
  }
});

test("a relay that was let go closes again only when the pump is fed anew", () => {
  const { world, pump, wait } = run(PUMP, FRAME_MS);
  wait(5000);
  expect(world.frontend.output.position).toBe(0);
  pump.command(false);
  pump.level(false);
  pump.level(true);
  wait(50);
  expect(world.frontend.output.position).toBe(0);
  pump.command(true);
  wait(50);
  expect(world.frontend.output.position).toBe(1);
});
