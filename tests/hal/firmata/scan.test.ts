// The walk that asks ahead, against converters that a test plays: what counts as a reading, what is
// taken again, and that a frame comes whatever happens.
import { expect, test } from "vitest";
import type { Link } from "../../../hal/firmata/link.ts";
import { createScan } from "../../../hal/firmata/scan.ts";
import type { Converter, RawFrame, ReadState, Settings } from "../../../hal/port.ts";
import { createVirtualClock } from "../virtual-clock.ts";

const OPEN: Settings = {
  ...{ voltageGain: 1, currentGain: 2, guardMin: -Infinity, guardMax: Infinity },
  ...{ guardShort: 0, guardCurrent: Infinity, periodMs: 100 },
};

interface Chip {
  /** Of voltage and current: the readings to come, then the last one again and again. */
  readings: number[][];
  /** Begins that are lost on the way: the chip gives its last reading once more. */
  lost: Set<number>;
  /** What the settings say. */
  settings: () => ReadState;
  replyMs: number;
  dead: boolean;
  begins: { gain: number; input: number; at: number }[];
}

function bench() {
  const clock = createVirtualClock();
  const chip: Chip = {
    readings: [
      [100, 101],
      [200, 201],
    ],
    lost: new Set(),
    settings: () => 1,
    replyMs: 4,
    dead: false,
    begins: [],
  };
  let register = 0;
  const relay: boolean[] = [];
  const later = (run: () => void): void => void clock.after(chip.replyMs, run);
  const converter = (inputs: number): Converter => ({
    countsMax: 32767,
    begin: (gain, input) => {
      chip.begins.push({ gain, input, at: clock.now() });
      if (chip.lost.has(chip.begins.length - 1)) return 1;
      const list = chip.readings[input] ?? [7];
      register = list.length > 1 ? (list.shift() as number) : list[0];
      return inputs;
    },
    poll: (done) => later(() => done(0, chip.dead ? -1 : chip.settings())),
    read: (done) => {
      const value = register;
      later(() => done(chip.dead ? 0 : value, chip.dead ? -1 : 1));
    },
  });
  const other = (value: number) => ({
    read: (done: (value: number, state: ReadState) => void) =>
      later(() => done(value, chip.dead ? -1 : 1)),
    ...{ reset: () => true, write: () => true, codeMax: 65535, codeMid: 32768 },
  });
  const frames: RawFrame[] = [];
  const scan = createScan({
    clock,
    link: { leavesMs: () => clock.now() } as Link,
    ...{ voltage: converter(1), current: converter(1), temperature: converter(1) },
    ...{ force: converter(0), dac: other(40000), range: other(2) },
    inputs: [0, 1, 2],
    relay: { write: (toCell) => void relay.push(toCell) },
    ...{ samples: new Int16Array(20), mainsHz: 50 },
  });
  /** The next frame; the first one's settings are the scan's own. */
  const take = (settings: Settings = OPEN): RawFrame => {
    const count = frames.length;
    if (count === 0) scan.start((frame) => void frames.push({ ...frame }));
    else scan.request(settings);
    while (frames.length === count) clock.runUntil(clock.now() + 1);
    return frames[count];
  };
  return { clock, chip, scan, relay, take };
}

/** A bench whose first frame, in which the slow sensors are read, is over. */
function warm() {
  const rig = bench();
  rig.take();
  rig.chip.begins = [];
  return rig;
}

test("a frame is the mean of two conversions each, half a mains period apart", () => {
  const { chip, take } = warm();
  chip.readings = [
    [1000, 1010],
    [-500, -520],
  ];
  const frame = take();
  expect(frame).toMatchObject({ voltage: 1005, current: -510, code: 40000, range: 2, status: 0 });
  expect(frame).toMatchObject({ voltageGain: 1, currentGain: 2 });
  expect(chip.begins.map(({ input }) => input)).toEqual([0, 1, 0, 1]);
  expect(chip.begins[2].at - chip.begins[0].at).toBeCloseTo(10, 6);
});

test("the slow sensors are asked again at once while something is wrong", () => {
  const { chip, take } = warm();
  for (const doubt of [0, 1, 1, 0]) {
    chip.begins = [];
    take({ ...OPEN, doubt });
    expect(chip.begins.some(({ input }) => input === 2)).toBe(doubt === 1);
  }
});

