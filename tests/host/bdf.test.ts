import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { createStep, STEP_CURRENT, STEP_IMPEDANCE } from "../../firmware/protocol.ts";
import { STEP_SCAN, STEP_VOLTAGE } from "../../firmware/protocol.ts";
import { BDF_COLUMNS, createBdfRows } from "../../host/formats/bdf-row.ts";
import { abandonBdf, closeBdf, drained, openBdf, writeFrame } from "../../host/formats/bdf.ts";
import { decimal } from "../../host/formats/decimal.ts";
import { truncateToLastLine } from "../../host/last-line.ts";
import { frame } from "./scripted-link.ts";

const folder = mkdtempSync(join(tmpdir(), "cyclet-bdf-"));
afterAll(() => rmSync(folder, { recursive: true }));

let count = 0;
function emptyFile(): string {
  const path = join(folder, `${++count}.bdf.csv`);
  writeFileSync(path, "");
  return path;
}

describe("decimal", () => {
  test.each([
    [0, 3, "0"],
    [-0, 3, "0"],
    [1, 3, "0.001"],
    [-1500, 3, "-1.5"],
    [123000, 3, "123"],
    [97470000, 12, "0.00009747"],
    [7, 0, "7"],
    [-120, 0, "-120"],
    [NaN, 3, ""],
  ])("%d of 10^-%d is %s", (whole, digits, text) => {
    expect(decimal(whole, digits)).toBe(text);
  });

  test("is the nearest decimal of any safe whole number", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 12 }), (whole, digits) => {
        const text = decimal(whole, digits);
        expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
        expect(Number(text)).toBe(Number(`${whole}e-${digits}`));
      }),
    );
  });
});

describe("bdfRow", () => {
  const steps = [STEP_CURRENT, STEP_CURRENT, STEP_VOLTAGE, STEP_SCAN, STEP_IMPEDANCE].map(
    (kind) => {
      return { ...createStep(), kind };
    },
  );
  const row = (part: Parameters<typeof frame>[0]): Record<string, string> => {
    const texts = createBdfRows(0.95, 946_684_800_000, steps)(frame(part));
    return Object.fromEntries(BDF_COLUMNS.map((name, i) => [name, texts[i]]));
  };

  test("says what the frame says, in the units of its header", () => {
    const part = { timeMs: 1500, voltageUv: -4680, currentPa: -97470000, direction: -1, step: 1 };
    const sums = { chargeInUc: 3_600_000, chargeOutUc: 1_800_000, stepCount: 4, cycleCount: 2 };
    expect(row({ ...part, ...sums, temperatureMc: 24950, forceMn: 5884000 })).toEqual({
      "Test Time / s": "1.5",
      "Voltage / V": "-0.00468",
      "Current / A": "-0.00009747",
      "Unix Time / s": "946684801.5",
      "Cycle Count / 1": "2",
      "Step Count / 1": "4",
      "Step ID": "2",
      "Step Type": "CC_DCH",
      "Step Time / s": "1.5",
      "Charging Capacity / Ah": "0.001",
      "Discharging Capacity / Ah": "0.0005",
      "Cumulative Capacity / Ah": "0.0015",
      "Net Capacity / Ah": "0.0005",
      "Step Charging Capacity / Ah": "0",
      "Step Discharging Capacity / Ah": "0",
      "Charging Energy / Wh": "0",
      "Discharging Energy / Wh": "0",
      "Surface Temperature / degC": "24.95",
      "Surface Pressure / Pa": "61936842",
      "Clamp Force / N": "5884",
    });
    expect(row({ direction: 1 })["Step Type"]).toBe("CC_CHG");
    expect(row({ direction: 0 })["Step Type"]).toBe("REST");
    expect(row({ direction: 1, step: 2 })["Step Type"]).toBe("CV_CHG");
    expect(row({ direction: -1, step: 2 })["Step Type"]).toBe("CV_DCH");
    expect(row({ direction: -1, step: 3 })["Step Type"]).toBe("SCAN_DCH");
    expect(row({ direction: 0, step: 4 })["Step Type"]).toBe("EIS");
  });

  test("keeps sums exact and accumulators monotonic, as the BDF validator asks", () => {
    const charge = fc.nat({ max: 2_000_000_000 });
    const exact = (text: string): bigint => {
      const [whole, fraction = ""] = text.split(".");
      const digits = BigInt(whole.replace("-", "") + fraction.padEnd(12, "0"));
      return whole.startsWith("-") ? -digits : digits;
    };
    fc.assert(
      fc.property(charge, charge, charge, (chargeInUc, chargeOutUc, more) => {
        const one = row({ chargeInUc, chargeOutUc });
        const next = row({ chargeInUc: chargeInUc + more, chargeOutUc });
        const charged = exact(one["Charging Capacity / Ah"]);
        const discharged = exact(one["Discharging Capacity / Ah"]);
        expect(exact(one["Cumulative Capacity / Ah"])).toBe(charged + discharged);
        expect(exact(one["Net Capacity / Ah"])).toBe(charged - discharged);
        expect(exact(next["Charging Capacity / Ah"])).toBeGreaterThanOrEqual(charged);
        expect(Number(one["Charging Capacity / Ah"])).toBeCloseTo(chargeInUc / 3.6e9, 11);
      }),
    );
  });
});

