// The start-up's proof by itself, on hardware as it was designed; what chips and faults make of it
// is in tests/boards/startup.test.ts.
import { describe, expect, test } from "vitest";
import { VOLTAGE_GAIN } from "../../firmware/config.ts";
import { createCommand } from "../../firmware/command.ts";
import { FAULT_BUS, FAULT_FOLLOW, FAULT_LEAK, FAULT_RANGES } from "../../firmware/fault.ts";
import { FAULT_READBACK, FAULT_WELD, createGuard } from "../../firmware/fault.ts";
import type { Drive } from "../../firmware/galvanostat.ts";
import { codesPerAmpere, zeroCode } from "../../firmware/galvanostat.ts";
import { ONE_RANGE, ON_DUMMY, PREPARING, PROVEN, createLoop } from "../../firmware/loop.ts";
import { CODE_FAILED } from "../../firmware/sample.ts";
import { beginProof, proveDrive, provingCurrent } from "../../firmware/startup.ts";
import type { Circuit } from "../../hal/port.ts";
import type { Readings } from "./specimen.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, cellOf, sampleOf } from "./specimen.ts";

const OHMS = 1000;
const PERIOD_S = 0.05;
const CELL_VOLTS = 0.3;

type Change = (sound: Readings, drive: Drive) => Partial<Readings>;

function driveOn(circuit: Circuit): Drive {
  const sample = sampleOf({ timeVoltage: 10 });
  return {
    ...{ circuit, capabilities: CAPABILITIES, config: cellOf(), loop: createLoop(CODE_MID) },
    ...{ guard: createGuard(), command: createCommand(CODE_MID, 50), sample, previous: sample },
  };
}

/** Frames until the proof has ended, at most a few hundred: its fault code and their number, and
 *  the largest current that it set. */
function proveWith(
  change: Change = () => ({}),
  circuit: Circuit = { ...CIRCUIT, dummyOhms: OHMS },
) {
  let drive = driveOn(circuit);
  beginProof(drive);
  let largest = 0;
  for (let i = 1; i < 400; i++) {
    const { command, config } = drive;
    const range = command.range % ON_DUMMY;
    const perAmpere = codesPerAmpere(circuit, config, range);
    const loopCurrent = (command.code - zeroCode(config, range)) / perAmpere;
    largest = Math.max(largest, Math.abs(loopCurrent), provingCurrent(drive));
    const voltage = command.range >= ON_DUMMY ? loopCurrent * OHMS : CELL_VOLTS;
    const at = 10 + i * PERIOD_S;
    const told = { code: command.code, range: command.range, loopCurrent, voltage };
    const sound = { timeVoltage: at, appliedAt: at - PERIOD_S + 0.01, relay: 0, ...told };
    const sample = sampleOf({ ...sound, ...change(sound as Readings, drive) });
    drive = { ...drive, previous: drive.sample, sample };
    const fault = proveDrive(drive, NaN);
    expect(command.relay).toBe(0);
    if (fault !== 0 || drive.loop.test === PROVEN) return { fault, frames: i, drive, largest };
  }
  throw new Error("the proof has no end");
}

/** The proof of `range` alone, on hardware that gives its dummy `factor` of what is measured: fault
 *  code, frames, the drive as it was left, and the largest current through the dummy. */
function proveRange(range: number, factor: number, noise = 2e-5, setpoint = 1e-5) {
  const circuit = { ...CIRCUIT, dummyOhms: OHMS };
  let drive = driveOn(circuit);
  Object.assign(drive.loop, { test: ONE_RANGE, proven: range, range });
  let largest = 0;
  for (let i = 1; i < 400; i++) {
    const { command, config } = drive;
    const at = command.range % ON_DUMMY;
    const loopCurrent = (command.code - zeroCode(config, at)) / codesPerAmpere(circuit, config, at);
    largest = Math.max(largest, factor * Math.abs(loopCurrent));
    const shown = command.range >= ON_DUMMY ? factor * loopCurrent * OHMS : CELL_VOLTS;
    const told = { code: command.code, range: command.range, loopCurrent, shown };
    const timeVoltage = 10 + i * PERIOD_S;
    const appliedAt = timeVoltage - PERIOD_S + 0.01;
    const sample = sampleOf({ timeVoltage, appliedAt, relay: 0, voltageNoise: noise, ...told });
    drive = { ...drive, previous: drive.sample, sample };
    const fault = proveDrive(drive, setpoint);
    expect(command.relay).toBe(0);
    if (fault !== 0 || drive.loop.test === 0) return { fault, frames: i, drive, largest };
  }
  throw new Error("the proof has no end");
}

