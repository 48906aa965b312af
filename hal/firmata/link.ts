// The conversation with a Firmata board: first in, first out, never more bytes on their way than
// its receive buffer holds, every question with a deadline. Firmata has no acknowledgement, no
// check sum and no sequence number; what stands for them is that replies come in order.
import type { BytesDone, Clock } from "../port.ts";
import type { FirmataIo } from "./io.ts";
import { DIGITAL_BYTES, readBytes, STATE_BYTES, writeBytes } from "./io.ts";
import type { LinkOptions, LinkState, Message, Question } from "./link-state.ts";
import { createLinkState } from "./link-state.ts";
import { breakOff, DEAD_MAN, DEAD_MAN_WORD, RESET, SILENT } from "./link-lost.ts";

/** The board's ring of 64 bytes holds 63 (Arduino core, HardwareSerial). What opens the relay may
 *  always go, and where only writes are on their way, a question for a pin's state. */
const WINDOW_BYTES = 63;
const RESERVED_BYTES = DIGITAL_BYTES;
/** The longest write: with its frame it fits beside the reserve. */
const WRITE_MAX = 24;
/** A reply takes 20 ms at most, and 16 more through a converter that waits for company. In two
 *  parts, so that what came while this program was held up is heard before time is called. */
const DEADLINE_MS = 140;
const GRACE_MS = 10;
/** Ends whatever half a message the board may be waiting to have completed (END_SYSEX). */
const END = Uint8Array.of(0xf7);
const BITS_PER_BYTE = 10;

/** A conversation. Questions are answered exactly once, in order; null = no reply, or none that can
 *  be trusted. */
export interface Link {
  /** False = too long to be sent at all. */
  write(address: number, bytes: ArrayLike<number>): boolean;
  /** Register -1 = where the chip's pointer stands. */
  read(address: number, register: number, count: number, done: BytesDone): void;
  /** Sets a digital output; before all that waits if `urgent`. */
  output(pin: number, level: 0 | 1, urgent: boolean): void;
  /** Asks what was last written to a digital output: one byte. */
  state(pin: number, done: BytesDone): void;
  /** Something else to be said, `bytes` long. */
  tell(bytes: number, send: () => void): void;
  /** When all that has been said so far will have left, ms. */
  leavesMs(): number;
  /** Questions without a proper reply, in all. */
  failures(): number;
  /** Why the link is lost, null = it stands. */
  lost(): string | null;
  /** Told once when it is lost; and when a board that was reset is there again. */
  onLost(listener: (why: string) => void): void;
  onRestart(listener: () => void): void;
  /** Nothing more is sent or expected. */
  end(): void;
}

function oldest(link: LinkState): Question | null {
  return link.flight.find(({ question }) => question !== null)?.question ?? null;
}

/** (Re)starts the deadline of the oldest question. */
function watch(link: LinkState): void {
  const { clock } = link;
  if (link.timer >= 0) clock.cancel(link.timer);
  link.timer = -1;
  if (oldest(link) === null) return;
  const left = Math.max(0, link.busyUntil - clock.now());
  link.timer = clock.after(DEADLINE_MS + left, () => {
    link.timer = clock.after(GRACE_MS, () => fallSilent(link));
  });
}

function transmit(link: LinkState, message: Message): void {
  const { clock, options } = link;
  const ms = (message.bytes * BITS_PER_BYTE * 1000) / options.baud;
  link.busyUntil = Math.max(clock.now(), link.busyUntil) + ms;
  link.outstanding += message.bytes;
  const first = oldest(link) === null;
  link.flight.push(message);
  message.send();
  if (first && message.question !== null) watch(link);
}

/** Asks for the relay's state: its reply proves that all before it has been read. */
function barrier(link: LinkState): Message {
  return ask(
    link,
    `pin-state-${link.options.relayPin}`,
    1,
    STATE_BYTES,
    () => undefined,
    () => {
      link.io.queryPinState(link.options.relayPin, () => undefined);
    },
  );
}

/** Sends what may be sent. */
function pump(link: LinkState): void {
  while (link.queue.length > 0 && link.silences === 0 && !link.mute) {
    const { bytes, question } = link.queue[0];
    const reserve = RESERVED_BYTES + (question === null ? STATE_BYTES : 0);
    if (link.outstanding + bytes <= WINDOW_BYTES - reserve) {
      transmit(link, link.queue.shift() as Message);
    } else if (oldest(link) === null) transmit(link, barrier(link));
    else return;
  }
}

/** Takes out of flight all up to `message`. */
function acknowledge(link: LinkState, message: Message): void {
  const count = link.flight.indexOf(message) + 1;
  for (const read of link.flight.splice(0, count)) link.outstanding -= read.bytes;
}

function settle(link: LinkState, question: Question, bytes: readonly number[] | null): void {
  const whole = bytes !== null && bytes.length === question.count;
  const sound = whole && !question.spoiled && bytes.every((byte) => byte >= 0 && byte <= 255);
  if (!sound) link.failures++;
  question.done(sound ? bytes : null);
}

