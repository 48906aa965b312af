import { expect, test } from "vitest";
import { createI2c } from "../../../hal/firmata/i2c.ts";
import { createLink } from "../../../hal/firmata/link.ts";
import { createRelay, createWatchdog } from "../../../hal/firmata/pins.ts";
import { createVirtualClock } from "../virtual-clock.ts";
import { FakeIo } from "./fake-io.ts";

const RELAY = 7;
const HEARTBEAT = 8;

function bench() {
  const io = new FakeIo();
  const clock = createVirtualClock();
  const link = createLink(io, clock, { baud: 57600, relayPin: RELAY });
  const heard: (number[] | null | string)[] = [];
  const hear = (bytes: ArrayLike<number> | null): void =>
    void heard.push(bytes === null ? null : Array.from(bytes));
  const lost: string[] = [];
  link.onLost((why) => void lost.push(why));
  return { io, clock, link, heard, hear, lost };
}

test("a reply of the right length is handed over, and only once", () => {
  const { io, link, heard, hear } = bench();
  link.read(0x48, 0, 2, hear);
  expect(io.takeSent()).toEqual(["read 72 0 2"]);
  io.reply(0x48, 0, 1, 2);
  io.reply(0x48, 0, 3, 4);
  expect(heard).toEqual([[1, 2]]);
  expect(link.failures()).toBe(0);
});

test("a reply that is too short, or no bytes at all, is none", () => {
  const { io, link, heard, hear } = bench();
  link.read(0x48, 0, 2, hear);
  io.reply(0x48, 0, 1);
  link.read(0x48, 0, 2, hear);
  io.reply(0x48, 0, 1, 700);
  expect(heard).toEqual([null, null]);
  expect(link.failures()).toBe(2);
});

test("the board's complaint spoils the reply that follows it, and no other", () => {
  const { io, link, heard, hear } = bench();
  link.read(0x48, 0, 2, hear);
  link.read(0x4c, -1, 2, hear);
  io.emit("string", "I2C: Too few bytes received");
  io.reply(0x48, 0, 0x12, 0x34);
  io.reply(0x4c, 0, 5, 6);
  expect(heard).toEqual([null, [5, 6]]);
});

test("two questions for one register get a reply each, in order", () => {
  const { io, link, heard, hear } = bench();
  link.read(0x48, 0, 1, hear);
  link.read(0x48, 0, 1, hear);
  io.reply(0x48, 0, 1);
  expect(heard).toEqual([[1]]);
  io.reply(0x48, 0, 2);
  expect(heard).toEqual([[1], [2]]);
});

test("a reply that overtakes shows that the one before it is lost", () => {
  const { io, link, heard, hear } = bench();
  link.read(0x48, 0, 1, hear);
  link.read(0x20, 9, 1, hear);
  io.reply(0x20, 9, 8);
  expect(heard).toEqual([null, [8]]);
});

test("never more than 63 bytes are on their way, and replies make room", () => {
  const { io, link, hear } = bench();
  for (let i = 0; i < 20; i++) link.read(0x48, 0, 2, hear);
  // Six questions of nine bytes; a seventh would leave no room to open the relay.
  expect(io.takeSent()).toHaveLength(6);
  io.reply(0x48, 0, 1, 2);
  expect(io.takeSent()).toHaveLength(1);
});

test("where only writes are on their way, a question proves that they were read", () => {
  const { io, link } = bench();
  for (let i = 0; i < 8; i++) expect(link.write(0x4c, [0x30, i, 0])).toBe(true);
  const sent = io.takeSent();
  expect(sent).toHaveLength(6);
  expect(sent[5]).toBe(`state ${RELAY}`);
  io.tellState(RELAY, 0);
  expect(io.takeSent()).toEqual(["write 76 48 5 0", "write 76 48 6 0", "write 76 48 7 0"]);
});

test("a write that does not fit at all is refused", () => {
  const { io, link } = bench();
  expect(link.write(0x50, new Uint8Array(25))).toBe(false);
  expect(io.takeSent()).toEqual([]);
});

test("opening the relay overtakes all that waits, also when the window is full", () => {
  const { io, link, hear } = bench();
  for (let i = 0; i < 20; i++) link.read(0x48, 0, 2, hear);
  io.takeSent();
  createRelay(link, RELAY).write(false);
  expect(io.takeSent()).toEqual([`pin ${RELAY} 0`]);
  createRelay(link, RELAY).write(true);
  expect(io.takeSent()).toEqual([]);
});

