import { describe, expect, test } from "vitest";
import { BUILTIN_CELLS, builtinCell } from "../../host/builtin-cells.ts";
import { nominalCapacityMah, parseCell } from "../../host/cell-file.ts";
import { InputError } from "../../host/input-error.ts";
import { seeded, targetCell } from "../../host/target.ts";

const file = {
  name: "NZSP-17",
  areaCm2: 0.95,
  electrolyte: { thicknessCm: 0.162, conductivitySPerCm: 0.0041, activationEnergyEv: 0.29 },
  clampForceN: 5884,
  temperatureC: 25,
  voltageWindowV: [-4, 4],
};

function complaint(value: unknown): string {
  try {
    parseCell(value, "cell.json");
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return "";
}

describe("parseCell", () => {
  test("fills in uncertainties", () => {
    expect(parseCell(file, "cell.json")).toEqual({
      ...file,
      uncertainty: { thickness: 0.05, conductivity: 0.1, area: 0.03 },
      sim: null,
    });
    const known = { ...file, uncertainty: { area: 0.01 } };
    expect(parseCell(known, "cell.json").uncertainty).toEqual({
      thickness: 0.05,
      conductivity: 0.1,
      area: 0.01,
    });
  });

  test.each([
    ["bareNa", 0.1],
    ["hNa", 0.05],
    [{ nzspToNaMassRatio: 0 }, 0.1],
    [{ nzspToNaMassRatio: 0.2 }, 0.05],
  ])("plays %j with noise %d unless told otherwise", (anode, noise) => {
    const sim = { noise, seed: 1, shorts: true, fullCell: false };
    expect(parseCell({ ...file, sim: { anode } }, "c").sim).toEqual({ anode, ...sim });
    const told = { anode, noise: 0, seed: 9, shorts: false, fullCell: true };
    expect(parseCell({ ...file, sim: told }, "c").sim).toEqual(told);
  });

  test("leaves out the schema that an editor is told of", () => {
    const schema = { $schema: "https://example.org/cell.schema.json" };
    expect(parseCell({ ...schema, ...file }, "c")).toEqual(parseCell(file, "c"));
  });

  test("knows its nominal capacity by area or by active mass, if the file says one", () => {
    const capacity = (more: object): number | null =>
      nominalCapacityMah(parseCell({ ...file, ...more }, "c"));
    expect(capacity({})).toBeNull();
    expect(capacity({ activeMassMg: 2 })).toBeNull();
    expect(capacity({ arealCapacityMahCm2: 0.2 })).toBeCloseTo(0.19, 12);
    expect(capacity({ arealCapacityMahCm2: 0.2, activeMassMg: 2 })).toBeCloseTo(0.19, 12);
    expect(capacity({ activeMassMg: 2, specificCapacityMahPerG: 117 })).toBeCloseTo(0.234, 12);
  });

  const { areaCm2, ...noArea } = file;
  test.each<[unknown, string[]]>([
    [{ ...noArea, areaCm: areaCm2 }, ["cell.json: $.areaCm: unknown key", '"areaCm2"']],
    [noArea, ["$.areaCm2: missing", "a number more than 0 and at most 100"]],
    [{ ...file, areaCm2: 0 }, ["$.areaCm2: 0 is not accepted", "more than 0"]],
    [{ ...file, areaCm2: "1" }, ['$.areaCm2: "1" is not accepted', "a number"]],
    [{ ...file, areaCm2: Infinity }, ["$.areaCm2: Infinity is not accepted"]],
    [{ ...file, electrolyte: { ...file.electrolyte, thicknessCm: -1 } }, ["$.electrolyte.thick"]],
    [{ ...file, voltageWindowV: [4, -4] }, ["$.voltageWindowV: [4, -4] is empty"]],
    [{ ...file, voltageWindowV: [-4, 4, 5] }, ["$.voltageWindowV", "[lowest, highest] in V"]],
    [{ ...file, uncertainty: { area: 1 } }, ["$.uncertainty.area: 1", "less than 1"]],
    [{ ...file, uncertainty: { aera: 0.1 } }, ["$.uncertainty.aera", 'mean "area"']],
    [{ ...file, sim: {} }, ["$.sim.anode: missing", "bareNa"]],
    [{ ...file, sim: { anode: "hna" } }, ['$.sim.anode: "hna"', '"hNa"']],
    [{ ...file, sim: { anode: { nzspToNaMassRatio: -1 } } }, ["$.sim.anode.nzspToNaMassRatio"]],
    [{ ...file, sim: { anode: "hNa", noise: 0.3 } }, ["$.sim.noise: 0.3", "at most 0.2"]],
    [{ ...file, sim: { anode: "hNa", seed: 1.5 } }, ["$.sim.seed: 1.5", "a whole number"]],
    [{ ...file, sim: { anode: "hNa", fullCell: 1 } }, ["$.sim.fullCell: 1", "true or false"]],
    [{ ...file, arealCapacityMahCm2: 0 }, ["$.arealCapacityMahCm2: 0", "more than 0"]],
    [{ ...file, activeMassMg: "1" }, ["$.activeMassMg", "a number"]],
    [{ ...file, specificCapacityMahPerG: 117 }, ["$.activeMassMg: missing", "a mass"]],
    [
      { ...file, activeMassMg: 1, specificCapacityMahPerG: 117, arealCapacityMahCm2: 0.1 },
      ["$: two capacities", "one of arealCapacityMahCm2, specificCapacityMahPerG"],
    ],
    [[], ["$: [] is not accepted", "keys name, areaCm2"]],
    [null, ["$: null is not accepted"]],
  ])("refuses %j in one line", (value, words) => {
    const line = complaint(value);
    expect(line).not.toContain("\n");
    for (const word of words) expect(line).toContain(word);
  });
});

describe("built-in cells", () => {
  test.each(BUILTIN_CELLS)("%s is a whole simulated cell", (name) => {
    const cell = builtinCell(name);
    const anode = { nvp: "hNa", nvpBareNa: "bareNa" }[name] ?? name;
    expect(cell?.sim).toMatchObject({ anode, fullCell: name.startsWith("nvp") });
    expect(targetCell(`sim:${name}`).name).toBe(name);
  });

  test("are known to be full cells by their window and capacity", () => {
    const cell = targetCell("sim:nvp");
    expect(nominalCapacityMah(cell)).toBeCloseTo(0.117 * cell.areaCm2, 9);
    expect(cell.voltageWindowV[0]).toBeGreaterThan(0);
    expect(nominalCapacityMah(targetCell("sim:hNa"))).toBeNull();
    expect(builtinCell("toString")).toBeNull();
  });

  test("take another seed without losing the first", () => {
    const cell = targetCell("sim:hNa");
    expect(seeded(cell, 7).sim.seed).toBe(7);
    expect(seeded(cell, undefined).sim.seed).toBe(1);
    expect(cell.sim.seed).toBe(1);
  });
});

test.each([
  ["serial:/dev/ttyACM0", "is a real board"],
  ["firmata:/dev/ttyUSB0", "is a real board; accepted here: sim:bareNa"],
  ["tcp:host:1", "is a real board"],
  ["serial:", "unknown target"],
  ["sim:", "unknown target"],
  ["hNa", "unknown target"],
  ["sim:hna", 'mean "sim:hNa"'],
  ["sim:missing.json", "there is no such file"],
])("target %s is refused with what is accepted", (target, words) => {
  expect(() => targetCell(target)).toThrow(InputError);
  expect(() => targetCell(target)).toThrow(words);
});
