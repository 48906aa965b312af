// W25Q32JV data sheet, Winbond rev. F: 7.1 (status register 1: BUSY, WEL, BP2:BP0), 8.1.1 (ids),
// 8.1.2 (instruction set), 8.2.13 (page program), 8.2.15 (sector erase, 4 kB).
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNor } from "../../../hal/memory/nor.ts";
import type { Spi } from "../../../hal/bus.ts";

const WRITE_ENABLE = 0x06;
const READ_STATUS_1 = 0x05;
const READ_DATA = 0x03;
const PAGE_PROGRAM = 0x02;
const SECTOR_ERASE = 0x20;
const JEDEC_ID = 0x9f;
const W25Q32JV_Q = [0xef, 0x40, 0x16];
const W25Q32JV_M = [0xef, 0x70, 0x16];
const BUSY = 1 << 0;
const WEL = 1 << 1;
const BP = [1 << 2, 1 << 3, 1 << 4];
const BYTES = 4 * 1024 * 1024;

interface Transfer {
  sent: number[];
  reply: number[];
}

/** An SPI port that holds every transfer against the next one of its script. */
function createScriptedSpi() {
  const script: Transfer[] = [];
  const spi: Spi = {
    transfer: (bytes, into) => {
      const expected = script.shift();
      if (expected === undefined)
        throw new Error(`unexpected transfer ${Array.from(bytes).join()}`);
      expect({ sent: Array.from(bytes), count: into.length }).toEqual({
        sent: expected.sent,
        count: expected.reply.length,
      });
      into.set(expected.reply);
    },
  };
  return {
    spi,
    expect: (...transfers: Transfer[]) => void script.push(...transfers),
    finished: () => expect(script).toEqual([]),
  };
}

const id = (reply = W25Q32JV_Q): Transfer => ({ sent: [JEDEC_ID], reply });
const enable: Transfer = { sent: [WRITE_ENABLE], reply: [] };
const status = (value: number): Transfer => ({ sent: [READ_STATUS_1], reply: [value] });
const address = (offset: number): number[] => [
  Math.floor(offset / 65536),
  Math.floor(offset / 256) % 256,
  offset % 256,
];

function create(...transfers: Transfer[]) {
  const bus = createScriptedSpi();
  bus.expect(...transfers);
  return { bus, nor: createNor(bus.spi) };
}

describe("W25Q32JV", () => {
  test("is 4 MB of 4 kB sectors and 256 byte pages; creating it touches no hardware", () => {
    const { bus, nor } = create();
    expect([nor.bytes, nor.sectorBytes, nor.pageBytes]).toEqual([BYTES, 4096, 256]);
    bus.finished();
  });

  test.each([[W25Q32JV_Q], [W25Q32JV_M]])("reads from any offset, id %j", (chip) => {
    const last = BYTES - 16;
    for (const offset of [0, 1, 255, 256, 65535, 65536, 0x123456, last]) {
      const reply = Array.from({ length: 16 }, (_, i) => (offset + 37 * i) & 255);
      const { bus, nor } = create(id(chip), { sent: [READ_DATA, ...address(offset)], reply });
      const into = new Uint8Array(16);
      expect(nor.read(offset, into)).toBe(true);
      expect([...into]).toEqual(reply);
      bus.finished();
    }
  });

  test("programs within a page, after a write enable that it has confirmed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: BYTES / 256 - 1 }),
        fc.integer({ min: 0, max: 255 }),
        fc.uint8Array({ minLength: 1, maxLength: 256 }),
        (page, start, bytes) => {
          const part = [...bytes.slice(0, 256 - start)];
          const offset = page * 256 + start;
          const sent = [PAGE_PROGRAM, ...address(offset), ...part];
          const { bus, nor } = create(id(), enable, status(WEL), { sent, reply: [] });
          expect(nor.program(offset, part)).toBe(true);
          bus.finished();
        },
      ),
      { seed: 1 },
    );
  });

  test.each([0, 1, 15, 16, 1023])("erases sector %i", (sector) => {
    const sent = [SECTOR_ERASE, ...address(sector * 4096)];
    const { bus, nor } = create(id(), enable, status(WEL), { sent, reply: [] });
    expect(nor.erase(sector)).toBe(true);
    bus.finished();
  });

  test("says whether it is busy, from the status register alone", () => {
    const values = [0, BUSY, BUSY | WEL, WEL, 0xff];
    const { bus, nor } = create(...values.map(status));
    expect(values.map(() => nor.busy())).toEqual([false, true, true, false, true]);
    bus.finished();
  });

  test.each([
    ["past a page's end", 250, 7],
    ["more than a page", 0, 257],
    ["nothing", 0, 0],
    ["past the end", BYTES, 1],
    ["before the start", -1, 1],
    ["nowhere", NaN, 1],
  ])("programs nothing %s", (_, offset, count) => {
    const { bus, nor } = create();
    expect(nor.program(offset, new Uint8Array(count))).toBe(false);
    bus.finished();
  });

  test("neither erases nor reads beyond its end", () => {
    const { bus, nor } = create();
    expect([nor.erase(1024), nor.erase(-1), nor.erase(NaN)]).toEqual([false, false, false]);
    expect(nor.read(BYTES - 3, new Uint8Array(4))).toBe(false);
    expect(nor.read(-1, new Uint8Array(4))).toBe(false);
    bus.finished();
  });
});

describe("W25Q32JV refuses, and leaves the memory alone,", () => {
  const absent: [string, number[]][] = [
    ["a chip that is busy or missing, line high", [0xff, 0xff, 0xff]],
    ["a missing chip, line low", [0x00, 0x00, 0x00]],
    ["another size", [0xef, 0x40, 0x18]],
    ["another maker", [0xc2, 0x20, 0x16]],
    ["another family", [0xef, 0x30, 0x16]],
  ];
  test.each(absent)("with %s", (_, reply) => {
    const { bus, nor } = create(id(reply), id(reply), id(reply));
    expect(nor.read(0, new Uint8Array(4))).toBe(false);
    expect(nor.program(0, [1])).toBe(false);
    expect(nor.erase(0)).toBe(false);
    bus.finished();
  });

  const unready: [string, number][] = [
    ["the enable is not taken", 0],
    ["an operation is under way", BUSY],
    ["an operation is under way, its enable still set", BUSY | WEL],
    ["the line went high", 0xff],
    ...BP.map((bit): [string, number] => [`block protection ${bit} is set`, WEL | bit]),
  ];
  test.each(unready)("when %s", (_, value) => {
    const asked = [id(), enable, status(value)];
    const { bus, nor } = create(...asked, ...asked);
    expect(nor.program(0, [1])).toBe(false);
    expect(nor.erase(0)).toBe(false);
    bus.finished();
  });
});
