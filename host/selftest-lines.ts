// A board's answer to `selftest`, for people.
import { faultMeaning, faultName } from "./fault-name.ts";
import { significant, volts, amperes } from "./quantity.ts";

/** What is checked, by bit, see firmware/selftest.ts; and what it means when it failed. */
export const CHECKS: readonly (readonly [passed: string, failed: string])[] = [
  ["voltage: its converter answers", "voltage: its converter does not answer"],
  ["current: its converter answers", "current: its converter does not answer"],
  ["set-point: it is read back", "set-point: its converter cannot be read back"],
  ["range: it is read back", "range: the switches cannot be read back"],
  ["force: it is read", "force: the load cell's converter gives no reading"],
  ["temperature: it is read", "temperature: its converter gives no reading"],
  ["set-point: it is at zero", "set-point: it is not at zero"],
  ["range: the switches are as written", "range: the switches are not as written"],
  ["leak: no current at zero", "leak: current flows with the output off; disconnect the cell"],
  ["memory: it gives back what is written", "memory: it does not give back what was written"],
  ["configuration: it is whole", "configuration: none that is usable; load a protocol"],
  ["program: it is whole", "program: none that is usable; load a protocol"],
  ["time: measurements come in time", "time: measurements come late"],
  ["voltage: the cell is within its window", "voltage: the cell is outside its window"],
  ["force: enough to start with", "force: less than nine tenths of the clamp force"],
  ["current: into the dummy alone, and all ranges see the same dummy", "current: not proven"],
];

/** How many numbers a self-test's answer has. */
export const SELFTEST_VALUES = 6;

/** The last check: not passed because of the fault that is latched now, or not made for want of a
 *  chip. */
const PROOF = CHECKS.length - 1;

function complaint(bit: number, fault: number): string {
  const [, failed] = CHECKS[bit];
  if (bit !== PROOF) return failed;
  if (fault === 0) return `${failed}: a chip does not answer`;
  const name = faultName(fault);
  return `${failed}: ${name}, ${faultMeaning(name)}`;
}

/** What was measured, then a line for each check, then how many were passed. */
export function selftestLines(values: readonly number[]): string[] {
  const [failed, voltageUv, currentPa, forceMn, temperatureMc, fault] = values;
  const measured = [
    volts(voltageUv * 1e-6),
    amperes(currentPa * 1e-12),
    `${significant(forceMn * 1e-3, 4)} N`,
    `${significant(temperatureMc * 1e-3, 4)} °C`,
  ];
  const isFailed = (bit: number): boolean => (failed & (1 << bit)) !== 0;
  const lines = CHECKS.map(([words], bit) =>
    isFailed(bit) ? `failed     ${complaint(bit, fault)}` : `passed     ${words}`,
  );
  const passed = CHECKS.filter((_, bit) => !isFailed(bit)).length;
  return [
    `at rest    ${measured.join(", ")}`,
    ...lines,
    `passed     ${passed} of ${CHECKS.length} checks`,
  ];
}