test("a lost reply costs its own question; all goes on after a sign of life", () => {
  const { io, clock, link, heard, hear, lost } = bench();
  link.read(0x48, 0, 2, hear);
  link.read(0x20, 9, 1, hear);
  clock.runUntil(250);
  expect(heard).toEqual([null, null]);
  link.read(0x4c, -1, 2, hear);
  // Half a message may be left over: it is ended. Nothing else is said before the reply.
  expect(io.takeSent()).toEqual(["read 72 0 2", "read 32 9 1", "raw 247", `state ${RELAY}`]);
  io.reply(0x48, 0, 1, 2);
  expect(heard).toHaveLength(2);
  io.tellState(RELAY, 0);
  expect(io.takeSent()).toEqual(["read 76 - 2"]);
  io.reply(0x4c, 0, 7, 8);
  expect(heard).toEqual([null, null, [7, 8]]);
  expect(lost).toEqual([]);
});

test("a board that stays silent is lost within 0.5 s: relay told to open, all answered", () => {
  const { io, clock, link, heard, hear, lost } = bench();
  link.read(0x48, 0, 2, hear);
  clock.runUntil(500);
  expect(lost).toEqual([expect.stringMatching(/does not answer.*I2C bus/)]);
  expect(io.takeSent().at(-1)).toBe(`pin ${RELAY} 0`);
  link.read(0x48, 0, 2, hear);
  link.write(0x4c, [0x30, 0, 0]);
  expect(heard).toEqual([null, null]);
  expect(io.takeSent()).toEqual([]);
  expect(clock.waiting()).toBe(0);
});

test("a reset is noticed; nothing is said to a board that starts, and nothing stale after", () => {
  const { io, link, heard, hear, lost } = bench();
  let restarts = 0;
  link.onRestart(() => void restarts++);
  createRelay(link, RELAY).write(true);
  link.read(0x48, 0, 2, hear);
  io.takeSent();
  io.emit("reportversion");
  expect(lost).toEqual([expect.stringMatching(/was reset/)]);
  expect(heard).toEqual([null]);
  link.write(0x4c, [0x30, 0x80, 0]);
  expect(io.takeSent()).toEqual([]);
  expect(io.ports[0]).not.toBe(0);
  io.emit("queryfirmware");
  expect(restarts).toBe(1);
  expect(io.ports).toEqual([0, 0, 0]);
  link.read(0x48, 0, 2, hear);
  expect(heard).toEqual([null, null]);
});

test("that a silent board had been reset is learnt when it is there again", () => {
  const { io, clock, link, hear, lost } = bench();
  link.read(0x48, 0, 2, hear);
  clock.runUntil(500);
  io.emit("reportversion");
  expect(lost).toHaveLength(2);
  expect(link.lost()).toMatch(/was reset/);
});

test.each([
  ["close", undefined, /closed/],
  ["error", new Error("EIO"), /failed: EIO/],
  ["string", "WD", /opened the relay/],
])("after the port's %s nothing is said or expected", (event, argument, why) => {
  const { io, link, heard, hear, lost } = bench();
  link.read(0x48, 0, 2, hear);
  io.emit(event, argument);
  expect(lost).toEqual([expect.stringMatching(why)]);
  expect(heard).toEqual([null]);
});

test("a chip that keeps its pointer is not told its register twice", () => {
  const { io, link, hear } = bench();
  const i2c = createI2c(link, [0x48]);
  i2c.write(0x48, [1, 0xc3, 0xc3]);
  i2c.read(0x48, 1, 2, hear);
  i2c.read(0x48, 0, 2, hear);
  i2c.read(0x20, 9, 1, hear);
  i2c.read(0x20, 9, 1, hear);
  expect(io.takeSent().slice(1)).toEqual([
    "read 72 - 2",
    "read 72 0 2",
    "read 32 9 1",
    "read 32 9 1",
  ]);
});

test("the heartbeat beats on good news only", () => {
  const { io, clock, link, hear } = bench();
  const watchdog = createWatchdog(link, clock, HEARTBEAT);
  const beats = (): string[] => io.takeSent().filter((each) => each.startsWith("pin 8"));
  const kickAt = (ms: number): string[] => {
    clock.runUntil(ms);
    watchdog.kick();
    return beats();
  };
  expect(kickAt(0)).toEqual(["pin 8 1"]);
  expect(kickAt(30)).toEqual(["pin 8 0"]);
  expect(kickAt(60)).toEqual(["pin 8 1"]);
  expect(kickAt(90)).toEqual(["pin 8 0"]);
  link.read(0x48, 0, 2, hear);
  io.reply(0x48, 0);
  expect(kickAt(120)).toEqual([]);
  expect(kickAt(180)).toEqual(["pin 8 1"]);
  io.emit("close");
  expect(kickAt(300)).toEqual([]);
});
