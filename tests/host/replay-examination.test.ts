import { describe, expect, test } from "vitest";
import { END_FINISHED, END_STOPPED } from "../../firmware/telemetry.ts";
import { builtinCell } from "../../host/builtin-cells.ts";
import type { Cell } from "../../host/cell-file.ts";
import type { TraceRow } from "../../host/formats/trace-row.ts";
import { createTraceRow } from "../../host/formats/trace-row.ts";
import type { RowFate } from "../../host/replay-examination.ts";
import { createExamination } from "../../host/replay-examination.ts";
import type { ReplayRecord } from "../../host/replay-record.ts";
import { createStream, gaussian } from "../../sim/random.ts";

function cell(): Cell {
  const found = builtinCell("hNa");
  if (found === null) throw new Error("no such cell");
  return { ...found, areaCm2: 1 };
}

const HEALTHY = 46;
const LEAKING = 20;
const SHORTED = 4;
const NOISE_V = 20e-6;

/** `maCm2` for `seconds`; Ω cm² of the cell meanwhile. */
interface Part {
  maCm2: number;
  seconds: number;
  ohmCm2?: number;
  step?: string;
  /** Not recorded, but passing. */
  gap?: boolean;
}

interface Examined {
  records: ReplayRecord[];
  fates: RowFate[];
}

function rowsOf(parts: Part[], periodS = 1, startS = 0): TraceRow[] {
  const stream = createStream(1, "trace");
  const rows: TraceRow[] = [];
  let timeS = startS;
  for (const { maCm2, seconds, ohmCm2 = HEALTHY, step = "", gap = false } of parts) {
    for (let i = 0; i < Math.round(seconds / periodS); i++, timeS += periodS) {
      if (gap) continue;
      const currentA = maCm2 * 1e-3;
      const voltageV = ohmCm2 * currentA + NOISE_V * gaussian(stream);
      rows.push({ ...createTraceRow(), timeS, voltageV, currentA, step });
    }
  }
  return rows;
}

function examine(rows: TraceRow[], end = END_FINISHED): Examined {
  const records: ReplayRecord[] = [];
  const examination = createExamination(cell(), (record) => records.push(record));
  const reused = createTraceRow();
  const fates = rows.map((row) => examination.take(Object.assign(reused, row)));
  examination.finish(end);
  return { records, fates };
}

function named(records: ReplayRecord[], event: string): ReplayRecord[] {
  return records.filter((record) => record.event === event);
}

function shorts(records: ReplayRecord[], of: string): ReplayRecord[] {
  return named(records, "short").filter((record) => "class" in record && record.class === of);
}

function cycles(levels: number[], seconds = 600): Part[] {
  return levels.flatMap((maCm2) => [
    ...[
      { maCm2, seconds },
      { maCm2: 0, seconds: 60 },
    ],
    ...[
      { maCm2: -maCm2, seconds },
      { maCm2: 0, seconds: 60 },
    ],
  ]);
}

describe("an examination", () => {
  test("of a healthy cell ends in one verdict", () => {
    const { records } = examine(rowsOf(cycles([1, 1])));
    expect(records.at(-1)).toEqual({
      ...{ event: "verdict", verdict: "healthy", t: null, end: "finished" },
    });
    expect(named(records, "verdict")).toHaveLength(1);
    expect(named(records, "short")).toEqual([]);
  });

  test("tells every set-point once, in time and density", () => {
    const { records } = examine(rowsOf([{ maCm2: 0, seconds: 60 }, ...cycles([1, 2])]));
    const steps = named(records, "step");
    const told = steps.map((each) => "setpointMaCm2" in each && each.setpointMaCm2);
    expect(told).toEqual([0, 1, 0, -1, 0, 2, 0, -2, 0]);
    expect(steps[1]).toEqual({ t: 60, event: "step", index: 1, stepCount: 2, setpointMaCm2: 1 });
  });

  test("keeps the test time of the recording, in every record and in order", () => {
    const parts = [...cycles([1]), { maCm2: 1, seconds: 60 }];
    const leaking = { maCm2: 1, seconds: 60, ohmCm2: LEAKING };
    const { records } = examine(rowsOf([...parts, leaking], 0.1, 5000));
    const at = 5000 + 1320 + 60;
    const [first] = named(records, "short");
    const verdict = records.at(-1);
    expect(first).toMatchObject({ event: "short" });
    if (!("t" in first) || verdict?.event !== "verdict") throw new Error("no time");
    expect(first.t).toBeGreaterThan(at);
    expect(first.t).toBeLessThan(at + 10);
    expect(verdict.t).toBe(first.t);
    const times = records.slice(0, -1).map((each) => ("t" in each ? each.t : NaN));
    expect(times).toEqual([...times].sort((a, b) => Number(a) - Number(b)));
  });

  test("tells a hard short once, and again after it was gone for a half cycle", () => {
    const shorted = [1, -1, 1].map((maCm2) => ({ maCm2, seconds: 100, ohmCm2: SHORTED }));
    const healed = [-1, 1].map((maCm2) => ({ maCm2, seconds: 100 }));
    const { records } = examine(rowsOf([...cycles([1]), ...shorted, ...healed, ...shorted]));
    expect(shorts(records, "hard")).toHaveLength(2);
    expect(records.at(-1)).toMatchObject({ verdict: "hard-short" });
  });

  test("names a gap where it begins", () => {
    const gap = { maCm2: 0, seconds: 500, gap: true };
    const parts = [{ maCm2: 1, seconds: 100 }, gap, { maCm2: 1, seconds: 100 }];
    const { records } = examine(rowsOf(parts));
    expect(named(records, "gap")).toEqual([{ t: 99, event: "gap", seconds: 501 }]);
    expect(named(records, "step")).toHaveLength(1);
  });

  test("leaves out what does not go forward", () => {
    const rows = rowsOf([{ maCm2: 1, seconds: 100 }]);
    rows[50] = { ...rows[50], timeS: 3 };
    rows[60] = { ...rows[60], timeS: rows[59].timeS };
    const { fates, records } = examine(rows);
    expect(fates.map((fate, i) => [fate, i]).filter(([fate]) => fate !== "taken")).toEqual([
      ["backwards", 50],
      ["same-time", 60],
    ]);
    expect(named(records, "gap")).toEqual([]);
  });

  test("takes a set-point that is recorded", () => {
    const rows = rowsOf([{ maCm2: 1, seconds: 100 }]).map((row) => ({ ...row, setpointA: 2e-3 }));
    const steps = named(examine(rows).records, "step");
    expect(steps).toMatchObject([{ setpointMaCm2: 2 }]);
  });

  test("of one row has its verdict", () => {
    const { records } = examine(rowsOf([{ maCm2: 1, seconds: 1 }]), END_STOPPED);
    expect(records.at(-1)).toMatchObject({ verdict: "healthy", end: "stopped" });
  });
});

