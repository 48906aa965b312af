// The sample log of a channel over Firmata: a run whose host dies, and which the next one ends, is
// one run in it, and tells what both have told.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStep, STEP_CURRENT, STEP_REST } from "../../../firmware/protocol.ts";
import type { FrameMessage } from "../../../firmware/telemetry.ts";
import { decodeFrame, EVENT_VERDICT } from "../../../firmware/telemetry.ts";
import type { FileFlash } from "../../../hal/firmata/file-flash.ts";
import { createFileFlash } from "../../../hal/firmata/file-flash.ts";
import { isOpen, readLogFile } from "../../../host/log-file.ts";
import { runsOf, tellRun } from "../../../host/log-run.ts";
import { cellOf, memoryOf } from "../../boards/rig.ts";
import { eventsOf } from "../../boards/same-events.ts";
import { describeOnUno } from "./needed.ts";
import type { Rig } from "./rig.ts";
import { createRig, cutOff, followUp, killHost } from "./rig.ts";

/** Until the slow sensors have answered, and until a keep-alive has opened the output. */
const WARM_UP_MS = 3000;
const GONE_MS = 2000;
/** Half a count of the widest gains (62.5 uV; 0.4 V/V, 1 kOhm), and the line's last digit. */
const MICROVOLTS = 62.5 / 0.4 / 2 + 1;
const PICOAMPERES = 62.5e3 / 2 + 1;

let folder = "";
const open: FileFlash[] = [];
const path = (): string => join(folder, "log");

function openFile(): FileFlash {
  const flash = createFileFlash(path());
  open.push(flash);
  return flash;
}

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "cyclet-uno-log-"))));
afterEach(() => {
  for (const flash of open.splice(0)) flash.close();
  rmSync(folder, { recursive: true });
});

function program() {
  const cell = cellOf("hNa");
  const rest = { ...createStep(), kind: STEP_REST, duration: 10, budget: 60 };
  const current = { ...createStep(), kind: STEP_CURRENT, current: 1e-4, duration: 40, budget: 400 };
  const steps = [rest, { ...current, voltageMin: -4, voltageMax: 4 }, rest];
  return { cell, seed: 1, memory: memoryOf(cell, steps) };
}

function framesOf(rig: Rig): FrameMessage[] {
  return rig.lines.flatMap((line) => decodeFrame(line) ?? []);
}

/** What the log's only run tells. */
function logged() {
  const { book } = readLogFile(path());
  expect(runsOf(book)).toEqual([1]);
  const told = tellRun(book, 1);
  return {
    frames: told.flatMap((each) => ("frame" in each ? each.frame : [])),
    events: told.flatMap((each) => ("event" in each ? each.event : [])),
    gaps: told.flatMap((each) => ("gap" in each ? each.gap : [])),
  };
}

/** All to the digit but what the log has units of its own for. */
function expectSame(found: FrameMessage, told: FrameMessage): void {
  const { sequence, voltageUv, currentPa, forceMn, temperatureMc } = told;
  expect({ ...found, sequence, voltageUv, currentPa, forceMn, temperatureMc }).toEqual(told);
  expect(Math.abs(found.voltageUv - voltageUv)).toBeLessThanOrEqual(MICROVOLTS);
  expect(Math.abs(found.currentPa - currentPa)).toBeLessThanOrEqual(PICOAMPERES);
  expect(Math.abs(found.forceMn - forceMn)).toBeLessThanOrEqual(500);
  expect(Math.abs(found.temperatureMc - temperatureMc)).toBeLessThanOrEqual(25);
}

describeOnUno("the log of a channel on an Uno", (sketch) => {
  const specimen = program();

  test("tells a whole run as the line has told it", async () => {
    const rig = await createRig({ sketch, specimen, log: openFile() });
    rig.lab.run(rig.lab.now() + WARM_UP_MS);
    rig.channel.send("start");
    rig.lab.run(rig.lab.now() + 80_000);
    const { frames, events, gaps } = logged();
    const told = framesOf(rig);
    expect(told.length).toBeGreaterThan(55);
    expect(frames.length).toBe(told.length);
    frames.forEach((frame, i) => expectSame(frame, told[i]));
    expect(events).toEqual(eventsOf(rig.lines));
    expect(events.at(-1)?.code).toBe(EVENT_VERDICT);
    expect(gaps).toEqual([]);
    expect(isOpen(readLogFile(path()).book, 1)).toBe(false);
    expect(rig.lab.world.oracle?.violations).toEqual([]);
  });

  test("is one run where its host died in it and the next one has ended it", async () => {
    const first = await createRig({ sketch, specimen, log: openFile() });
    first.lab.run(first.lab.now() + WARM_UP_MS);
    first.channel.send("start");
    first.lab.run(first.lab.now() + 62_000);
    cutOff(first, GONE_MS);
    killHost(first);
    await first.lab.settle(5000);
    expect(isOpen(readLogFile(path()).book, 1)).toBe(true);
    const next = await followUp(first, { sketch, specimen, log: openFile() });
    next.lab.run(next.lab.now() + 120_000);
    const { frames, events, gaps } = logged();
    expect(events.at(-1)?.code).toBe(EVENT_VERDICT);
    // The first one's page in hand is lost, and told as such; steps' last samples are there.
    const times = new Set(frames.map(({ timeMs }) => timeMs));
    const missing = framesOf(first).filter(({ timeMs }) => !times.has(timeMs));
    expect(missing.length).toBeGreaterThan(0);
    for (const { timeMs } of missing) {
      const within = gaps.some((gap) => {
        return timeMs >= gap.timeMs && timeMs < gap.timeMs + 1000 * gap.seconds;
      });
      expect(within, `${timeMs} ms, ${JSON.stringify(gaps)}`).toBe(true);
    }
    expect(framesOf(next).filter(({ timeMs }) => !times.has(timeMs))).toEqual([]);
    const lasts = framesOf(first).filter((each, i, all) => {
      return i + 1 < all.length && all[i + 1].stepCount !== each.stepCount;
    });
    expect(lasts.length).toBeGreaterThan(0);
    expect(lasts.filter(({ timeMs }) => !times.has(timeMs))).toEqual([]);
  });
});
