// What `start`, `status` and `selftest` say of a board's log.
import { askState } from "./link/log-wire.ts";
import type { Wire } from "./link/wire.ts";
import type { VerbName } from "./verbs.ts";

/** A line for a board that keeps a log, none for one that does not; after a start only a log that
 *  is not there is worth a word. */
export async function logLines(wire: Wire, name: VerbName): Promise<string[]> {
  if (name !== "start" && name !== "status" && name !== "selftest") return [];
  const log = await askState(wire);
  if (log === null) return [];
  if (log.trouble !== null) return [`log        ${log.trouble}: nothing can be fetched from it`];
  if (name === "start") return [];
  return [`log        ${log.run === 0 ? "empty" : `its newest run is number ${log.run}`}`];
}
