// The readings that events were decided on, kept for the report in bounded memory.
import type { EvidenceMessage } from "../../firmware/telemetry.ts";
import type { Reading } from "../evidence-file.ts";
import { readingsOf } from "../evidence-file.ts";

/** What was seen around one event: at the pace of frames, and faster. */
export interface Observation {
  readonly frames: Reading[];
  readonly burst: Reading[];
}

/** Observations by the number of their event. */
export type Observations = Map<number, Observation>;

const EVENTS_MAX = 500;
const READINGS_MAX = 1000;

/** Takes in a message; what goes beyond the bounds is in the evidence file only. */
export function addEvidence(observations: Observations, message: EvidenceMessage): void {
  const known = observations.get(message.event);
  if (known === undefined && observations.size >= EVENTS_MAX) return;
  const observation = known ?? { frames: [], burst: [] };
  observations.set(message.event, observation);
  const readings = message.burst ? observation.burst : observation.frames;
  for (const reading of readingsOf(message)) {
    if (readings.length < READINGS_MAX) readings.push(reading);
  }
}