describe("a data file", () => {
  test("holds a header and every row, however fast they come", async () => {
    const path = emptyFile();
    const file = await openBdf(path, createBdfRows(1, 0, []));
    let waited = 0;
    for (let i = 0; i < 5000; i++) {
      writeFrame(file, frame({ timeMs: i * 1000 }));
      if (file.full) waited++;
      await drained(file);
    }
    await closeBdf(file);
    const lines = readFileSync(path, "utf8").split("\n");
    expect(lines[0]).toBe(BDF_COLUMNS.join(","));
    expect(lines).toHaveLength(5002);
    expect(lines[5000]).toMatch(/^4999,/);
    expect(lines[5001]).toBe("");
    expect(waited).toBeGreaterThan(0);
  });

  test("ends in a whole row after a write error, which is reported", async () => {
    const path = emptyFile();
    const file = await openBdf(path, createBdfRows(1, 0, []));
    for (let i = 0; i < 3000; i++) {
      writeFrame(file, frame({ timeMs: i }));
      await drained(file);
    }
    file.output.destroy(new Error("no space left"));
    await expect(
      (async () => {
        for (let i = 0; i < 3000; i++) {
          writeFrame(file, frame({ timeMs: i }));
          await drained(file);
        }
      })(),
    ).rejects.toThrow("no space left");
    await expect(closeBdf(file)).rejects.toThrow("no space left");
    expect(readFileSync(path, "utf8")).toMatch(/\n$/);
  });

  test("ends in a whole row after a hard abort", async () => {
    const path = emptyFile();
    const file = await openBdf(path, createBdfRows(1, 0, []));
    for (let i = 0; i < 3000; i++) writeFrame(file, frame({ timeMs: i }));
    await new Promise((done) => setTimeout(done, 5));
    await abandonBdf(file);
    const text = readFileSync(path, "utf8");
    expect(text === "" || text.endsWith("\n")).toBe(true);
  });
});

describe("truncateToLastLine", () => {
  test.each([
    ["a,b\n1,2\n3,", "a,b\n1,2\n"],
    ["a,b\n1,2\n", "a,b\n1,2\n"],
    ["half a line", ""],
    ["", ""],
    ["a\n" + "x".repeat(10_000), "a\n"],
    ["x".repeat(4096 * 2) + "\n" + "y".repeat(4096), "x".repeat(4096 * 2) + "\n"],
  ])("of %j", (before, after) => {
    const path = emptyFile();
    writeFileSync(path, before);
    truncateToLastLine(path);
    expect(readFileSync(path, "utf8")).toBe(after);
  });
});