test("a conversion of the first pair that never began is not counted", () => {
  const { chip, take } = warm();
  chip.readings = [[1000, 1010], [-520]];
  chip.lost.add(1);
  expect(take()).toMatchObject({ voltage: 1005, current: -520, status: 0 });
  expect(chip.begins).toHaveLength(4);
});

test("one of the second pair is taken again by itself, until it is over", () => {
  const { chip, take } = warm();
  chip.readings = [
    [1000, 1010],
    [-500, -520],
  ];
  chip.lost.add(2);
  // Not over while the frame is taken; over when it is asked for by itself.
  chip.settings = () => (chip.begins.length > 4 ? 1 : 0);
  expect(take()).toMatchObject({ voltage: 1010, current: -510, status: 0 });
  expect(chip.begins.map(({ input }) => input)).toEqual([0, 1, 0, 1, 0]);
});

test("settings that are not those of the conversion spoil it", () => {
  const { chip, take } = warm();
  chip.readings = [
    [1000, 1010, 1020],
    [-500, -520, -530],
  ];
  let asked = 0;
  chip.settings = () => (asked++ === 0 ? -1 : 1);
  const { voltage, current, status } = take();
  expect([
    [1020, -510],
    [1005, -530],
  ]).toContainEqual([voltage, current]);
  expect(status).toBe(0);
});

test("a reading at the end of the scale is taken again at the widest gain, marked there", () => {
  const { chip, take } = warm();
  chip.readings = [
    [32767, 32767, 16000],
    [-500, -520],
  ];
  expect(take()).toMatchObject({ voltage: 16000, voltageGain: 0, status: 0 });
  chip.readings = [[32767], [-500, -520]];
  expect(take()).toMatchObject({ voltage: 32767, voltageGain: 0, status: 256 });
});

test("outside its guards a quantity is read four times more: the median of five counts", () => {
  const { chip, take } = warm();
  chip.readings = [
    [9000, 9000.5, 1000, 1001, 1002, 1003],
    [-500, -520],
  ];
  const frame = take({ ...OPEN, guardMax: 2000 });
  expect(frame).toMatchObject({ voltage: 1002, status: 64 });
  chip.readings = [
    [1000, 1001],
    [-900, -901, -500, -902, -903, -904],
  ];
  expect(take({ ...OPEN, guardCurrent: 800 })).toMatchObject({ current: -902, status: 128 });
});

test("a frame comes although nothing answers, with all of it marked as failed", () => {
  const { chip, take } = warm();
  chip.dead = true;
  const frame = take();
  expect(frame.status & 15).toBe(15);
  chip.dead = false;
  chip.readings = [
    [1000, 1010],
    [-500, -520],
  ];
  expect(take()).toMatchObject({ voltage: 1005, status: 0 });
});

test("a frame that was held up says so", () => {
  const { chip, take } = warm();
  chip.replyMs = 600;
  expect(take().status & 4096).toBe(4096);
});

test("a burst takes voltages at its distance, before the frame", () => {
  const { chip, scan, take } = warm();
  chip.readings = [
    [1, 2, 3, 4, 5, 1000, 1010],
    [-500, -520],
  ];
  let told: [number, boolean] | null = null;
  scan.burst(5, 10_000, (taken, opened) => void (told = [taken, opened]));
  expect(take()).toMatchObject({ voltage: 1005 });
  expect(told).toEqual([5, false]);
  expect([...scan.samples.subarray(0, 5)]).toEqual([1, 2, 3, 4, 5]);
  const at = chip.begins.slice(0, 5).map((each) => each.at);
  expect(at[4] - at[0]).toBeCloseTo(40, 6);
});

test("a burst ends with the relay at rest when a reading leaves the guards", () => {
  const { chip, scan, relay, take } = warm();
  chip.readings = [
    [1, 2, 9000, 1000, 1010],
    [-500, -520],
  ];
  let told: [number, boolean] | null = null;
  scan.burst(5, 10_000, (taken, opened) => void (told = [taken, opened]));
  take({ ...OPEN, guardMax: 2000 });
  expect(told).toEqual([3, true]);
  expect(relay).toEqual([false]);
});

test("a burst that the line cannot keep up with ends early, rather than tell wrong times", () => {
  const { chip, scan, take } = warm();
  chip.replyMs = 30;
  chip.readings = [
    [1, 2, 3, 4],
    [-500, -520],
  ];
  let told: [number, boolean] | null = null;
  scan.burst(4, 10_000, (taken, opened) => void (told = [taken, opened]));
  take();
  expect(told).toEqual([1, false]);
});
