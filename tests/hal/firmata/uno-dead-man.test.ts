// The dead man's switch of arduino/dead-man.h, compiled into StandardFirmata: what a user who adds
// its three lines gets, without the circuit that is to stand beside it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { RELAY_PIN } from "../../../boards/firmata-channel.ts";
import { createStep, STEP_CURRENT } from "../../../firmware/protocol.ts";
import { LIVE } from "../../../firmware/loop.ts";
import { cellOf, memoryOf } from "../../boards/rig.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig } from "./rig.ts";

const header = readFileSync("arduino/dead-man.h", "latin1");
const ZERO_CODE = 0x8000;

/** Adds the three lines where the header says. */
function addLines(source: string): string {
  const [setup, loop] = ["void setup()\n{", "void loop()\n{"];
  if (!source.includes(setup) || !source.includes(loop)) throw new Error("another sketch");
  return source
    .replace(setup, `${header}\n${setup}\n  armDeadMan();`)
    .replace(loop, `${loop}\n  deadMan();`);
}

const name = `dead-man-${createHash("sha256").update(header).digest("hex").slice(0, 12)}`;

describeOnUno(
  "the dead man's switch",
  (sketch) => {
    async function live(): Promise<Rig> {
      const cell = cellOf("bareNa");
      const current = { ...createStep(), kind: STEP_CURRENT, current: 1e-4, duration: 1e5 };
      const memory = memoryOf(cell, [{ ...current, budget: 1e6 }]);
      const rig = await createRig({ sketch, specimen: { cell, seed: 1, memory } });
      rig.lab.run(rig.lab.now() + 9000);
      rig.channel.send("start");
      rig.lab.run(rig.lab.now() + 4000);
      expect(rig.channel.shell.channel.loop.rung).toBe(LIVE);
      expect(rig.lab.world.cell.currentA).toBeCloseTo(1e-4, 6);
      return rig;
    }

    test("opens the relay and sets zero a second after the computer's last word", async () => {
      const { lab } = await live();
      lab.killHost();
      lab.run(lab.now() + 750);
      expect(lab.uno.pin(RELAY_PIN)).toBe(true);
      lab.run(lab.now() + 300);
      expect(lab.uno.pin(RELAY_PIN)).toBe(false);
      expect(lab.world.dac.dacRegister).toBe(ZERO_CODE);
      expect(lab.world.oracle?.violations).toEqual([]);
    });

    test("never acts while the channel talks", async () => {
      const { lab, channel } = await live();
      lab.run(lab.now() + 20_000);
      expect(channel.link.lost()).toBe(null);
      expect(channel.shell.channel.loop.rung).toBe(LIVE);
    });
  },
  { name, change: addLines },
);
