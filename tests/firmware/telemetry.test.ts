import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FrameMessage } from "../../firmware/telemetry.ts";
import { decodeEvent, decodeEvidence, decodeFrame } from "../../firmware/telemetry.ts";
import { encodeEvent, encodeEvidence, encodeFrame } from "../../firmware/telemetry.ts";

const whole = fc.integer({ min: -(2 ** 50), max: 2 ** 50 });
const frame: fc.Arbitrary<FrameMessage> = fc.record({
  sequence: fc.nat(),
  timeMs: whole,
  voltageUv: whole,
  currentPa: whole,
  setpointPa: whole,
  forceMn: whole,
  temperatureMc: whole,
  step: fc.nat(),
  stepCount: fc.nat(),
  cycleCount: fc.nat(),
  direction: fc.constantFrom(-1, 0, 1),
  chargeInUc: whole,
  chargeOutUc: whole,
});
const event = fc.record({
  code: fc.nat(255),
  timeMs: whole,
  values: fc.array(whole, { maxLength: 11 }),
});

// A message names its values in the order of the line.
function lineOf(message: FrameMessage): string {
  return encodeFrame(Float64Array.from(Object.values(message)));
}

describe("telemetry", () => {
  test("brings back every frame of whole numbers", () => {
    fc.assert(
      fc.property(frame, (drawn) => {
        const line = lineOf(drawn);
        expect(decodeFrame(line)).toEqual(drawn);
        expect(decodeEvent(line)).toBe(null);
        expect(line).toMatch(/^\["d",[-0-9,]+\]$/);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test("brings back every event of whole numbers", () => {
    fc.assert(
      fc.property(event, ({ code, timeMs, values }) => {
        const stream = Float64Array.of(9, 1, 7, code, values.length, ...values, 8, 0);
        const line = encodeEvent(stream, 3, timeMs);
        expect(decodeEvent(line)).toEqual({ code, timeMs, values });
        expect(decodeFrame(line)).toBe(null);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test("brings back all evidence of whole numbers", () => {
    const point = fc.tuple(whole, whole, whole);
    const drawn = fc.record({
      event: fc.nat(),
      burst: fc.boolean(),
      timeMs: whole,
      points: fc.array(point, { maxLength: 8 }).map((points) => points.flat()),
    });
    fc.assert(
      fc.property(drawn, ({ event: number, burst, timeMs, points }) => {
        const buffer = new Float64Array(24);
        buffer.set(points);
        const line = encodeEvidence(number, burst ? 1 : 0, timeMs, buffer, points.length);
        expect(decodeEvidence(line)).toEqual({ event: number, burst, timeMs, points });
        expect([decodeFrame(line), decodeEvent(line)]).toEqual([null, null]);
        expect(line).toMatch(/^\["v",[-0-9,]+\]$/);
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  test("sends the nearest whole numbers", () => {
    const stream = Float64Array.of(3, 6, 0.4, 0.6, -0.4, -0.6, 1.5, -2.6);
    expect(encodeEvent(stream, 0, 12.5)).toBe('["e",3,13,0,1,0,-1,2,-3]');
  });

  test("never throws, and takes nothing that is not its own", () => {
    const anything = fc.oneof(
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.json(),
      fc
        .array(fc.oneof(fc.constantFrom("d", "e", "v"), fc.jsonValue()), { maxLength: 15 })
        .map((list) => JSON.stringify(list)),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const [read, told, seen] = [decodeFrame(text), decodeEvent(text), decodeEvidence(text)];
        if (read !== null) expect(JSON.parse(text)[0]).toBe("d");
        if (told !== null) expect(JSON.parse(text)[0]).toBe("e");
        if (seen !== null) expect(JSON.parse(text)[0]).toBe("v");
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  test.each([
    ["", "empty"],
    ['["d",1,2,3]', "too short"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,13,14]', "too long"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,"13"]', "a text"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,null]', "nothing in a place"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,NaN]', "no number"],
    ['{"0":"d"}', "no list"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,13', "torn off"],
    ['["d",1,2,3,4,5,6,7,8,9,10,11,12,13]["d"', "two run together"],
    ["[".repeat(5000), "very deep"],
  ])("refuses the frame %j (%s)", (line) => {
    expect(decodeFrame(line)).toBe(null);
  });

  test.each(['["e"]', '["e",1]', '["e",1,2,"x"]', "null", "17"])("refuses the event %j", (line) => {
    expect(decodeEvent(line)).toBe(null);
  });

  test.each(['["v"]', '["v",1,0]', '["v",1,0,5,1,2]', '["v",1,0,5,1,2,"3"]', "null"])(
    "refuses the evidence %j",
    (line) => {
      expect(decodeEvidence(line)).toBe(null);
    },
  );

  test("changes or cuts in a line are refused or read, never thrown", () => {
    const line = lineOf({
      ...{ sequence: 7, timeMs: 123456, voltageUv: -4700, currentPa: 95000000 },
      ...{ setpointPa: 95000000, forceMn: 5884000, temperatureMc: 25100, step: 1 },
      ...{ stepCount: 4, cycleCount: 2, direction: -1, chargeInUc: 5, chargeOutUc: 6 },
    });
    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.nat(255), fc.boolean(), (at, byte, cut) => {
        const rest = cut ? "" : line.slice(at + 1);
        const read = decodeFrame(line.slice(0, at) + String.fromCharCode(byte) + rest);
        expect(read === null || Object.values(read).length === 13).toBe(true);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
