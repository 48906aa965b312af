// A board's answer to `selftest`, for people.
import { significant, volts, amperes } from "./quantity.ts";

/** What a failed check means, by bit, see firmware/selftest.ts. */
export const CHECK_WORDS: readonly string[] = [
  "voltage: its converter does not answer",
  "current: its converter does not answer",
  "set-point: its converter cannot be read back",
  "range: the switches cannot be read back",
  "force: the load cell's converter gives no reading",
  "temperature: its converter gives no reading",
  "set-point: it is not at zero",
  "range: the switches are not as written",
  "leak: current flows with the output off; disconnect the cell",
  "memory: it does not give back what was written",
  "configuration: none that is usable; load a protocol",
  "program: none that is usable; load a protocol",
  "time: measurements come late",
  "voltage: the cell is outside its window",
];

/** How many numbers a self-test's answer has. */
export const SELFTEST_VALUES = 5;

/** What was measured, then a line for each check that failed. */
export function selftestLines(values: readonly number[]): string[] {
  const [failed, voltageUv, currentPa, forceMn, temperatureMc] = values;
  const measured = [
    volts(voltageUv * 1e-6),
    amperes(currentPa * 1e-12),
    `${significant(forceMn * 1e-3, 4)} N`,
    `${significant(temperatureMc * 1e-3, 4)} °C`,
  ];
  const complaints = CHECK_WORDS.filter((_, bit) => (failed & (1 << bit)) !== 0);
  return [
    `at rest    ${measured.join(", ")}`,
    ...complaints.map((words) => `failed     ${words}`),
    ...(complaints.length === 0 ? [`passed     ${CHECK_WORDS.length} checks`] : []),
  ];
}
