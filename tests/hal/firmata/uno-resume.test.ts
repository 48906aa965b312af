// A host that dies in a run, and the next one: the journal in its memory brings the run back, held.
import { expect, test } from "vitest";
import { decodeAnswer, VERB_STATUS } from "../../../firmware/console.ts";
import { HELD, IDLE } from "../../../firmware/schedule.ts";
import { observe } from "../../../sim/advance.ts";
import { specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { attach, createRig } from "./rig.ts";

const CELL = specimen({ start: 0.3, step: 0.1, charge: 0.01, thickness: 0.162 }, 1);
const LEVEL_A = 0.3e-3 * CELL.cell.areaCm2;

/** The phase that the channel states. */
function phaseOf(rig: Rig): number | undefined {
  rig.channel.send("status");
  rig.lab.run(rig.lab.now() + 500);
  const answers = rig.lines.map(decodeAnswer).filter((each) => each?.verb === VERB_STATUS);
  return answers.at(-1)?.values[0];
}

function currentOf(rig: Rig): number {
  observe(rig.lab.world);
  return rig.lab.world.cell.currentA;
}

describeOnUno("a host that died in a run", (sketch) => {
  test("is followed by one that finds the run held, and can stop it", async () => {
    const first = await createRig({ sketch, specimen: CELL });
    const { lab } = first;
    lab.run(lab.now() + 3000);
    first.channel.send("start");
    lab.run(lab.now() + 10_000);
    expect(currentOf(first)).toBeCloseTo(LEVEL_A, 6);
    lab.killHost();
    lab.run(lab.now() + 5000);

    const next = { ...first, ...(await attach(lab, first.memory, { sketch, specimen: CELL })) };
    lab.run(lab.now() + 10_000);
    // Half a level is lost: a staircase waits for its operator.
    expect(phaseOf(next)).toBe(HELD);
    expect(currentOf(next)).toBeCloseTo(0, 9);
    next.channel.send("stop");
    lab.run(lab.now() + 3000);
    expect(phaseOf(next)).toBe(IDLE);
    lab.killHost();

    const last = { ...first, ...(await attach(lab, first.memory, { sketch, specimen: CELL })) };
    lab.run(lab.now() + 5000);
    expect(phaseOf(last)).toBe(IDLE);
  });
});
