// firmata-io and johnny-five as the tests hold them: neither comes with types that say all of this.
import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import type { Transport } from "./cable.ts";
import type { Lab } from "./lab.ts";

/** The part of firmata-io that is used here. */
export interface Io extends EventEmitter {
  readonly transport: Transport;
  readonly firmware: { name: string; version: { major: number; minor: number } };
  readonly pins: readonly { supportedModes: number[] }[];
  readonly ports: number[];
  readonly MODES: Readonly<Record<string, number>>;
  pinMode(pin: number, mode: number): void;
  digitalWrite(pin: number, level: 0 | 1): void;
  analogRead(pin: number, onReading: (counts: number) => void): void;
  reportAnalogPin(pin: number, on: 0 | 1): void;
  i2cConfig(options?: { delay?: number }): void;
  i2cWrite(address: number, bytes: readonly number[]): void;
  i2cReadOnce(address: number, count: number, done: (bytes: number[]) => void): void;
  i2cReadOnce(address: number, reg: number, count: number, done: (bytes: number[]) => void): void;
}

interface Relay {
  open(): void;
  close(): void;
}

/** The part of johnny-five that is used here. */
export interface Five {
  Board: new (options: object) => EventEmitter & { io: Io };
  Relay: new (options: object) => Relay;
}

const load = createRequire(import.meta.url);
const { Firmata } = load("firmata-io") as {
  Firmata: new (transport: Transport, options: object) => Io;
};
export const five = load("johnny-five") as Five;

/** Longest from a reset to `ready`, virtual ms. */
const READY_MS = 10_000;
/** firmata-io asks again after some time of the wall clock, which has no meaning here. */
const NEVER_MS = 1e9;

/** A firmata-io on `transport` that has shaken hands with the Uno. */
export async function connectIo(lab: Lab, transport: Transport): Promise<Io> {
  const io = new Firmata(transport, { reportVersionTimeout: NEVER_MS });
  let ready = false;
  io.once("ready", () => (ready = true));
  if (!(await lab.settle(READY_MS, () => ready))) throw new Error("no handshake with the Uno");
  return io;
}

/** The same under a johnny-five board, whose `io` is what the channel is given. */
export async function connectBoard(lab: Lab, transport: Transport): Promise<Io> {
  const io = await connectIo(lab, transport);
  const quiet = { repl: false, debug: false, sigint: false, timeout: NEVER_MS };
  const board = new five.Board({ io, ...quiet });
  let ready = false;
  board.once("ready", () => (ready = true));
  board.on("error", () => undefined);
  if (!(await lab.settle(READY_MS, () => ready))) throw new Error("johnny-five is not ready");
  return board.io;
}

/** The bytes that a read brings, or null after `ms` of virtual time without them. */
export function readOnce(
  lab: Lab,
  io: Io,
  address: number,
  register: number,
  count: number,
  ms = 100,
): number[] | null {
  let answer: number[] | null = null;
  const done = (bytes: number[]): void => void (answer = bytes);
  if (register < 0) io.i2cReadOnce(address, count, done);
  else io.i2cReadOnce(address, register, count, done);
  const end = lab.now() + ms;
  while (answer === null && lab.now() < end) lab.run(Math.min(lab.now() + 0.25, end));
  return answer;
}
