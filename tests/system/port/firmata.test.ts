// The built command line in a process of its own, in real time, on a port at whose other end
// StandardFirmata's machine code runs: what a user meets who plugs in an Arduino, or something
// else.
import { chmodSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { describeOnUno } from "../../hal/firmata/needed.ts";
import { inTime, live, START_MS } from "./bench.ts";
import { cyclet, filesOf, plugIn, port, pullOut, RUN, setUp, target, tidyUp } from "./command.ts";
import { runs, until, WHOLE } from "./command.ts";
import { hasPty } from "./pty.ts";

const GONE_MS = 2000;
/** A fault has evidence. */
const WITH_EVIDENCE = [...WHOLE, "evidence.csv"].sort();
/** A user that is nobody. */
const NOBODY = 65534;

beforeEach(setUp);
afterEach(tidyUp);

const portsExist = hasPty();

// Without them nothing can be plugged in, see the warning.
describe.skipIf(!portsExist)("the command line", () => {
  describeOnUno("an Arduino on a port", (sketch) => {
    inTime(
      sketch,
      "is found sound but for what it has not been given, and runs to a verdict",
      async (bench) => {
        const { opening, none } = bench;
        const selftest = opening(["selftest"]);
        expect(await selftest.ended).toBe(3);
        expect(selftest.out()).toMatch(/^at rest /);
        expect(selftest.out()).toMatch(/^passed {5}leak: /m);
        const failed = [...selftest.out().matchAll(/^failed +(\w+)/gm)].map((found) => found[1]);
        expect(failed).toEqual(["configuration", "program", "current"]);
        const run = await live(bench);
        expect(await run.ended).toBe(0);
        expect(run.err()).toBe("");
        expect(run.out()).toContain("No sign of a short.\n");
        expect(filesOf("short")).toEqual(WHOLE);
        expect(none()).toBe(true);
      },
    );

    inTime(
      sketch,
      "whose program is killed: no current, and the next start says what to do",
      async (bench) => {
        const { opening, none } = bench;
        const run = await live(bench);
        run.child.kill("SIGKILL");
        expect(await until(none, GONE_MS)).toBe(true);
        expect(await run.ended).toBe(null);
        expect(filesOf("short")).toEqual([
          ...["bdf.csv", "bdf.metadata.json", "events.ndjson", "meta.json"],
        ]);
        const refused = opening(["run", "short.json", ...RUN]);
        expect(await refused.ended).toBe(2);
        expect(refused.err()).toMatch(
          /^cyclet: [^\n]*the last run was broken off \d s after its start[^\n]* --resume[^\n]*\n$/,
        );
        const looked = cyclet(["status"]);
        expect([await looked.ended, looked.err()]).toEqual([0, ""]);
        expect(looked.out()).toMatch(/: the last run was broken off \d s after its start, /);
        const asked = cyclet(["selftest"]);
        expect([await asked.ended, asked.out()]).toEqual([2, ""]);
        const stopped = opening(["stop"]);
        expect([await stopped.ended, stopped.out()]).toEqual([0, "the run is stopped\n"]);
        const nothing = cyclet(["run", "short.json", ...RUN, "--resume"]);
        expect(await nothing.ended).toBe(2);
        expect(nothing.err()).toMatch(
          /^cyclet: --resume: no run was broken off on firmata:[^\n]*\n$/,
        );
        expect(none()).toBe(true);
      },
    );

    inTime(
      sketch,
      "whose program is killed in a rest: --resume takes the run to its end",
      async (bench) => {
        const { opening, none, flows } = bench;
        const run = opening(["run", "rest.json", ...RUN]);
        expect(await until(() => run.out().includes("00:00:00  rest"), START_MS)).toBe(true);
        await sleep(4000);
        run.child.kill("SIGKILL");
        await run.ended;
        const other = cyclet(["run", "short.json", ...RUN, "--resume"]);
        expect(await other.ended).toBe(2);
        expect(other.err()).toMatch(
          /^cyclet: short.json: .* is of another protocol; accepted: [^\n]*\n$/,
        );
        const next = opening(["run", "rest.json", ...RUN, "--resume"]);
        expect(await until(flows, START_MS)).toBe(true);
        expect([await next.ended, next.err()]).toEqual([0, ""]);
        expect(next.out()).toMatch(/gap: .*the same cell; the run goes on\n/);
        expect(next.out()).toContain("No sign of a short.\n");
        expect(runs()).toEqual(["rest-hNa", "rest-hNa-2"]);
        expect(none()).toBe(true);
      },
    );

    inTime(
      sketch,
      "and Ctrl-C: the run is stopped, the relay open, every file whole",
      async (bench) => {
        const { board, none } = bench;
        const run = await live(bench);
        run.child.kill("SIGINT");
        expect(await until(none, GONE_MS)).toBe(true);
        expect([await run.ended, run.err()]).toEqual([1, ""]);
        expect(run.out()).toContain("stopped by hand.\n");
        expect(board.relayPin()).toBe(false);
        expect(filesOf("short")).toEqual(WHOLE);
      },
    );

    inTime(sketch, "whose cable is pulled: no current, and told as that", async (bench) => {
      const { pty, none } = bench;
      const run = await live(bench);
      await pullOut(pty);
      expect(await until(none, GONE_MS)).toBe(true);
      expect(await run.ended).toBe(3);
      expect(run.out()).toContain(
        `${target()}: the serial port was closed: is the cable pulled out?\n`,
      );
      expect(filesOf("short")).toEqual(WITH_EVIDENCE);
    });

    inTime(sketch, "whose bus is held: no current, and told as silence", async (bench) => {
      const { board, none } = bench;
      const run = await live(bench);
      board.holdBus();
      expect(await until(none, GONE_MS)).toBe(true);
      expect(await run.ended).toBe(3);
      expect(run.out()).toContain(`${target()}: the board does not answer any more: `);
      expect(filesOf("short")).toEqual(WITH_EVIDENCE);
    });
  });

  describe("a port", () => {
    const onSelftest = async (uid?: number): Promise<string> => {
      const selftest = cyclet(["selftest"], uid);
      expect([await selftest.ended, selftest.out()]).toEqual([2, ""]);
      expect(selftest.err()).toMatch(/^cyclet: [^\n]*\n$/);
      return selftest.err();
    };

    test("at which nobody answers", async () => {
      await plugIn();
      expect(await onSelftest()).toMatch(/port: nothing answers at 57600 baud: no StandardFirmata/);
    });

    test("at which something speaks at another pace", async () => {
      const pty = await plugIn();
      // What 57600 baud look like to who listens at another pace.
      const chatter = setInterval(() => pty.write(Uint8Array.of(0x80, 0x78, 0xf8, 0x00, 0xe6)), 50);
      const said = await onSelftest();
      clearInterval(chatter);
      expect(said).toMatch(/port: something answers, but it is no StandardFirmata at 57600 baud/);
    });

    test("that is not there", async () => {
      expect(await onSelftest()).toMatch(/port: no such port; /);
    });

    test("that may not be opened", async () => {
      await plugIn();
      chmodSync(port(), 0);
      // Root may open anything.
      const said = await onSelftest(process.getuid?.() === 0 ? NOBODY : undefined);
      expect(said).toMatch(/port: cannot be opened: permission denied; your user has to be in /);
    });
  });
});