/** A reply has come. It answers the oldest question of its kind; older ones have lost theirs. */
function receive(link: LinkState, event: string, bytes: readonly number[]): void {
  if (link.silences > 0) {
    // Only the question that was asked into the silence counts now.
    if (event !== `pin-state-${link.options.relayPin}`) return;
    link.silences = 0;
  }
  const message = link.flight.find(({ question }) => question?.event === event);
  if (message === undefined) return;
  const passed = link.flight.slice(0, link.flight.indexOf(message));
  acknowledge(link, message);
  watch(link);
  for (const { question } of passed) if (question !== null) settle(link, question, null);
  settle(link, message.question as Question, bytes);
  pump(link);
}

/** No reply in time: what was asked is given up, and the board is asked for a sign of life. */
function fallSilent(link: LinkState): void {
  const given = link.flight;
  link.timer = -1;
  link.flight = [];
  link.outstanding = 0;
  if (link.silences++ > 0) {
    breakOff(link, SILENT);
    return;
  }
  link.io.transport.write(END);
  transmit(link, barrier(link));
  for (const { question } of given) if (question !== null) settle(link, question, null);
}

/** A message that is answered by `event`; the first of its kind begins to listen. */
function ask(
  link: LinkState,
  event: string,
  count: number,
  bytes: number,
  done: BytesDone,
  send: () => void,
): Message {
  if (!link.listened.has(event)) {
    link.listened.add(event);
    const pin = Number(/^pin-state-(\d+)$/.exec(event)?.[1] ?? -1);
    const stateOf = (): number[] => [link.io.pins[pin]?.state ?? -1];
    link.io.on(event, (reply: number[]) => receive(link, event, pin < 0 ? reply : stateOf()));
  }
  return { bytes, send, question: { event, count, done, spoiled: false } };
}

function enqueue(link: LinkState, message: Message): void {
  if (link.lost !== null && message.question !== null) {
    settle(link, message.question, null);
    return;
  }
  link.queue.push(message);
  pump(link);
}

/** The board complains about a transaction. Of a reply that is too short it says so just before. */
function complain(link: LinkState, text: string): void {
  if (text === DEAD_MAN_WORD) breakOff(link, DEAD_MAN);
  if (!text.startsWith("I2C:")) return;
  const spoilt = link.flight.find(({ question }) => question?.event.startsWith("I2C") ?? false);
  if (spoilt?.question) spoilt.question.spoiled = true;
}

/** Hears what the board says unasked. */
function listen(link: LinkState): void {
  const { io } = link;
  io.on("string", (text: string) => complain(link, text));
  io.on("reportversion", () => breakOff(link, RESET));
  io.on("queryfirmware", () => {
    if (link.lost !== RESET || !link.mute) return;
    // Its outputs are low: so must be the copies, of which each write sends eight.
    io.ports.fill(0);
    link.mute = false;
    link.onRestart();
  });
  io.on("close", () => breakOff(link, "the serial port was closed: is the cable pulled out?"));
  io.on("error", (error: Error) => breakOff(link, `the serial port failed: ${error.message}`));
}

function read(link: LinkState, address: number, register: number, count: number, done: BytesDone) {
  const { io } = link;
  const event = `I2C-reply-${address}-${Math.max(register, 0)}`;
  const heard = (): void => undefined;
  const message = ask(link, event, count, readBytes(register), done, () => {
    if (register < 0) io.i2cReadOnce(address, count, heard);
    else io.i2cReadOnce(address, register, count, heard);
  });
  enqueue(link, message);
}

function write(link: LinkState, address: number, bytes: ArrayLike<number>): boolean {
  if (bytes.length > WRITE_MAX) return false;
  const copy = Array.from(bytes);
  const send = (): void => void link.io.i2cWrite(address, copy);
  enqueue(link, { bytes: writeBytes(copy.length), send, question: null });
  return true;
}

function output(link: LinkState, pin: number, level: 0 | 1, urgent: boolean): void {
  const send = (): void => link.io.digitalWrite(pin, level);
  const message = { bytes: DIGITAL_BYTES, send, question: null };
  if (!urgent) enqueue(link, message);
  else if (!link.mute) transmit(link, message);
}

/** A conversation over `io`, which is ready. */
export function createLink(io: FirmataIo, clock: Clock, options: LinkOptions): Link {
  const link = createLinkState(io, clock, options);
  listen(link);
  return {
    write: (address, bytes) => write(link, address, bytes),
    read: (address, register, count, done) => read(link, address, register, count, done),
    output: (pin, level, urgent) => output(link, pin, level, urgent),
    state: (pin, done) => {
      const send = (): void => io.queryPinState(pin, () => undefined);
      enqueue(link, ask(link, `pin-state-${pin}`, 1, STATE_BYTES, done, send));
    },
    tell: (bytes, send) => enqueue(link, { bytes, send, question: null }),
    leavesMs: () => {
      const bytes = link.queue.reduce((sum, each) => sum + each.bytes, 0);
      const ms = (bytes * BITS_PER_BYTE * 1000) / options.baud;
      return Math.max(clock.now(), link.busyUntil) + ms;
    },
    failures: () => link.failures,
    lost: () => link.lost,
    onLost: (listener) => void (link.onLost = listener),
    onRestart: (listener) => void (link.onRestart = listener),
    end: () => breakOff(link, "the channel was closed"),
  };
}
