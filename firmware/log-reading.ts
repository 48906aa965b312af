// Reads the log out, over the line, while a run goes on or not: a request `log OFFSET COUNT` is
// answered by the bytes themselves, `log` alone by what there is.
import type { Flash } from "../hal/bus.ts";

/** Bytes of an answer at most. */
export const LOG_PIECE_BYTES = 256;

/** What a log tells of itself. */
interface Told {
  readonly run: number;
  readonly open: boolean;
  /** It was on since the board has started. */
  readonly isTimed: boolean;
  readonly rings: {
    readonly scratch: Uint8Array;
    readonly crc32: (bytes: Uint8Array) => number;
  };
}

function whole(text: string): number {
  if (text.length < 1 || text.length > 9) return -1;
  let value = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** The answer to a request for the log, "" = it is none. Bytes of the flash, of a sector, the
 *  newest run, whether it is on, and `ageMs` since its start (-1 = not known); or offset, 0, CRC-32
 *  and the bytes in base 64; or offset and 1: the flash is busy, and is to be asked again; or -1:
 *  not understood. */
export function answer(
  text: string,
  flash: Flash,
  toText: (bytes: Uint8Array) => string,
  log: Told,
  ageMs: number,
): string {
  if (text === "log") {
    const run = `${log.run},${log.open ? 1 : 0},${log.isTimed ? Math.floor(ageMs) : -1}`;
    return `["l",${flash.bytes},${flash.sectorBytes},${run}]`;
  }
  if (text.indexOf("log ") !== 0) return "";
  const space = text.indexOf(" ", 4);
  const offset = space < 0 ? -1 : whole(text.substring(4, space));
  const count = space < 0 ? -1 : whole(text.substring(space + 1));
  const inside = offset >= 0 && count > 0 && offset + count <= flash.bytes;
  if (!inside || count > LOG_PIECE_BYTES) return `["l",-1]`;
  const bytes = log.rings.scratch.subarray(0, count);
  if (flash.busy() || !flash.read(offset, bytes)) return `["l",${offset},1]`;
  return `["l",${offset},0,${log.rings.crc32(bytes)},"${toText(bytes)}"]`;
}
