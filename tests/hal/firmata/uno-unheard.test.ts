// The write that changes the set-point is not acknowledged, once: Firmata says nothing of it, and
// the converter keeps its old code. The read-back of the coming frames has to find it.
import { expect, test } from "vitest";
import { FAULT_READBACK } from "../../../firmware/fault.ts";
import { LIVE } from "../../../firmware/loop.ts";
import { createStep, STEP_CURRENT, STEP_REST } from "../../../firmware/protocol.ts";
import { END_FAULT, EVENT_VERDICT } from "../../../firmware/telemetry.ts";
import { observe } from "../../../sim/advance.ts";
import { AD5693R_ADDRESS } from "../../../sim/chip/ad5693r.ts";
import type { FaultPlan } from "../../../sim/fault.ts";
import { cellOf, memoryOf } from "../../boards/rig.ts";
import { eventsOf } from "../../boards/same-events.ts";
import type { Specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig } from "./rig.ts";
import type { Sketch } from "./sketch.ts";

const AMPERE = 1e-4;
const SECONDS = 5;
const WARM_UP_MS = 3000;
const END_MS = 25_000;
/** The converter holds a wrong code for two frames at most, and a frame's way. */
const WRONG_MS = 500;

/** A rest, there and back. */
function thereAndBack(): Specimen {
  const cell = cellOf("hNa");
  const rest = { ...createStep(), kind: STEP_REST, duration: 2, budget: 60 };
  const [there, back] = [AMPERE, -AMPERE].map((current) => {
    const step = { ...createStep(), kind: STEP_CURRENT, current, duration: SECONDS };
    return { ...step, budget: 60, voltageMin: -4, voltageMax: 4 };
  });
  return { cell, seed: 1, memory: memoryOf(cell, [rest, there, back]) };
}

async function begun(sketch: Sketch, plan: FaultPlan = []): Promise<Rig> {
  const rig = await createRig({ sketch, specimen: thereAndBack(), plan });
  rig.lab.run(rig.lab.now() + WARM_UP_MS);
  rig.channel.send("start");
  return rig;
}

/** Numbers of the transactions by which a run without a fault sets `AMPERE`, and the opposite. */
async function changesOf(sketch: Sketch): Promise<number[]> {
  const rig = await begun(sketch);
  const { uno, world } = rig.lab;
  const { loop } = rig.channel.shell.channel;
  const changes: number[] = [];
  let before = 0;
  uno.wires.onWrite = (address) => {
    if (address !== AD5693R_ADDRESS || loop.rung !== LIVE || loop.setpoint === before) return;
    before = loop.setpoint;
    changes.push(world.wire.transactions);
  };
  rig.lab.run(rig.lab.now() + END_MS);
  return changes;
}

/** What a run did with a fault. */
interface Story {
  /** How long the current was neither as told nor none, ms in a row, at most. */
  wrongMs: number;
  /** Frames in which the read-back differed, in a row, at most. */
  noticed: number;
  end: number | undefined;
}

function storyOf(rig: Rig): Story {
  const { lab } = rig;
  const { guard, loop } = rig.channel.shell.channel;
  const story: Story = { wrongMs: 0, noticed: 0, end: undefined };
  const endMs = lab.now() + END_MS;
  let rightMs = lab.now();
  while (lab.now() < endMs) {
    lab.run(lab.now() + 10);
    observe(lab.world);
    const { currentA } = lab.world.cell;
    const right = Math.abs(currentA - loop.setpoint) < 0.03 * AMPERE;
    if (right || Math.abs(currentA) < 1e-9) rightMs = lab.now();
    story.wrongMs = Math.max(story.wrongMs, lab.now() - rightMs);
    story.noticed = Math.max(story.noticed, guard.counts[FAULT_READBACK]);
  }
  story.end = eventsOf(rig.lines).find(({ code }) => code === EVENT_VERDICT)?.values[2];
  return story;
}

describeOnUno("the one write that changes the set-point", (sketch) => {
  test.each([
    ["from none", 0],
    ["to the opposite", 1],
  ])("%s is not acknowledged: the read-back finds it and ends the run", async (_, which) => {
    const changes = await changesOf(sketch);
    expect(changes).toHaveLength(2);
    const transaction = changes[which];
    const rig = await begun(sketch, [{ at: { transaction }, kind: "nack" }]);
    let lost: readonly number[] = [];
    rig.lab.uno.wires.onWrite = (address, bytes, taken) => {
      if (!taken) lost = [address, ...bytes];
    };
    const story = storyOf(rig);
    expect(lost[0]).toBe(AD5693R_ADDRESS);
    expect(story.noticed).toBeGreaterThan(0);
    expect(story.wrongMs).toBeLessThan(WRONG_MS);
    expect(story.end).toBe(END_FAULT);
    expect(rig.lab.world.oracle?.violations).toEqual([]);
    console.log(`wrong for ${story.wrongMs} ms, ${story.noticed} frames, end ${story.end}`);
  });
});
