// Reads what a log holds of a run, sector by sector. Pages never change once they are written, so
// those of an earlier try that was broken off are not read again.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as log from "../firmware/log-format.ts";
import { decodeKept } from "./log-kept.ts";
import { decodePage, isBlank } from "./log-page.ts";
import type { LogBook } from "./log-run.ts";

/** A log that can be read. */
export interface LogSource {
  readonly bytes: number;
  readonly sectorBytes: number;
  read(offset: number, count: number): Promise<Uint8Array>;
}

/** Of each sector so much is looked at first: it names run and number. */
const LOOK_BYTES = 16;
/** Between two writings of what has been read, pages. */
const SAVE_EVERY = 256;

interface Look {
  readonly sector: number;
  readonly region: number;
  readonly head: Uint8Array;
  /** Of the first page, or the first kept record; -1 = there is none. */
  readonly number: number;
  readonly run: number;
}

/** Pages by their offset; `path` is where they wait for the next try. */
interface Cache {
  readonly path: string;
  readonly pages: Map<number, Uint8Array>;
}

function openCache(path: string): Cache {
  const pages = new Map<number, Uint8Array>();
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const size = 4 + log.PAGE_BYTES;
  for (let at = 0; at + size <= bytes.length; at += size) {
    pages.set(bytes.readUInt32LE(at), new Uint8Array(bytes.subarray(at + 4, at + size)));
  }
  return { path, pages };
}

function save(cache: Cache): void {
  const parts: Buffer[] = [];
  for (const [offset, bytes] of cache.pages) {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(offset);
    parts.push(head, Buffer.from(bytes));
  }
  writeFileSync(cache.path, Buffer.concat(parts));
}

function lookAt(region: number, sector: number, head: Uint8Array): Look {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const none = { sector, region, head, number: -1, run: 0 };
  if (region === log.KEPT) {
    const isRecord = head[0] >= log.KEPT_HEAD && head[0] !== log.BLANK;
    const number = view.getUint32(1 + log.KEPT_NUMBER, true) & 0xffffff;
    const run = view.getUint16(1 + log.KEPT_RUN, true);
    return isRecord ? { ...none, number, run } : none;
  }
  if (head[0] !== log.PAGE_MAGIC) return none;
  const number = view.getUint32(log.PAGE_NUMBER, true);
  return { ...none, number, run: view.getUint16(log.PAGE_RUN, true) };
}

async function lookAround(source: LogSource): Promise<Look[]> {
  const sectors = source.bytes / source.sectorBytes;
  const looks: Look[] = [];
  for (let region = 0; region < log.REGIONS; region++) {
    const end = log.regionStart(region + 1, sectors);
    for (let sector = log.regionStart(region, sectors); sector < end; sector++) {
      const head = await source.read(sector * source.sectorBytes, LOOK_BYTES);
      looks.push(lookAt(region, sector, head));
    }
  }
  return looks;
}

/** Sectors that begin with the run, and the one before each such stretch: it may begin there. */
function sectorsOf(looks: readonly Look[], run: number): Look[] {
  const wanted = new Set<Look>();
  for (let region = 0; region < log.REGIONS; region++) {
    const known = looks.filter((each) => each.region === region && each.number >= 0);
    known.sort((a, b) => a.number - b.number);
    known.forEach((look, i) => {
      const next = known.at(i + 1);
      if (look.run === run || next === undefined || next.run === run) wanted.add(look);
    });
  }
  return [...wanted];
}

async function readSector(source: LogSource, look: Look, cache: Cache): Promise<Uint8Array[]> {
  const pages: Uint8Array[] = [];
  const from = look.sector * source.sectorBytes;
  const first = cache.pages.get(from)?.subarray(0, LOOK_BYTES);
  const isSame = first !== undefined && Buffer.compare(first, look.head) === 0;
  for (let at = from; at < from + source.sectorBytes; at += log.PAGE_BYTES) {
    const known = isSame ? cache.pages.get(at) : undefined;
    const whole = look.region !== log.KEPT && known !== undefined && decodePage(known) !== null;
    const bytes = whole ? known : await source.read(at, log.PAGE_BYTES);
    if (isBlank(bytes)) break;
    pages.push(bytes);
    cache.pages.set(at, bytes);
    if (!whole && cache.pages.size % SAVE_EVERY === 0) save(cache);
  }
  return pages;
}

/** All that the log holds of a run, and more. `progress` gets the share that has been read; what
 *  was read waits in the file `path`, for another try. */
export async function fetchBook(
  source: LogSource,
  run: number,
  path: string,
  progress: (share: number) => void,
): Promise<LogBook> {
  const cache = openCache(path);
  const book: LogBook = { pages: [], kept: [] };
  try {
    const wanted = sectorsOf(await lookAround(source), run);
    for (const [i, look] of wanted.entries()) {
      for (const bytes of await readSector(source, look, cache)) {
        if (look.region === log.KEPT) book.kept.push(...decodeKept(bytes));
        const page = look.region === log.KEPT ? null : decodePage(bytes);
        if (page !== null) book.pages.push(page);
      }
      progress((i + 1) / wanted.length);
    }
  } finally {
    save(cache);
  }
  return book;
}
