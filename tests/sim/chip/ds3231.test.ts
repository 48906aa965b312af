// DS3231 data sheet, Maxim 19-5170 Rev. 10: Figure 1 (registers), "Clock and Calendar", control
// and status registers with their first-power states, aging offset, temperature registers,
// electrical characteristics (2 ppm from 0 to 40 degC).
import { describe, expect, it } from "vitest";
import { brownOutDs3231, createDs3231, readDs3231 } from "../../../sim/chip/ds3231.ts";
import { updateDs3231, writeDs3231 } from "../../../sim/chip/ds3231.ts";
import type { Ds3231 } from "../../../sim/chip/ds3231.ts";
import { createStream } from "../../../sim/random.ts";

const ideal = (): Ds3231 => createDs3231(createStream(1, "ds3231"), 0);

function write(chip: Ds3231, bytes: number[], nowMs: number, temperatureC = 25): void {
  updateDs3231(chip, temperatureC, nowMs);
  writeDs3231(chip, bytes, nowMs);
}

function read(chip: Ds3231, register: number, count: number, nowMs: number, temperatureC = 25) {
  const bytes = new Uint8Array(count);
  write(chip, [register], nowMs, temperatureC);
  readDs3231(chip, bytes, count, nowMs);
  return [...bytes];
}

const hex = (bytes: number[]): string =>
  bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
const time = (chip: Ds3231, nowMs: number): string => hex(read(chip, 0, 7, nowMs));

/** Sets 2026-02-28 23:59:58, a Saturday (7), clears the oscillator-stop flag. */
function set(chip: Ds3231, nowMs: number): void {
  write(chip, [0x00, 0x58, 0x59, 0x23, 0x07, 0x28, 0x02, 0x26], nowMs);
  write(chip, [0x0f, 0x08], nowMs);
}

describe("DS3231 at first power", () => {
  it("says that its oscillator has been stopped; control 1Ch, status 88h, no aging", () => {
    const chip = ideal();
    expect(hex(read(chip, 0x0e, 3, 0))).toBe("1c 88 00");
    expect(time(chip, 0)).toBe("00 00 00 01 01 01 00");
  });

  it("clears the flag by writing 0, and nothing sets it by writing 1", () => {
    const chip = ideal();
    write(chip, [0x0f, 0xff], 0);
    expect(read(chip, 0x0f, 1, 0)).toEqual([0x88]);
    write(chip, [0x0f, 0x00], 0);
    expect(read(chip, 0x0f, 1, 0)).toEqual([0x00]);
    write(chip, [0x0f, 0xff], 0);
    expect(read(chip, 0x0f, 1, 0)).toEqual([0x08]);
  });
});

describe("DS3231 calendar", () => {
  it("counts in BCD over midnight, weekday, month and leap day", () => {
    const chip = ideal();
    set(chip, 1000);
    expect(time(chip, 1999)).toBe("58 59 23 07 28 02 26");
    expect(time(chip, 2001)).toBe("59 59 23 07 28 02 26");
    expect(time(chip, 3001)).toBe("00 00 00 01 01 03 26");
    const leap = ideal();
    write(leap, [0, 0x58, 0x59, 0x23, 0x03, 0x28, 0x02, 0x28], 0);
    expect(time(leap, 2500)).toBe("00 00 00 04 29 02 28");
  });

  it("toggles the century when the years overflow", () => {
    const chip = ideal();
    write(chip, [0, 0x59, 0x59, 0x23, 0x05, 0x31, 0x12, 0x99], 0);
    expect(time(chip, 1500)).toBe("00 00 00 06 01 81 00");
  });

  it("shows twelve hours with AM and PM", () => {
    const chip = ideal();
    const at = (hour: number): string => {
      write(chip, [0, 0x00, 0x30, hour, 0x01, 0x01, 0x01, 0x26], 0);
      return hex(read(chip, 2, 1, 3600e3));
    };
    expect(at(0x71)).toBe("52");
    expect(at(0x51)).toBe("72");
    expect(at(0x72)).toBe("61");
    expect(at(0x23)).toBe("00");
  });

  it("agrees with the host's calendar through sixty years", () => {
    const chip = ideal();
    const bcd = (value: number): number => (Math.floor(value / 10) << 4) | (value % 10);
    write(chip, [0, 0, 0, 0, 0x04, 0x01, 0x01, 0x20], 0);
    const epoch = Date.UTC(2020, 0, 1);
    for (let day = 0; day < 60 * 365; day += 37.3) {
      const seconds = Math.round(day * 86400);
      const then = new Date(epoch + seconds * 1000);
      const bytes = read(chip, 0, 7, seconds * 1000 + 0.5);
      expect(bytes.slice(0, 3)).toEqual(
        [then.getUTCSeconds(), then.getUTCMinutes(), then.getUTCHours()].map(bcd),
      );
      expect(bytes[3]).toBe(then.getUTCDay() + 1);
      expect(bytes.slice(4)).toEqual(
        [then.getUTCDate(), then.getUTCMonth() + 1, then.getUTCFullYear() - 2000].map(bcd),
      );
    }
  });

  it("restarts the second when the seconds are written, and not otherwise", () => {
    const chip = ideal();
    set(chip, 0);
    write(chip, [0x00, 0x10], 700);
    expect(read(chip, 0, 1, 1690)).toEqual([0x10]);
    expect(read(chip, 0, 1, 1710)).toEqual([0x11]);
    write(chip, [0x01, 0x30], 2000);
    expect(read(chip, 0, 2, 2690)).toEqual([0x11, 0x30]);
    expect(read(chip, 0, 2, 2710)).toEqual([0x12, 0x30]);
  });

  it("holds the time of the start condition, and rolls over after 12h", () => {
    const chip = ideal();
    set(chip, 0);
    const bytes = read(chip, 0x11, 4, 500);
    expect(hex(bytes)).toBe("19 00 58 59");
  });
});

