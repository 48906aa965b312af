import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import * as schedule from "../../firmware/schedule.ts";
import * as selftest from "../../firmware/selftest.ts";
import * as fault from "../../firmware/fault.ts";
import { faultAdvice } from "../../host/fault-advice.ts";
import { faultName } from "../../host/fault-name.ts";
import { InputError } from "../../host/input-error.ts";
import { parseAddress } from "../../host/link/address.ts";
import { createSplitter, createWire } from "../../host/link/wire.ts";
import { CHECKS, selftestLines } from "../../host/selftest-lines.ts";
import { PHASE_WORDS, statusLines } from "../../host/status-lines.ts";

describe("lines out of bytes", () => {
  function split(...pieces: string[]): string[] {
    const lines: string[] = [];
    pieces.forEach(createSplitter((line) => lines.push(line)));
    return lines;
  }

  test("end at LF or CR, however they arrive", () => {
    expect(split("a\nb", "c\r\n\n", "d\re")).toEqual(["a", "bc", "d"]);
  });

  test("are dropped whole when they are too long, and what follows is not", () => {
    const long = "x".repeat(3000);
    expect(split(long, long, long, "\nnext\n")).toEqual(["next"]);
    expect(split(`${long}${long}\nnext\n`)).toEqual(["next"]);
    expect(split("x".repeat(4096) + "\n")[0]).toHaveLength(4096);
  });
});

test("a wire ends once, and says why to whoever asks late", () => {
  const wire = createWire(new PassThrough());
  const heard: string[] = [];
  wire.onEnd((why) => heard.push(why));
  wire.abandon("no word");
  wire.abandon("again");
  wire.onEnd((why) => heard.push(`late: ${why}`));
  expect(heard).toEqual(["no word", "late: no word"]);
  expect(wire.ended()).toBe("no word");
});

describe("addresses", () => {
  test.each(["sim:hNa", "usb", "serial", "firmatas:x"])("%s is none", (target) => {
    expect(parseAddress(target)).toBeNull();
  });

  test.each([
    ...["serial:/dev/ttyACM0", "serial:/dev/ttyACM0@9600", "tcp:localhost:1", "tcp:[::1]:23"],
    ...["firmata:/dev/ttyUSB0", "firmata:COM3"],
  ])("%s is one", (target) => {
    expect(parseAddress(target)?.target).toBe(target);
    expect(parseAddress(target)?.isHosted).toBe(target.startsWith("firmata:"));
  });

  test.each(["firmata:", "firmata"])("%s is refused with the ports there are", async (target) => {
    const opened = parseAddress(target)?.open();
    await expect(opened).rejects.toThrow(InputError);
    await expect(opened).rejects.toThrow(/accepted: firmata:PATH; (no serial port is|there are:) /);
  });

  test.each([
    ...["serial:", "serial:@9600", "serial:/dev/x@", "serial:/dev/x@fast", "serial:/dev/x@0"],
    ...["serial:/dev/x@99999999", "tcp:", "tcp:host", "tcp:host:", "tcp::80", "tcp:host:65536"],
    ...["tcp:host:0x50", "tcp:host:-1", "serial:a\0b"],
  ])("%j is refused with what is accepted", (target) => {
    expect(() => parseAddress(target)).toThrow(InputError);
    expect(() => parseAddress(target)).toThrow(/accepted: (serial:PATH|tcp:HOST:PORT)/);
  });
});

describe("words for what a board answers", () => {
  test("name every check by its bit", () => {
    const bits = Object.entries(selftest).filter(([name]) => /^CHECK_(?!SLOTS)/.test(name));
    const highest = Math.max(...bits.map(([, bit]) => Number(bit)));
    expect(2 ** CHECKS.length).toBe(highest * 2);
    const lines = (bits: number, latched = 0): string[] =>
      selftestLines([bits, 0, 0, 0, 0, latched]).slice(1);
    const words = (bit: number, latched = 0): string => {
      const [complaint, ...others] = lines(bit, latched).filter((each) =>
        each.startsWith("failed"),
      );
      expect(others).toEqual([]);
      expect(lines(bit).at(-1)).toBe("passed     15 of 16 checks");
      return complaint;
    };
    expect(words(selftest.CHECK_LEAK)).toContain("leak");
    expect(words(selftest.CHECK_MEMORY)).toContain("memory");
    expect(words(selftest.CHECK_CONFIG)).toContain("configuration");
    expect(words(selftest.CHECK_PROGRAM)).toContain("program");
    expect(words(selftest.CHECK_VOLTAGE)).toContain("outside its window");
    expect(words(selftest.CHECK_FORCE)).toContain("clamp force");
    expect(words(selftest.CHECK_PROOF)).toContain("a chip does not answer");
    expect(words(selftest.CHECK_PROOF, fault.FAULT_WELD)).toContain("WELD, at start-up");
    expect(lines(0)).toHaveLength(17);
    expect(lines(0).at(-1)).toBe("passed     16 of 16 checks");
  });

  test("name every phase", () => {
    const { IDLE, ARMING, LOADING, RUNNING, HELD } = schedule;
    expect([IDLE, ARMING, LOADING, RUNNING, HELD]).toEqual([0, 1, 2, 3, 4]);
    expect([PHASE_WORDS[IDLE], PHASE_WORDS[RUNNING], PHASE_WORDS[HELD]]).toEqual([
      "idle",
      "running",
      "held",
    ]);
  });

  test("advise on every fault", () => {
    const codes = Object.entries(fault).filter(([name]) => /^FAULT_(?!NONE|COUNT)/.test(name));
    expect(codes.length).toBeGreaterThan(15);
    const unknown = faultAdvice("no such fault");
    for (const [, code] of codes) expect(faultAdvice(faultName(Number(code)))).not.toBe(unknown);
  });

  test("show a run with step, time, output, and the fault in words", () => {
    const values = [3, 0, 4, 7, 2, 3_723_000, 1.5e9, 1, 12, 0xdeadbeef, 99, 0];
    expect(statusLines(values)).toEqual([
      "phase      running, step 5 of the program, 7 done, cycle 2",
      "time       01:02:03",
      "output     at the cell, set to 1.5 mA",
      "program    11 steps, hash deadbeef…",
      "fault      none",
      "firmware   check sum unknown",
    ]);
    expect(statusLines([0, fault.FAULT_BUS, ...values.slice(2)])[3]).toMatch(/^fault {6}BUS: /);
  });
});
