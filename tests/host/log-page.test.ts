// What the board's encoder has put into a page comes back from the host's decoder as it was.
import fc from "fast-check";
import { expect, test } from "vitest";
import * as log from "../../firmware/log-format.ts";
import { addRecord, beginPage, createPage, seal } from "../../firmware/log-page.ts";
import { crc32 } from "../../hal/memory/crc32.ts";
import { decodePage } from "../../host/log-page.ts";

const RUN = 515;

/** The pages of some records, as they go to memory. */
function pagesOf(records: readonly Float64Array[]): Uint8Array[] {
  const page = createPage();
  const pages: Uint8Array[] = [];
  const close = (): void => {
    seal(page, RUN, 70_000 + pages.length, crc32);
    pages.push(page.bytes.slice(0, log.PAGE_BYTES));
  };
  for (const record of records) {
    page.now.set(record);
    if (page.at > 0 && addRecord(page)) continue;
    if (page.at > 0) close();
    beginPage(page);
  }
  if (page.at > 0) close();
  return pages;
}

function decoded(pages: readonly Uint8Array[]): Float64Array[] {
  return pages.flatMap((bytes, i) => {
    const page = decodePage(bytes);
    expect(page).toMatchObject({ run: RUN, number: 70_000 + i });
    return page?.records ?? [];
  });
}

const small = fc.integer({ min: -6, max: 6 });
const count = fc.oneof({ weight: 20, arbitrary: small }, fc.integer({ min: -60, max: 60 }), {
  weight: 1,
  arbitrary: fc.integer({ min: -8_388_608, max: 8_388_607 }),
});
const rarely = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 25, nil: null });

const step = fc.record({
  time: fc.oneof({ weight: 9, arbitrary: fc.constant(1000) }, fc.integer({ min: 0, max: 1e8 })),
  ...{ voltage: count, current: count, force: small, temperature: small },
  charge: fc.oneof({ weight: 9, arbitrary: small }, fc.integer({ min: 0, max: 1e9 })),
  back: rarely(fc.nat(1e6)),
  scale: rarely(fc.nat(2047)),
  flags: rarely(fc.nat(8191)),
  labels: rarely(fc.tuple(fc.integer({ min: -1.25e10, max: 1.25e10 }), fc.nat(500), fc.nat(1e6))),
});

test("any records come back as they were, whatever they do", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 400 }), fc.nat(1e5), (steps, rate) => {
      const now = new Float64Array(log.COLUMNS);
      const records = steps.map((each) => {
        now[log.TIME] += each.time;
        now[log.VOLTAGE] += each.voltage;
        now[log.CURRENT] += each.current;
        now[log.FORCE] += each.force;
        now[log.TEMPERATURE] += each.temperature;
        now[log.CHARGE_IN] += Math.max(0, rate + each.charge);
        now[log.CHARGE_OUT] += each.back ?? 0;
        now[log.SCALE] = each.scale ?? now[log.SCALE];
        now[log.FLAGS] = each.flags ?? 0;
        if (each.labels !== null) {
          now.set(each.labels, log.SETPOINT);
          now[log.DIRECTION] = Math.sign(each.labels[0]);
        }
        return now.slice();
      });
      expect(decoded(pagesOf(records))).toEqual(records);
    }),
    { numRuns: 300 },
  );
});

test("pages say how many records came before them", () => {
  const records = Array.from({ length: 1000 }, (_, i) => {
    const record = new Float64Array(log.COLUMNS);
    record[log.TIME] = 1000 * i;
    record[log.VOLTAGE] = 300 + ((i * 7) % 5);
    return record;
  });
  let before = 0;
  for (const bytes of pagesOf(records)) {
    const page = decodePage(bytes);
    expect(page?.before).toBe(before);
    before += page?.records.length ?? 0;
  }
  expect(before).toBe(1000);
});

test("a rest takes a byte a record, and a page by far the most of its room", () => {
  const records = Array.from({ length: 5000 }, (_, i) => {
    const record = new Float64Array(log.COLUMNS);
    record[log.TIME] = 1000 * i;
    record[log.VOLTAGE] = -19 + ((i * 7) % 4);
    record[log.TEMPERATURE] = 499 + (i % 2);
    return record;
  });
  expect((pagesOf(records).length * log.PAGE_BYTES) / records.length).toBeLessThan(1.3);
});

test("a page of which any byte is another is none", () => {
  const record = new Float64Array(log.COLUMNS);
  const [whole] = pagesOf([record, record, record]);
  expect(decodePage(whole)?.records).toHaveLength(3);
  for (let at = 0; at < whole.length; at++) {
    for (const bit of [1, 128]) {
      const torn = whole.slice();
      torn[at] ^= bit;
      expect(decodePage(torn), `byte ${at}`).toBeNull();
    }
  }
  expect(decodePage(whole.subarray(0, 200))).toBeNull();
  expect(decodePage(new Uint8Array(log.PAGE_BYTES).fill(log.BLANK))).toBeNull();
});

test("a page that lies about itself is none, for all its check sum", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 252, maxLength: 252 }), (noise) => {
      const bytes = new Uint8Array(log.PAGE_BYTES);
      bytes.set(noise);
      bytes[0] = log.PAGE_MAGIC;
      const view = new DataView(bytes.buffer);
      view.setUint32(log.PAGE_END, crc32(bytes.subarray(0, log.PAGE_END)), true);
      const page = decodePage(bytes);
      if (page !== null) expect(page.records.length).toBeLessThanOrEqual(255);
    }),
  );
});