describe("the proof of a range that has just been switched to", () => {
  test.each([0, 1, 2, 3])("of range %i ends with the cell shown and nothing set on it", (range) => {
    const { fault, frames, drive, largest } = proveRange(range, 1);
    expect([fault, frames]).toEqual([0, 3]);
    expect(drive.loop.rung).toBe(PREPARING);
    const zero = zeroCode(drive.config, range);
    expect([drive.command.range, drive.command.code, drive.loop.proven]).toEqual([
      range,
      zero,
      range,
    ]);
    expect(largest).toBeCloseTo(0.1 * CAPABILITIES.rangesA[range], 6);
    expect(provingCurrent(drive)).toBe(0);
  });

  test.each([
    [0, 11, "one ten times as large has stayed closed"],
    [0, 1001, "the largest has"],
    [1, 1.1, "one ten times as small has"],
    [2, 1.1, "one ten times as small has"],
    [3, 1.1, "one ten times as small has"],
    [2, 0.5, "its sense resistor is another"],
  ])("of range %i fails at %f of its current: %s", (range, factor) => {
    expect(proveRange(range, factor).fault).toBe(FAULT_RANGES);
  });

  test("ends at once when the relay is to stay at rest", () => {
    const { fault, frames, drive, largest } = proveRange(2, 1, 2e-5, NaN);
    expect([fault, frames, largest]).toEqual([0, 1, 0]);
    expect([drive.command.relay, drive.command.range]).toEqual([0, 2]);
    // Wanted once more, it is proven from the beginning.
    expect(drive.loop.proven).toBe(-1);
  });

  test("allows for what noise there is", () => {
    expect(proveRange(0, 1.1, 4e-5).fault).toBe(0);
    expect(proveRange(0, 1.1, 1e-6).fault).toBe(FAULT_RANGES);
  });
});

