// The rules that the Battery Data Format's own validator holds a file against, and those of its
// column definitions (battery-data-alliance, batterydf 0.1.0 and ontology 1.3.0).

const REQUIRED = ["Test Time / s", "Voltage / V", "Current / A"];
const WHOLE = ["Cycle Count / 1", "Step Count / 1", "Record Index / 1"];
const NEVER_FALLING = [
  ...["Test Time / s", "Cycle Count / 1", "Step Count / 1", "Record Index / 1"],
  ...["Charging Capacity / Ah", "Discharging Capacity / Ah", "Cumulative Capacity / Ah"],
  ...["Charging Energy / Wh", "Discharging Energy / Wh", "Cumulative Energy / Wh"],
];
/** They fall only where a step begins. */
const WITHIN_STEP = [
  ...["Step Time / s", "Step Charging Capacity / Ah", "Step Discharging Capacity / Ah"],
  ...["Step Record Index / 1"],
];
const SUMS = ["Capacity / Ah", "Energy / Wh"];
/** Decimals of the file are exact to so much. */
const LEAST = 1e-12;

/** A table of texts by its header's labels. */
export function readTable(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trimEnd().split("\n");
  const labels = header.split(",");
  return lines.map((line) => {
    const cells = line.split(",");
    return Object.fromEntries(labels.map((label, at) => [label, cells[at]]));
  });
}

function falls(rows: readonly Record<string, string>[], label: string): number[] {
  const isStep = WITHIN_STEP.includes(label);
  return rows.flatMap((row, at) => {
    if (at === 0 || Number(row[label]) >= Number(rows[at - 1][label])) return [];
    return isStep && row["Step Count / 1"] !== rows[at - 1]["Step Count / 1"] ? [] : [at];
  });
}

function sumErrors(row: Record<string, string>): string[] {
  return SUMS.flatMap((unit) => {
    const [charging, discharging] = [`Charging ${unit}`, `Discharging ${unit}`].map((label) =>
      Number(row[label]),
    );
    const expected: [string, number][] = [
      [`Cumulative ${unit}`, charging + discharging],
      [`Net ${unit}`, charging - discharging],
    ];
    return expected
      .filter(([label, sum]) => label in row && !(Math.abs(Number(row[label]) - sum) <= LEAST))
      .map(([label]) => label);
  });
}

/** What is wrong with a data file, one text each; none = a sound one. */
export function bdfViolations(text: string): string[] {
  const rows = readTable(text);
  const labels = Object.keys(rows[0]);
  const missing = REQUIRED.filter((label) => !labels.includes(label));
  const falling = [...NEVER_FALLING, ...WITHIN_STEP].filter((label) => labels.includes(label));
  const whole = WHOLE.filter((label) => labels.includes(label));
  return [
    ...missing.map((label) => `${label} is missing`),
    ...falling.flatMap((label) => falls(rows, label).map((at) => `${label} falls in row ${at}`)),
    ...rows.flatMap((row, at) => sumErrors(row).map((label) => `${label} is no sum in row ${at}`)),
    ...whole
      .filter((label) => rows.some((row) => !/^\d+$/.test(row[label])))
      .map((label) => `${label} is not a whole number`),
    ...rows.flatMap((row, at) =>
      Object.values(row).some((cell) => cell === "" || cell === "NaN")
        ? [`row ${at} has holes`]
        : [],
    ),
  ];
}
