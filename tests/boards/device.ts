// A device bundle in node:vm, in a global scope that has what Espruino has and no more, on a
// machine in a simulated world.
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import { pinsOf } from "./boards.ts";
import type { Machine } from "./machine.ts";
import type { Runnable } from "./specimen.ts";

interface Subset {
  language: string[];
  members: Record<string, string[]>;
}

const subset = JSON.parse(readFileSync("tests/rules/espruino.json", "utf8")) as Subset;

// Takes away what the interpreter lacks, so that a use of it fails here as it would there.
const impoverish = `((scope) => {
  const { language, members } = ${JSON.stringify(subset)};
  for (const [name, properties] of Object.entries(members)) {
    for (const property of properties) delete scope[name][property];
  }
  for (const name of Object.getOwnPropertyNames(scope)) {
    if (!language.includes(name)) delete scope[name];
  }
})(globalThis);`;

interface Pin {
  name: string;
}

function pinOf(machine: Machine, name: string): Pin {
  const pin = {
    mode: (mode: string) => machine.trace.calls.push(`${name}.mode ${mode}`),
    write: (high: boolean) => machine.writePin(name, high),
    read: () => machine.readPin(name),
    name,
  };
  return pin;
}

type Bytes = ArrayLike<number> | number;

// The pointer write of a read, without a stop, is kept for the read that follows it at once.
function bus(machine: Machine): object {
  let register = -1;
  return {
    setup: ({ scl, sda, bitrate }: { scl: Pin; sda: Pin; bitrate: number }) =>
      machine.trace.calls.push(`I2C1.setup ${scl.name} ${sda.name} ${bitrate}`),
    writeTo: (to: number | { address: number; stop: boolean }, bytes: Bytes) => {
      if (typeof to === "object" && !to.stop && typeof bytes === "number") register = bytes;
      else if (typeof bytes === "number") throw new Error("a byte without a pointer write");
      else if (!machine.writeTo(Number(to), bytes)) throw new Error("I2C: no acknowledge");
    },
    readFrom: (address: number, count: number) => {
      const bytes = machine.readFrom(address, register, count);
      register = -1;
      if (bytes === null) throw new Error("I2C: no acknowledge");
      return Uint8Array.from(bytes);
    },
  };
}

interface Callbacks {
  readonly timers: Map<number, () => void>;
  onText: (text: string) => void;
}

function serial(machine: Machine, callbacks: Callbacks): object {
  const port = machine.board.serial;
  return {
    setup: (baud: number, { tx, rx }: { tx: Pin; rx: Pin }) =>
      machine.trace.calls.push(`${port}.setup ${baud} ${tx.name} ${rx.name}`),
    on: (event: string, onText: (text: string) => void) => {
      machine.trace.calls.push(`${port}.on ${event}`);
      callbacks.onText = onText;
    },
    write: machine.write,
  };
}

type Crc32 = (bytes: Uint8Array) => number;

/** `new SPI()`: pins driven by software. */
function softwareSpi(machine: Machine): unknown {
  return function () {
    return {
      setup: ({ sck, miso, mode }: { sck: Pin; miso: Pin; mode: number }) =>
        machine.trace.calls.push(`SPI.setup ${sck.name} ${miso.name} ${mode}`),
      send: (bytes: Uint8Array) => machine.clockIn(bytes.length),
    };
  };
}

function hardwareSpi(machine: Machine): object {
  return {
    setup: ({ sck, miso, mosi, baud }: { sck: Pin; miso: Pin; mosi: Pin; baud: number }) =>
      machine.trace.calls.push(`SPI1.setup ${sck.name} ${miso.name} ${mosi.name} ${baud}`),
    write: machine.sendSpi,
    send: (bytes: Uint8Array) => machine.receiveSpi(bytes.length),
  };
}

function system(machine: Machine, crc: Crc32): object {
  const calls = machine.trace.calls;
  return {
    enableWatchdog: (timeoutS: number, automatic: boolean) => {
      calls.push(`E.enableWatchdog ${timeoutS} ${automatic}`);
      machine.startWatchdog(timeoutS);
    },
    kickWatchdog: machine.kickWatchdog,
    CRC32: (data: Uint8Array | string) =>
      crc(typeof data === "string" ? Buffer.from(data, "latin1") : data),
    setConsole: (device: null, options: object) =>
      calls.push(`E.setConsole ${String(device)} ${JSON.stringify(options)}`),
  };
}

function globals(
  machine: Machine,
  callbacks: Callbacks,
  crc: Crc32,
  code: string,
): Record<string, unknown> {
  let timers = 0;
  const scope: Record<string, unknown> = {
    I2C1: bus(machine),
    [machine.board.serial]: serial(machine, callbacks),
    SPI: softwareSpi(machine),
    SPI1: hardwareSpi(machine),
    btoa: (bytes: Uint8Array) => Buffer.from(bytes).toString("base64"),
    E: system(machine, crc),
    // From the last pin and the lowest bit on, as in Espruino's jswrap_io_digitalWrite.
    digitalWrite: (pins: Pin[], bits: number) => {
      for (let i = pins.length - 1, left = bits; i >= 0; i--, left >>= 1) {
        machine.writePin(pins[i].name, (left & 1) === 1);
      }
    },
    require: (name: string) => {
      if (name !== "Storage") throw new Error(`Module ${name} not found`);
      return { read: (file: string) => (file === ".bootcde" ? code : undefined) };
    },
    getTime: () => machine.timeUs() / 1e6,
    setTimeout: (run: () => void, delayMs: number) => {
      callbacks.timers.set(++timers, run);
      machine.setTimer(timers, delayMs);
      return timers;
    },
    clearTimeout: (timer: number) => {
      callbacks.timers.delete(timer);
      machine.clearTimer(timer);
    },
  };
  for (const name of pinsOf(machine.board)) scope[name] = pinOf(machine, name);
  return scope;
}

/** Boots `code` on `machine`; `crc` is `E.CRC32`. An exception in it, then or later, is thrown. */
export function boot(code: string, machine: Machine, crc: Crc32 = (b) => crc32(b)): Runnable {
  const callbacks: Callbacks = { timers: new Map(), onText: () => undefined };
  const context = createContext({});
  runInContext(impoverish, context);
  Object.assign(context, globals(machine, callbacks, crc, code));
  runInContext(code, context);
  return {
    lines: machine.trace.lines,
    send: machine.send,
    now: () => machine.world.clock.nowMs,
    runUntil: (timeMs) => {
      for (let id = machine.next(timeMs); id !== 0; id = machine.next(timeMs)) {
        const run = callbacks.timers.get(id);
        callbacks.timers.delete(id);
        if (id < 0) callbacks.onText(machine.receive());
        else run?.();
      }
    },
  };
}