describe("the start-up's proof", () => {
  test("ends on sound hardware with the cell shown and nothing set", () => {
    const { fault, frames, drive, largest } = proveWith();
    expect(fault).toBe(0);
    // Two frames a pair, of which there are two and one a range, and the last look.
    expect(frames).toBe(2 + 2 * (2 + CAPABILITIES.rangesA.length));
    expect([drive.command.range, drive.command.code]).toEqual([0, zeroCode(drive.config, 0)]);
    expect(largest).toBeLessThanOrEqual(1.01e-3);
  });

  test("is none where the circuit has no way to look at the dummy", () => {
    const drive = driveOn({ ...CIRCUIT, dummyOhms: 0 });
    beginProof(drive);
    expect([drive.loop.test, provingCurrent(drive)]).toEqual([PROVEN, 0]);
  });

  const wrong: [string, number, Change][] = [
    ["a converter that does not answer", FAULT_BUS, () => ({ status: CODE_FAILED })],
    ["another code than was written", FAULT_READBACK, ({ code }) => ({ code: code + 1 })],
    ["another range", FAULT_READBACK, () => ({ range: -1 })],
    ["a current at zero code", FAULT_LEAK, () => ({ loopCurrent: 1e-4 })],
    [
      "a current that does not follow",
      FAULT_FOLLOW,
      ({ loopCurrent }) => ({ loopCurrent: loopCurrent === 0 ? 0 : -loopCurrent }),
    ],
    ["a dummy without a voltage", FAULT_WELD, () => ({ voltage: CELL_VOLTS })],
    [
      "a cell that moves with the dummy",
      FAULT_WELD,
      ({ loopCurrent }, { command }) =>
        command.range < ON_DUMMY ? { voltage: CELL_VOLTS + loopCurrent * OHMS } : {},
    ],
    [
      "a range that sees another dummy",
      FAULT_RANGES,
      ({ voltage, range }, { command }) =>
        range === ON_DUMMY + 1 && command.code !== 0 ? { voltage: voltage * 1.03 } : {},
    ],
  ];
  test.each(wrong)("finds %s: fault %i", (_, code, change) => {
    expect(proveWith(change).fault).toBe(code);
  });

  test("takes one such frame of a range for a glitch; of a welded relay one is enough", () => {
    let struck = false;
    const { fault } = proveWith(({ loopCurrent, range }) => {
      if (struck || loopCurrent === 0 || range !== ON_DUMMY + 1) return {};
      struck = true;
      return { voltage: 3 };
    });
    expect([struck, fault]).toEqual([true, 0]);
  });

  test("does not wait for ever for a range that settles", () => {
    const unsettled: Change = () => ({ appliedAt: Infinity });
    expect(proveWith(unsettled)).toMatchObject({ fault: FAULT_RANGES, frames: 101 });
  });

  test("sets 2 % of 1 mA with the dummy shown and with the cell, then each range's own", () => {
    const seen: [range: number, code: number][] = [];
    const proving: number[] = [];
    proveWith((_, drive) => {
      const { command, config } = drive;
      seen.push([command.range, command.code - zeroCode(config, command.range % ON_DUMMY)]);
      proving.push(provingCurrent(drive));
      return {};
    });
    const { senseOhms, codesPerSenseVolt } = CIRCUIT;
    const codes = (range: number, amperes: number): number =>
      Math.round(amperes * senseOhms[range] * codesPerSenseVolt);
    const own = CAPABILITIES.rangesA.flatMap((fullScale, range) => [
      [ON_DUMMY + range, 0],
      [ON_DUMMY + range, codes(range, Math.min(fullScale, 1 / OHMS))],
    ]);
    const weld = codes(2, 2e-5);
    const pairs = [[ON_DUMMY + 2, 0], [ON_DUMMY + 2, weld], [2, 0], [2, weld], ...own];
    // The first frame was taken before all this; the last one only looks.
    expect(seen.slice(1)).toEqual([...pairs, [0, 0]]);
    // What a cell gets if the relay is welded to it: in the first two pairs only.
    expect(proving.slice(1, 6)).toEqual([0, 2e-5, 0, 2e-5, 0]);
    expect(Math.max(...proving.slice(5))).toBe(0);
  });

  test("takes the voltage's gain for what the calibration says", () => {
    const gained: Change = ({ voltage }, { config }) => {
      config[VOLTAGE_GAIN] = 1.3;
      return { voltage: voltage * 1.3 };
    };
    expect(proveWith(gained).fault).toBe(0);
  });

  test("waits for a reading that is fine enough, of the ranges' dummy only", () => {
    const sound = proveWith().frames;
    const coarseIn = (which: (range: number) => boolean, frames: number): number => {
      let left = frames;
      const coarse: Change = ({ range, code }, { config }) => {
        const zero = code === zeroCode(config, range % ON_DUMMY);
        return zero && which(range) && left-- > 0 ? { voltageNoise: 0.1 } : {};
      };
      return proveWith(coarse).frames - sound;
    };
    const first = (range: number): boolean => range === ON_DUMMY;
    expect(coarseIn(first, 5)).toBe(5);
    expect(coarseIn((range) => range === 2, 5)).toBe(0);
    // The smallest range's full scale makes 10 mV at the dummy: 50 µV are too coarse.
    const noise = (volts: number) => proveWith(() => ({ voltageNoise: volts }));
    expect(noise(49e-6)).toMatchObject({ fault: 0, frames: sound });
    expect(noise(51e-6).fault).toBe(FAULT_RANGES);
  });
});
