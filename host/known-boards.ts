// Boards by name, as `cyclet check` is asked about them, and what their bundles carry.
import { BOARD_CAPABILITIES } from "../boards/capabilities.ts";
import { capabilitiesOf } from "../boards/firmata-channel.ts";
import { FIRMATA_NANO } from "../boards/firmata-nano.ts";
import { FIRMATA_UNO } from "../boards/firmata-uno.ts";
import { SIMULATED } from "../boards/simulated.ts";
import type { Capabilities } from "../hal/port.ts";
import { InputError } from "./input-error.ts";
import { suggestion } from "./nearest.ts";

/** Parts of the language that not every bundle has room for, and what of a protocol needs them. */
export type Part = "terms" | "potential" | "impedance";

/** Names of all boards. */
export const BOARD_NAMES: readonly string[] = [
  ...[SIMULATED.name, ...BOARD_CAPABILITIES.map(({ name }) => name)],
  ...[FIRMATA_UNO.name, FIRMATA_NANO.name],
];

/** Whether the bundle of a board carries a part of the language. A board that is not in our list,
 *  and a channel on the computer, carry everything. */
export function carries(name: string, part: Part): boolean {
  const board = BOARD_CAPABILITIES.find((each) => each.name === name);
  return board === undefined || board.features.some((each: string) => each === part);
}

/** Names of the boards that carry a part of the language. */
export function boardsWith(part: Part): string[] {
  return BOARD_NAMES.filter((name) => carries(name, part));
}

/** What the board of a name can do. Throws InputError for a name that is none. */
export function boardNamed(name: string): Capabilities {
  if (name === SIMULATED.name) return SIMULATED;
  const hosted = [FIRMATA_UNO, FIRMATA_NANO].find((each) => each.name === name);
  if (hosted !== undefined) return capabilitiesOf(hosted, true);
  const board = BOARD_CAPABILITIES.find((each) => each.name === name);
  if (board === undefined) {
    const hint = suggestion(name, BOARD_NAMES);
    throw new InputError(
      `--board ${name}: unknown board${hint}; accepted: ${BOARD_NAMES.join(", ")}`,
    );
  }
  // All of them carry the default channel, whose circuit is that of the simulated board.
  const { framePeriodMinMs, framePeriodMs, burstPeriodUs } = board;
  return { ...SIMULATED, name, framePeriodMinMs, framePeriodMs, burstPeriodUs };
}
