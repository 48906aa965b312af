// What a channel that runs on this computer keeps: its memory and its log, a file each.
import type { FileFlash, FileMemory } from "../../boards/firmata-channel.ts";
import { crc32, createFileFlash, createFileMemory } from "../../boards/firmata-channel.ts";
import { MEMORY_AREAS } from "../../boards/firmata-channel.ts";
import { InputError } from "../input-error.ts";
import { stateFile } from "../state-folder.ts";
import { reason } from "../system-error.ts";
import type { PortFacts } from "./serial.ts";
import { listPorts } from "./serial.ts";

/** What is known of the port at `path`; of one that is not there, nothing. */
export async function factsOf(path: string): Promise<PortFacts> {
  const found = (await listPorts()).find((each) => each.path === path);
  return found ?? { path, vendor: "", product: "", serialNumber: "" };
}

/** What `act` answers; its failure is told as one of the channel's `part`. */
export function withFile<T>(target: string, part: "memory" | "log", act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new InputError(`${target}: the channel's ${part}: ${reason(error)}`);
  }
}

/** The files of a channel go with the board where it has a number, else with the port. */
function nameOf(facts: PortFacts): string {
  return facts.serialNumber === "" ? facts.path : facts.serialNumber;
}

export function memoryFile(facts: PortFacts): string {
  return stateFile(`firmata-${nameOf(facts)}.memory`);
}

export function logFile(facts: PortFacts): string {
  return stateFile(`firmata-${nameOf(facts)}.log`);
}

/** Throws an InputError. */
export function openMemory(facts: PortFacts, target: string): FileMemory {
  return withFile(target, "memory", () => createFileMemory(memoryFile(facts), MEMORY_AREAS, crc32));
}

/** Throws an InputError. */
export function openLog(facts: PortFacts, target: string): FileFlash {
  return withFile(target, "log", () => createFileFlash(logFile(facts)));
}
