// Espruino's files in flash (src/jsflash.c), and what becomes of a bundle whose upload loses its
// power: at every operation, in every way it can be torn.
import { describe, expect, test } from "vitest";
import { crc32 } from "node:zlib";
import { piecesOf } from "../../host/upload/install.ts";
import { createFlash } from "../../sim/flash.ts";
import type { Flash } from "../../sim/flash.ts";
import { createStream } from "../../sim/random.ts";
import { eraseFile, readFile, writeFile } from "../../sim/storage.ts";
import { createSupply } from "../../sim/supply.ts";
import type { Supply } from "../../sim/supply.ts";
import { TEAR_MODES } from "../../sim/tear.ts";

const PAGES = 4;
const PAGE = 256;
const BOOT = ".bootcde";

const stream = createStream(5, "cut");
const sound = (): Supply => createSupply(Infinity, 0, stream);
const pattern = (length: number, seed: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + seed * 31) & 0x7f);
const area = (): Flash => createFlash(PAGES, PAGE, 1000);

/** Uploads as `cyclet flash` does: what is there goes first, then piece by piece, in its order. */
function upload(flash: Flash, supply: Supply, bundle: Uint8Array): boolean {
  if (!eraseFile(flash, supply, BOOT)) return false;
  for (const { begin, end } of piecesOf(bundle.length)) {
    const piece = bundle.subarray(begin, end);
    if (writeFile(flash, supply, BOOT, piece, begin, bundle.length) !== "done") return false;
  }
  return true;
}

describe("a file in flash", () => {
  test("is read as it was written, in one or in pieces, beside others", () => {
    const flash = area();
    expect(writeFile(flash, sound(), "a", pattern(10, 1))).toBe("done");
    expect(upload(flash, sound(), pattern(300, 2))).toBe(true);
    expect(readFile(flash, "a")).toEqual(pattern(10, 1));
    expect(readFile(flash, BOOT)).toEqual(pattern(300, 2));
    expect(readFile(flash, "b")).toBeNull();
  });

  test("is made with its size, and blank where nothing has been written", () => {
    const flash = area();
    expect(writeFile(flash, sound(), "a", pattern(4, 1), 0, 12)).toBe("done");
    expect(readFile(flash, "a")?.subarray(4)).toEqual(new Uint8Array(8).fill(255));
    expect(writeFile(flash, sound(), "a", pattern(4, 1), 10)).toBe("too much");
    expect(writeFile(flash, sound(), "a", pattern(4, 2), 2)).toBe("other data");
    expect(writeFile(flash, sound(), "a", pattern(8, 3), 4)).toBe("done");
  });

  test("is replaced at offset 0, and its room comes back when it is needed", () => {
    const flash = area();
    for (let i = 0; i < 20; i++) {
      expect(writeFile(flash, sound(), "a", pattern(300, i))).toBe("done");
      expect(readFile(flash, "a")).toEqual(pattern(300, i));
    }
    expect(Math.max(...flash.wear)).toBeGreaterThan(3);
    expect(writeFile(flash, sound(), "b", pattern(900, 1))).toBe("no room");
    expect(readFile(flash, "a")).toEqual(pattern(300, 19));
  });
});

describe("an upload that loses its power", () => {
  const [before, bundle] = [pattern(400, 1), pattern(420, 2)];
  const crcs = [crc32(before), crc32(bundle)];

  /** An area that holds a bundle, and so little room that another one needs compaction. */
  function full(): Flash {
    const flash = area();
    writeFile(flash, sound(), "keep", pattern(40, 3));
    upload(flash, sound(), pattern(300, 4));
    upload(flash, sound(), before);
    return flash;
  }

  const whole = sound();
  const reference = full();

  test("is none that does not: all of it is there, and what stood beside it", () => {
    expect(upload(reference, whole, bundle)).toBe(true);
    expect(readFile(reference, BOOT)).toEqual(bundle);
    expect(readFile(reference, "keep")).toEqual(pattern(40, 3));
    expect(whole.done).toBeGreaterThan(8);
  });

  test.each(Array.from({ length: TEAR_MODES }, (_, mode) => mode))(
    "at any operation, torn in way %i, leaves nothing that passes for a bundle but a whole one",
    (mode) => {
      let absent = 0;
      for (let operations = 0; operations < whole.done; operations++) {
        const flash = full();
        expect(upload(flash, createSupply(operations, mode, stream), bundle)).toBe(false);
        const found = readFile(flash, BOOT);
        if (found === null) absent++;
        // Its check sum is what the board tells with its status, and what `cyclet flash` compares.
        else if (crcs.includes(crc32(found))) expect([before, bundle]).toContainEqual(found);
        // And it can be done again.
        expect(eraseFile(flash, sound(), BOOT)).toBe(true);
      }
      expect(absent).toBeGreaterThan(2);
    },
  );

  test("in the middle of compaction loses what stood beside it: nothing that matters may", () => {
    const lost = Array.from({ length: whole.done }, (_, operations) => {
      const flash = full();
      upload(flash, createSupply(operations, 0, stream), bundle);
      return readFile(flash, "keep") === null;
    });
    expect(lost.filter(Boolean).length).toBeGreaterThan(0);
  });
});
