// A channel whose journal is kept by hand: no board around it, a memory that can be made to refuse,
// and all that stands in the journal, read back byte by byte.
import { MEMORY_AREAS } from "../../boards/default-channel.ts";
import { createChannel } from "../../firmware/channel.ts";
import type { Channel } from "../../firmware/channel.ts";
import { createDiary } from "../../firmware/diary.ts";
import type { Desk } from "../../firmware/diary.ts";
import { OPENING_BYTES } from "../../firmware/journal.ts";
import { SEALED } from "../../firmware/protocol.ts";
import type { Step } from "../../firmware/protocol.ts";
import { CHARGE, CURRENT, ELAPSED, KIND, PER_SECOND, RECORD_BYTES } from "../../firmware/record.ts";
import { RECORD_GAP, SEQUENCE, TIME, VOLTAGE } from "../../firmware/record.ts";
import { PERMIT_NONE } from "../../firmware/run.ts";
import { createArrayMemory } from "../../hal/memory/array.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import type { Memory } from "../../hal/port.ts";
import { memoryOf } from "./shell-board.ts";
import { CAPABILITIES, CIRCUIT, CODE_MID, cellOf, limitsOf, sampleOf } from "./specimen.ts";
import type { Readings } from "./specimen.ts";

export const HASH = 0xcafe;

export interface KeptDesk extends Desk {
  readonly channel: Channel;
  /** Programs that memory refuses from now on. */
  refusals: number;
  readonly bytes: Uint8Array;
}

/** A desk over a memory that holds `steps` (END is added), or over `bytes` as another life left
 *  them. Boots at 0 s. */
export function createDesk(steps: Step[], bytes = memoryOf(steps)): KeptDesk {
  const channel = createChannel(CIRCUIT, CAPABILITIES, CODE_MID);
  channel.config = cellOf();
  channel.limits = limitsOf(channel.config);
  channel.sample = sampleOf({ timeVoltage: 0 });
  channel.run.steps = steps.length + 1;
  channel.run.hash = HASH;
  channel.run.permit = PERMIT_NONE;
  const store = createArrayMemory(bytes, MEMORY_AREAS, crc32);
  const content = (store.state as { bytes: Uint8Array }).bytes;
  const memory: Memory = {
    ...store,
    program: (offset, from) => {
      if (desk.refusals > 0) {
        desk.refusals--;
        return false;
      }
      return store.program(offset, from);
    },
  };
  const desk: KeptDesk = {
    channel,
    memory,
    diary: createDiary(MEMORY_AREAS),
    refusals: 0,
    bytes: content,
  };
  return desk;
}

/** The next frame has these readings. */
export function read(desk: KeptDesk, changes: Partial<Readings>): void {
  desk.channel.sample.set(sampleOf(changes));
}

/** A record as it stands in memory. */
export interface Written {
  kind: number;
  flags: number;
  index: number;
  sequence: number;
  time: number;
  elapsed: number;
  charge: number;
  current: number;
  voltage: number;
}

/** A segment: its opening's revision and doubles, and the records behind it. */
export interface Segment {
  revision: number;
  values: Float64Array;
  records: Written[];
}

function recordAt(bytes: Uint8Array, at: number): Written | null {
  const own = bytes.slice(at, at + RECORD_BYTES);
  const kind = own[KIND];
  if (crc32(own) !== SEALED || kind === 0 || kind > RECORD_GAP) return null;
  const words = new Uint32Array(own.buffer);
  const values = new Float32Array(own.buffer);
  return {
    kind,
    flags: own[1],
    index: own[2] | (own[3] << 8),
    sequence: words[SEQUENCE],
    time: words[TIME] / PER_SECOND,
    elapsed: words[ELAPSED] / PER_SECOND,
    charge: values[CHARGE],
    current: values[CURRENT],
    voltage: values[VOLTAGE],
  };
}

/** All that the journal holds, oldest segment first. */
export function segmentsOf({ bytes, diary }: KeptDesk): Segment[] {
  const { size } = diary.journal;
  const found: Segment[] = [];
  for (let begin = MEMORY_AREAS.journal; begin + size <= MEMORY_AREAS.end; begin += size) {
    const opening = bytes.slice(begin, begin + OPENING_BYTES);
    if (crc32(opening) !== SEALED) continue;
    const [, , revision, first] = new Uint32Array(opening.buffer);
    const records: Written[] = [];
    for (let at = OPENING_BYTES; at + RECORD_BYTES <= size; at += RECORD_BYTES) {
      const record = recordAt(bytes, begin + at);
      if (record?.sequence !== first + records.length) break;
      records.push(record);
    }
    found.push({ revision, values: new Float64Array(opening.buffer), records });
  }
  return found.sort((a, b) => a.revision - b.revision);
}

/** Kinds of the records in the newest segment. */
export function kindsOf(desk: KeptDesk): number[] {
  return (
    segmentsOf(desk)
      .at(-1)
      ?.records.map(({ kind }) => kind) ?? []
  );
}
