// From a serial port to a johnny-five board that is ready, or to why there is none.
import { EventEmitter } from "node:events";
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import type { Duplex } from "node:stream";
import type { FirmataIo } from "../../boards/firmata-channel.ts";
import { BAUD } from "../../boards/firmata-channel.ts";
import { InputError } from "../input-error.ts";
import { reason } from "../system-error.ts";

/** An Uno starts for 2 s after its port was opened; one that was not reset by that is asked after
 *  5 s. */
const READY_MS = 12_000;
/** Older ones give the last chip's bytes for those of a chip that does not answer. */
const OLDEST = [2, 5];
/** SDA and SCL of both boards. */
const BUS_PINS = [18, 19];
const MODE_I2C = 6;
/** All of the relay's port low. */
const LAST_WORDS = Uint8Array.of(0x90, 0, 0);

interface ReadyIo extends FirmataIo {
  readonly version: { major: number; minor: number };
  readonly pins: { state?: number; supportedModes: number[] }[];
}

interface BoardOptions {
  io: ReadyIo;
  repl: false;
  debug: false;
  sigint: false;
  timeout: number;
}

const require = createRequire(import.meta.url);

function loadPackages() {
  const { Firmata } = require("firmata-io") as { Firmata: new (port: object) => ReadyIo };
  const { Board } = require("johnny-five") as {
    Board: new (options: BoardOptions) => EventEmitter & { io: ReadyIo };
  };
  return { Firmata, Board };
}

/** A serial port as firmata-io wants it. */
interface Carrier extends EventEmitter {
  write(bytes: Uint8Array, sent?: () => void): void;
  /** Bytes that have come. */
  heard: number;
}

/** Passes bytes on; damaged ones may make firmata-io throw, which is no reason to die. */
function carry(stream: Duplex): Carrier {
  const carrier = Object.assign(new EventEmitter(), {
    heard: 0,
    write: (bytes: Uint8Array, sent?: () => void): void => {
      stream.write(bytes);
      sent?.();
    },
  });
  stream.on("data", (bytes: Buffer) => {
    carrier.heard += bytes.length;
    for (const byte of bytes) {
      try {
        carrier.emit("data", [byte]);
      } catch {
        // A damaged message; whoever waits for it has its own deadline.
      }
    }
  });
  stream.on("close", () => carrier.emit("close"));
  stream.on("end", () => carrier.emit("close"));
  stream.on("error", (error) => carrier.emit("error", error));
  return carrier;
}

/** When this program dies without having closed the port, the relay's port goes low if it can. */
function sayLastWords(stream: Duplex): void {
  const onExit = (): void => {
    const { port } = stream as Duplex & { port?: { fd?: unknown } };
    if (stream.destroyed || typeof port?.fd !== "number" || process.platform === "win32") return;
    try {
      writeSync(port.fd, LAST_WORDS);
    } catch {
      // The port is gone, and the hardware keep-alive acts.
    }
  };
  process.on("exit", onExit);
  stream.once("close", () => process.off("exit", onExit));
}

/** Resolves when `event` comes, with false when it does not in time. */
function within(emitter: EventEmitter, event: string, ms: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const timer = setTimeout(() => done(false), ms);
    const settle = (end: () => void): void => {
      clearTimeout(timer);
      end();
    };
    emitter.once(event, () => settle(() => done(true)));
    emitter.once("close", () => settle(() => fail(new Error("the port was closed"))));
    emitter.once("error", (error: Error) => settle(() => fail(error)));
  });
}

function strange(heard: number): string {
  const mend = `upload StandardFirmata (${BAUD} baud) with the Arduino IDE, see docs/firmata.md`;
  if (heard === 0) return `nothing answers at ${BAUD} baud: no StandardFirmata on it? ${mend}`;
  return (
    `something answers, but it is no StandardFirmata at ${BAUD} baud: ` +
    `another sketch, or another pace; ${mend}`
  );
}

/** Throws an InputError for a board that cannot carry the channel. */
function examine(io: ReadyIo, target: string): void {
  const { major, minor } = io.version;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new InputError(
      `${target}: its Firmata speaks protocol ${major}.${minor}, which gives wrong readings for ` +
        `a chip that does not answer; accepted: ${OLDEST.join(".")} or later`,
    );
  }
  if (BUS_PINS.every((pin) => io.pins[pin]?.supportedModes.includes(MODE_I2C) ?? false)) return;
  throw new InputError(`${target}: its Firmata has no I2C on A4 and A5; accepted: StandardFirmata`);
}

/** A board that is ready, over an open port. Rejects with an InputError for one that is no
 *  StandardFirmata, with an Error of one line when the port fails. */
export async function openIo(stream: Duplex, target: string): Promise<FirmataIo> {
  const { Firmata, Board } = loadPackages();
  const carrier = carry(stream);
  const io = new Firmata(carrier);
  const ready = within(io, "ready", READY_MS);
  carrier.emit("open");
  try {
    if (!(await ready)) throw new InputError(`${target}: ${strange(carrier.heard)}`);
    examine(io, target);
    // It installs no signal listener: what has to be done at the end is ours.
    const quiet = { repl: false, debug: false, sigint: false, timeout: READY_MS } as const;
    const board = new Board({ io, ...quiet });
    await within(board, "ready", READY_MS);
    board.on("error", () => undefined);
    sayLastWords(stream);
    return board.io;
  } catch (error) {
    io.on("error", () => undefined);
    stream.destroy();
    if (error instanceof InputError) throw error;
    throw new Error(`${target}: no connection: ${reason(error)}`, { cause: error });
  }
}