describe("DS3231 power", () => {
  it("keeps time on its battery through any outage of the board", () => {
    const chip = ideal();
    set(chip, 0);
    brownOutDs3231(chip, 1000, 3600e3, true);
    expect(time(chip, 3600e3)).toBe("58 59 00 01 01 03 26");
    expect(read(chip, 0x0f, 1, 3600e3)).toEqual([0x08]);
  });

  it("loses it without a battery, and says so", () => {
    const chip = ideal();
    set(chip, 0);
    brownOutDs3231(chip, 1000, 3600e3, false);
    expect(read(chip, 0x0f, 1, 3600e3)).toEqual([0x88]);
    expect(time(chip, 3600e3)).toBe("00 00 00 01 01 01 00");
  });

  it("stands still on the battery with EOSC set, and says so", () => {
    const chip = ideal();
    set(chip, 0);
    write(chip, [0x0e, 0x9c], 0);
    brownOutDs3231(chip, 1500, 100e3, true);
    expect(read(chip, 0x0f, 1, 100e3)).toEqual([0x88]);
    expect(time(chip, 100e3)).toBe("59 59 23 07 28 02 26");
    expect(time(chip, 100.6e3)).toBe("00 00 00 01 01 03 26");
  });
});

describe("DS3231 frequency", () => {
  /** Seconds gained in 30 days. */
  function gained(chip: Ds3231, temperatureC = 25): number {
    write(chip, [0x00, 0, 0, 0, 1, 1, 1, 0x26], 0);
    const days = 30;
    const nowMs = days * 86400e3;
    updateDs3231(chip, temperatureC, nowMs);
    return chip.base.seconds + (nowMs - chip.baseMs) / 1000 - (days + 26 * 365 + 7) * 86400;
  }

  it("is within 2 ppm of 32 768 Hz at room temperature: 5.2 s a month", () => {
    const gains = Array.from({ length: 30 }, (_, seed) =>
      gained(createDs3231(createStream(seed, "ds3231"), 1)),
    );
    for (const gain of gains) expect(Math.abs(gain)).toBeLessThan(5.19);
    expect(Math.max(...gains)).toBeGreaterThan(3);
    expect(Math.min(...gains)).toBeLessThan(-3);
    expect(Math.abs(gained(ideal()))).toBeLessThan(0.001);
  });

  it("falls by 0.1 ppm a step of the aging register", () => {
    for (const [value, expected] of [
      [50, -12.96],
      [0x100 - 50, 12.96],
    ]) {
      const chip = ideal();
      write(chip, [0x10, value], 0);
      expect(gained(chip)).toBeCloseTo(expected, 2);
    }
  });
});

describe("DS3231 temperature", () => {
  it("comes in quarters, two's complement, each 64 s", () => {
    const chip = ideal();
    expect(hex(read(chip, 0x11, 2, 0, 25.25))).toBe("19 40");
    expect(hex(read(chip, 0x11, 2, 63e3, -10.5))).toBe("19 40");
    const cold = ideal();
    updateDs3231(cold, -10.5, 0);
    expect(hex(read(cold, 0x11, 2, 1))).toBe("f5 80");
  });

  it("is converted at once on CONV, which stays set meanwhile with BSY", () => {
    const chip = ideal();
    read(chip, 0x11, 2, 0, 25);
    write(chip, [0x0e, 0x3c], 1000);
    expect(hex(read(chip, 0x0e, 2, 1100, 30))).toBe("3c 8c");
    expect(hex(read(chip, 0x0e, 4, 1130, 30))).toBe("1c 88 00 1e");
  });
});
