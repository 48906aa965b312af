// A whole CCD test of bare sodium through johnny-five and StandardFirmata's machine code: the same
// verdict and bracket as on the simulated board with the same cell and chips. A thin pellet at high
// currents comes to its short within half an hour; CYCLET_UNO_LONG=1 takes the usual staircase.
import { expect, test } from "vitest";
import { createSimulated } from "../../../boards/simulated.ts";
import type { EventMessage } from "../../../firmware/telemetry.ts";
import { EVENT_VERDICT, VERDICT_HARD } from "../../../firmware/telemetry.ts";
import { eventsOf } from "../../boards/same-events.ts";
import type { Runnable, Staircase } from "../../boards/specimen.ts";
import { runToVerdict, specimen } from "../../boards/specimen.ts";
import { describeOnUno } from "./needed.ts";
import { createRig } from "./rig.ts";

const LONG = process.env["CYCLET_UNO_LONG"] !== undefined;
const STAIRCASE: Staircase = LONG
  ? { start: 0.3, step: 0.1, charge: 0.2, thickness: 0.05 }
  : { start: 1, step: 1, charge: 0.2, thickness: 0.05 };
const DEADLINE_MS = LONG ? 4 * 3600e3 : 3600e3;
const FRAME_MS = 200;

/** Verdict, end, soft and hard level, completed and failing level, censored. */
function bracket(verdict: EventMessage | undefined): number[] {
  const values = verdict?.values ?? [];
  return [values[0], values[2], ...values.slice(4, 9)];
}

describeOnUno("a CCD test of bare sodium", (sketch) => {
  const bareNa = specimen(STAIRCASE, 1);

  test("comes to the simulated board's verdict and bracket, and breaks no rule", async () => {
    const simulated = createSimulated({ ...bareNa, framePeriodMs: FRAME_MS });
    const expected: string[] = [];
    simulated.onLine((text) => expected.push(text));
    const reference: Runnable = {
      ...{ lines: expected, send: simulated.send, now: simulated.now },
      runUntil: (ms) => simulated.runUntil(ms),
    };
    await runToVerdict(reference, DEADLINE_MS);

    const rig = await createRig({ sketch, specimen: bareNa });
    const { lab, channel, lines } = rig;
    // The slow sensors have answered by then.
    lab.run(lab.now() + 3000);
    await runToVerdict({ lines, send: channel.send, now: lab.now, runUntil: lab.run }, DEADLINE_MS);
    const [told, wanted] = [eventsOf(lines), eventsOf(expected)];
    const verdict = told.at(-1);
    expect(verdict?.code).toBe(EVENT_VERDICT);
    expect(verdict?.values[0]).toBe(VERDICT_HARD);
    expect(bracket(verdict)).toEqual(bracket(wanted.at(-1)));
    expect(lab.world.oracle?.violations).toEqual([]);
    expect(channel.link.lost()).toBe(null);
    expect(lab.uno.silicon?.serial.overruns).toBe(0);
    expect(lab.uno.wires.overclocked).toBe(0);
    lab.run(lab.now() + 50);
    expect(lab.world.keepAlive.relayWanted).toBe(false);
    expect(lab.world.cell.currentA).toBeCloseTo(0, 12);
    const seconds = (lab.now() / 1000).toFixed(0);
    console.log(
      `${seconds} s of virtual time, ${rig.cable.sent} bytes down`,
      lab.uno.silicon?.counts,
    );
  });
});
