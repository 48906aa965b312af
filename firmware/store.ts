// What memory holds for the channel: configuration, and the program step by step.
import type { Memory } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { CONFIG_BYTES, decodeConfig } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import { FAULT_CONFIG, FAULT_NONE, FAULT_PROTOCOL } from "./fault.ts";
import type { Envelope } from "./limits.ts";
import { narrow } from "./limits.ts";
import { ENTRY_BYTES_MAX, ENTRY_BYTES_MIN, PROTOCOL_HEADER_BYTES, SEALED } from "./protocol.ts";
import { decodeHash, decodeHeader, unfold } from "./protocol.ts";
import type { Run } from "./run.ts";

/** Bytes at the start of a record that are cleared to make it no record of ours. */
const MARK_BYTES = 8;

/** Makes the stored configuration and program invalid, as long as they are being replaced: half of
 *  one and half of the other must never run. False = memory refused. */
export function disown(channel: Channel, memory: Memory): boolean {
  const blank = new Uint8Array(MARK_BYTES);
  channel.run.steps = -1;
  channel.config[AREA_CM2] = 0;
  const cleared = memory.program(memory.areas.protocol, blank);
  return memory.program(memory.areas.config, blank) && cleared;
}

/** Fetches configuration and program header; a fault code when one is not usable: nothing will run
 *  then. */
export function load(channel: Channel, memory: Memory, envelope: Envelope): number {
  const bytes = new Uint8Array(CONFIG_BYTES);
  channel.run.steps = -1;
  const read = memory.read(memory.areas.config, bytes);
  const known = read && decodeConfig(bytes, channel.config, memory.crc32);
  const cell = channel.config;
  if (!known || !narrow(channel.limits, envelope, cell, channel.capabilities)) {
    cell[AREA_CM2] = 0;
    return FAULT_CONFIG;
  }
  const header = new Uint8Array(PROTOCOL_HEADER_BYTES);
  if (memory.read(memory.areas.protocol, header)) {
    channel.run.steps = decodeHeader(header, memory.crc32);
    channel.run.hash = decodeHash(header);
  }
  return channel.run.steps < 0 ? FAULT_PROTOCOL : FAULT_NONE;
}

/** Reads the step `index` into the run's next one. A fault code when there is none. */
export function prefetch(run: Run, memory: Memory, index: number): number {
  const area = memory.areas.protocol;
  const place = new Uint8Array(4);
  run.loadedIndex = -1;
  const inside = index < run.steps;
  if (!inside || !memory.read(area + PROTOCOL_HEADER_BYTES + 2 * index, place))
    return FAULT_PROTOCOL;
  const from = place[0] | (place[1] << 8);
  const length = (place[2] | (place[3] << 8)) - from;
  if (length < ENTRY_BYTES_MIN || length > ENTRY_BYTES_MAX) return FAULT_PROTOCOL;
  const entry = new Uint8Array(length);
  if (!memory.read(area + from, entry)) return FAULT_PROTOCOL;
  entry[length - 4] ^= index & 255;
  entry[length - 3] ^= index >> 8;
  if (memory.crc32(entry) !== SEALED || !unfold(run.next, entry)) return FAULT_PROTOCOL;
  run.loadedIndex = index;
  return FAULT_NONE;
}
