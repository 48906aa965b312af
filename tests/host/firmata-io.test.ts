// What a user reads who has plugged in something else than a StandardFirmata that suits.
import { Duplex } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InputError } from "../../host/input-error.ts";
import { openIo } from "../../host/link/firmata-io.ts";

const TARGET = "firmata:/dev/ttyACM0";
const VERSION = (minor: number): number[] => [0xf9, 2, minor];
const FIRMWARE = [0xf0, 0x79, 2, 5, 0x41, 0, 0xf7];
const MAPPING = [0xf0, 0x6a, ...new Array<number>(20).fill(127), 0xf7];

/** Capabilities of twenty pins; `bus` = the last two but two can be SDA and SCL. */
function capabilities(bus: boolean): number[] {
  const pins = Array.from({ length: 20 }, (_, pin) =>
    bus && pin >= 18 ? [0, 1, 6, 1, 0x7f] : [0, 1, 1, 1, 0x7f],
  );
  return [0xf0, 0x6c, ...pins.flat(), 0xf7];
}

/** A port on whose other end something answers the host's bytes. */
function port(first: number[], answer: (asked: Buffer) => number[] = () => []): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (bytes: Buffer, _, done) => {
      const reply = answer(bytes);
      if (reply.length > 0) stream.push(Buffer.from(reply));
      done();
    },
  });
  if (first.length > 0) stream.push(Buffer.from(first));
  return stream;
}

/** A Firmata of protocol 2.`minor`. */
function firmata(minor: number, bus: boolean): Duplex {
  return port([...VERSION(minor), ...FIRMWARE], (asked) => {
    if (asked[1] === 0x6b) return capabilities(bus);
    return asked[1] === 0x69 ? MAPPING : [];
  });
}

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

async function opened(stream: Duplex): Promise<unknown> {
  const outcome = openIo(stream, TARGET).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(30_000);
  return outcome;
}

test("a board that suits is ready, and the port stays open", async () => {
  const stream = firmata(5, true);
  const io = await opened(stream);
  expect(io).not.toBeInstanceOf(Error);
  expect(io).toHaveProperty("i2cWrite");
  expect(stream.destroyed).toBe(false);
});

test.each<[string, () => Duplex, RegExp]>([
  ["nothing that answers", () => port([]), /nothing answers at 57600 baud.*StandardFirmata/],
  ["another sketch or pace", () => port([0x80, 0x7c, 0xff, 3]), /something answers, but it is no/],
  ["an old Firmata", () => firmata(4, true), /protocol 2\.4, which gives wrong.*accepted: 2\.5/],
  ["one without I2C", () => firmata(5, false), /no I2C on A4 and A5; accepted: StandardFirmata/],
])("%s is told in one line, and the port is closed", async (_, make, words) => {
  const stream = make();
  const error = await opened(stream);
  expect(error).toBeInstanceOf(InputError);
  expect(String(error)).toMatch(words);
  expect(String(error)).toContain(TARGET);
  expect(String(error)).not.toContain("\n");
  expect(stream.destroyed).toBe(true);
});

test("a port that fails on the way is told in one line", async () => {
  const stream = port([]);
  setImmediate(() => stream.destroy(new Error("device not configured")));
  const outcome = openIo(stream, TARGET).catch((error: unknown) => error);
  await new Promise((done) => setImmediate(() => setImmediate(done)));
  expect(String(await outcome)).toBe(`Error: ${TARGET}: no connection: device not configured`);
});

test("damaged bytes do not end the program", async () => {
  const stream = firmata(5, true);
  expect(await opened(stream)).not.toBeInstanceOf(Error);
  // A state of a pin that does not exist, on which firmata-io throws.
  stream.push(Buffer.from([0xf0, 0x6e, 99, 1, 0, 0xf7, ...VERSION(5)]));
  await new Promise((done) => setImmediate(done));
  expect(stream.destroyed).toBe(false);
});
