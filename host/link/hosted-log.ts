// Logs that are files of this computer: of a channel on an Arduino, which runs here, or named.
import { existsSync } from "node:fs";
import type { FirmataBoard } from "../../boards/firmata-channel.ts";
import { capabilitiesOf, crc32 } from "../../boards/firmata-channel.ts";
import { FIRMATA_NANO } from "../../boards/firmata-nano.ts";
import { FIRMATA_UNO } from "../../boards/firmata-uno.ts";
import { NOMINAL_CODE_MID } from "../../boards/simulated.ts";
import type { Config } from "../../firmware/config.ts";
import { CONFIG_BYTES, createConfig, decodeConfig } from "../../firmware/config.ts";
import type { Capabilities } from "../../hal/port.ts";
import { InputError } from "../input-error.ts";
import { boardOf } from "./firmata.ts";
import { factsOf, logFile, openMemory, withFile } from "./firmata-files.ts";
import type { PortFacts } from "./serial.ts";

/** The log of a channel, and what else is known of its runs. */
export interface HostedLog {
  readonly path: string;
  readonly config: Config;
  /** The channel, with a keep-alive and without. */
  readonly boards: readonly Capabilities[];
}

/** What a channel's program may have been loaded for. */
function variantsOf(board: FirmataBoard): Capabilities[] {
  return [capabilitiesOf(board, true), capabilitiesOf(board, false)];
}

/** What the channel believes of itself and of its cell. */
function configOf(facts: PortFacts, target: string): Config {
  const memory = openMemory(facts, target);
  const config = createConfig(NOMINAL_CODE_MID);
  const record = new Uint8Array(CONFIG_BYTES);
  if (memory.read(memory.areas.config, record)) decodeConfig(record, config, crc32);
  memory.close();
  return config;
}

/** The log of the channel at `path`; touches no port. Rejects with an InputError where there is
 *  none. */
export async function hostedLog(target: string, path: string): Promise<HostedLog> {
  const facts = await factsOf(path);
  const file = withFile(target, "log", () => logFile(facts));
  if (!existsSync(file)) {
    throw new InputError(
      `${target}: no run of it is in a log on this computer; a board with a serial number is ` +
        `known by that: is it plugged in? accepted: also file:PATH, such as file:${file}`,
    );
  }
  return { path: file, config: configOf(facts, target), boards: variantsOf(boardOf(facts)) };
}

/** A log in any file, of a channel with nominal values. Throws an InputError without a path. */
export function logInFile(target: string): HostedLog {
  const path = target.slice("file:".length);
  if (path === "" || path.includes("\0")) {
    throw new InputError(`--on ${JSON.stringify(target)}: accepted: file:PATH of a log`);
  }
  const boards = [FIRMATA_UNO, FIRMATA_NANO].flatMap(variantsOf);
  return { path, config: createConfig(NOMINAL_CODE_MID), boards };
}