describe("a staircase in a recording", () => {
  test("that is completed is censored", () => {
    const { records } = examine(rowsOf(cycles([1, 1.5, 2])));
    expect(records.at(-1)).toMatchObject({
      verdict: "healthy",
      ccd: {
        ...{ softMaCm2: null, hardMaCm2: null, lastCompletedMaCm2: 2, bracketMaCm2: null },
        censored: true,
      },
    });
    const verdict = records.at(-1);
    const passed = verdict?.event === "verdict" ? verdict.ccd?.cumulativeArealCapacityMahCm2 : 0;
    // Two half cycles of 600 s at each level.
    expect(Math.abs(Number(passed) / ((2 * 600 * 4.5) / 3600) - 1)).toBeLessThan(0.01);
  });

  test("ends at its hard short, with the bracket", () => {
    const broken = [
      { maCm2: 2.5, seconds: 100 },
      { maCm2: 2.5, seconds: 100, ohmCm2: SHORTED },
    ];
    const { records } = examine(rowsOf([...cycles([1, 1.5, 2]), ...broken]));
    expect(records.at(-1)).toMatchObject({
      verdict: "hard-short",
      ccd: { hardMaCm2: 2.5, lastCompletedMaCm2: 2, bracketMaCm2: [2, 2.5], censored: false },
    });
  });

  test("has the level of its first soft short", () => {
    const leaking = { maCm2: -1.5, seconds: 600, ohmCm2: LEAKING };
    const parts = [...cycles([1]), { maCm2: 1.5, seconds: 600 }, leaking, ...cycles([2])];
    const { records } = examine(rowsOf(parts));
    expect(shorts(records, "hard")).toEqual([]);
    expect(records.at(-1)).toMatchObject({ ccd: { softMaCm2: 1.5, hardMaCm2: null } });
  });

  test.each([
    ["twice", 2, { lastCompletedMaCm2: 2, bracketMaCm2: [2, 2.5], censored: false }],
    ["once, which may be a wrong reading", 1, { bracketMaCm2: null, censored: true }],
  ])("fails where the voltage window is left %s", (_, rows, ccd) => {
    const ohmCm2 = 1800;
    const high = { maCm2: 2.5, seconds: 100 };
    const parts = [...cycles([1, 1.5, 2]), high, { ...high, seconds: rows, ohmCm2 }, high];
    expect(examine(rowsOf(parts)).records.at(-1)).toMatchObject({ ccd });
  });

  test("does not fail at a loose lead", () => {
    const parts = [...cycles([1, 1.5, 2]), { maCm2: 2.5, seconds: 200 }];
    const rows = rowsOf(parts);
    for (const row of rows.slice(-50, -40)) Object.assign(row, { voltageV: 4.5, currentA: 1e-7 });
    const { records } = examine(rows);
    expect(records.at(-1)).toMatchObject({ ccd: { bracketMaCm2: null, censored: true } });
  });

  test("is not invented for plain cycles", () => {
    expect(examine(rowsOf(cycles([1, 1, 1]))).records.at(-1)).not.toHaveProperty("ccd");
  });
});
