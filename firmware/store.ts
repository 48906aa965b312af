// What memory holds for the channel: configuration, and the program step by step.
import type { Memory } from "../hal/port.ts";
import type { Channel } from "./channel.ts";
import { CONFIG_BYTES, decodeConfig } from "./config.ts";
import { AREA_CM2 } from "./config.ts";
import { FAULT_CONFIG, FAULT_NONE, FAULT_PROTOCOL } from "./fault.ts";
import type { Terms } from "./features.ts";
import type { Envelope } from "./limits.ts";
import { narrow } from "./limits.ts";
import { ENTRY_WORDS_MAX, PROTOCOL_HEADER_BYTES, SEALED } from "./protocol.ts";
import { HASH, decodeHeader, unfold } from "./protocol.ts";
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
export function load(channel: Channel, memory: Memory, envelope: Envelope, terms?: Terms): number {
  const bytes = new Uint8Array(CONFIG_BYTES);
  channel.run.steps = -1;
  const read = memory.read(memory.areas.config, bytes);
  const known = read && decodeConfig(bytes, channel.config, memory.crc32);
  const cell = channel.config;
  if (!known || !narrow(channel.limits, envelope, cell, channel.capabilities)) {
    cell[AREA_CM2] = 0;
    return FAULT_CONFIG;
  }
  const words = new Uint32Array(PROTOCOL_HEADER_BYTES / 4);
  const header = new Uint8Array(words.buffer);
  memory.read(memory.areas.protocol, header);
  channel.run.hash = words[HASH];
  if (memory.crc32(header) === SEALED) {
    channel.run.steps = decodeHeader(words);
    if (terms !== undefined) terms.load(channel.run, memory, words[1], words[2]);
  }
  return channel.run.steps < 0 ? FAULT_PROTOCOL : FAULT_NONE;
}

/** Reads the step `index` into the run's next one. A fault code when there is none. What memory
 *  does not answer is zero, and no entry. */
export function prefetch(run: Run, memory: Memory, index: number): number {
  const area = memory.areas.protocol;
  const place = new Uint8Array(4);
  run.loadedIndex = -1;
  memory.read(area + PROTOCOL_HEADER_BYTES + 2 * index, place);
  const both = new Uint32Array(place.buffer)[0];
  const from = both & 65535;
  const count = ((both >>> 16) - from) >>> 2;
  const words = new Uint32Array(count <= ENTRY_WORDS_MAX ? count : 1);
  const entry = new Uint8Array(words.buffer);
  memory.read(area + from, entry);
  words[words.length - 1] ^= index;
  // One word alone is none: anything would do.
  const whole = words.length > 1 && index < run.steps && memory.crc32(entry) === SEALED;
  const sound = whole && unfold(run.next, words);
  if (sound) run.loadedIndex = index;
  return sound ? FAULT_NONE : FAULT_PROTOCOL;
}
