// How much an event matters to a reader.
import type { SignRecord } from "../event-record.ts";

/** "bad" and "warn" are marked in plots and tables. */
export function tone(record: SignRecord): "bad" | "warn" | "" {
  if (record.event === "fault") return "bad";
  if (record.event === "short") return record.class === "hard" ? "bad" : "warn";
  return ["contact", "trend", "hold", "gap"].includes(record.event) ? "warn" : "";
}
