// A microcontroller without an interpreter: what a bundle's platform calls reach, over a simulated
// world and in virtual time. An interpreter is put in front of it: node:vm, or the real one.
import { AD5693R_ADDRESS } from "../../sim/chip/ad5693r.ts";
import { clockTwoWire } from "../../sim/pins.ts";
import type { SimPort } from "../../sim/port.ts";
import { createPort } from "../../sim/port.ts";
import type { World } from "../../sim/world.ts";
import type { DeviceBoard } from "./boards.ts";
import type { SpiPort } from "./spi.ts";
import { clockIn, createSpiPort } from "./spi.ts";
import type { Wires } from "./wires.ts";
import { createWires } from "./wires.ts";

/** `getTime` at power-on, s: a board's clock need not begin at zero. */
const BOOT_S = 12.5;
/** Shortest delay of a timer, ms (TIMER_MIN_INTERVAL in Espruino's jsinteractive.h). */
const DELAY_MIN_MS = 0.1;
/** Serial input is handed over in pieces of up to so many bytes (IOEVENT_MAX_LEN, jsdevices.h). */
const PIECE = 64;

/** The relay was told to connect the cell. */
export interface Closing {
  timeMs: number;
  /** In the DAC at that moment. */
  code: number;
  /** Read back since the DAC was last written; -1 = not. */
  codeRead: number;
}

export interface MachineOptions {
  /** The button is pressed at power-on. */
  buttonHeld?: boolean;
  /** Resolution of `getTime` and timers, ms. */
  tickMs?: number;
}

/** What happened, for the tests. */
export interface Trace {
  /** Lines sent over the serial port. */
  lines: string[];
  /** Platform calls that set something up, in order. */
  calls: string[];
  closings: Closing[];
  /** Edges of the heartbeat pin, kicks of the built-in watchdog. */
  beats: number;
  kicks: number;
  transfers: number;
  /** Changes of the light. */
  flashes: number;
}

export interface Machine {
  readonly board: DeviceBoard;
  readonly world: World;
  readonly trace: Trace;
  /** The bus as pins. */
  readonly wires: Wires;
  /** What `getTime` shows, µs. */
  timeUs(): number;
  /** False = not acknowledged. */
  writeTo(address: number, bytes: ArrayLike<number>): boolean;
  /** A write of `register` (-1 = none), a repeated start, a read; null = not acknowledged. */
  readFrom(address: number, register: number, count: number): ArrayLike<number> | null;
  /** `timer` is the caller's number for it, above zero. */
  setTimer(timer: number, delayMs: number): void;
  clearTimer(timer: number): void;
  /** Brings a line to the serial port as soon as the CPU is free, in two pieces. */
  send(line: string): void;
  /** Brings bytes to the serial port, in pieces as the interpreter hands them over. */
  sendBytes(bytes: string): void;
  /** Presses the button, or lets it go. */
  press(down: boolean): void;
  /** Lets time go on to what is due next: a timer's number, or -1 for text to `receive`, or 0 for
   *  nothing until `untilMs`. */
  next(untilMs: number): number;
  receive(): string;
  writePin(name: string, high: boolean): void;
  readPin(name: string): boolean;
  /** `count` bytes over a software SPI, mode 1, on the wires of the load cell's converter. */
  clockIn(count: number): Uint8Array;
  /** Bytes to the chip on the hardware's SPI, and `count` bytes that it answers them with; an
   *  instruction ends when its select pin goes high. */
  sendSpi(bytes: ArrayLike<number>): void;
  receiveSpi(count: number): Uint8Array;
  /** Serial output. */
  write(text: string): void;
  startWatchdog(timeoutS: number): void;
  kickWatchdog(): void;
}

interface Timer {
  number: number;
  dueMs: number;
}

interface State {
  board: DeviceBoard;
  world: World;
  port: SimPort;
  trace: Trace;
  wires: Wires;
  tickMs: number;
  pins: Map<string, boolean>;
  /** By due time, then by age. */
  timers: Timer[];
  inbox: string[];
  /** Serial output that no line feed has ended yet. */
  partial: string;
  bytes: ArrayLike<number> | null;
  codeRead: number;
  spi: SpiPort;
}

function bus(state: State): Pick<Machine, "writeTo" | "readFrom"> {
  const onBytes = (bytes: ArrayLike<number> | null): void => {
    state.bytes = bytes;
  };
  state.port.declare([onBytes]);
  return {
    writeTo: (address, bytes) => {
      state.trace.transfers++;
      if (address === AD5693R_ADDRESS) state.codeRead = -1;
      return state.port.i2c.write(address, bytes);
    },
    readFrom: (address, register, count) => {
      state.trace.transfers++;
      state.port.i2c.read(address, register, count, onBytes);
      const bytes = state.bytes;
      if (address === AD5693R_ADDRESS) state.codeRead = bytes ? bytes[0] * 256 + bytes[1] : -1;
      return bytes;
    },
  };
}

// As on the chip, time is a number of whole ticks, and a timer runs with the tick that it waits
// for, in order of time, then of setting.
function clock(state: State): Pick<Machine, "timeUs" | "setTimer" | "clearTimer" | "next"> {
  const { port, tickMs, timers, inbox } = state;
  const ticks = (): number => Math.floor(port.clock.now() / tickMs);
  return {
    timeUs: () => Math.round(BOOT_S * 1e6 + ticks() * tickMs * 1000),
    setTimer: (number, delayMs) => {
      const wait = Math.max(1, Math.round(Math.max(DELAY_MIN_MS, delayMs) / tickMs));
      const dueMs = (ticks() + wait) * tickMs;
      const later = timers.findIndex((timer) => timer.dueMs > dueMs);
      timers.splice(later < 0 ? timers.length : later, 0, { number, dueMs });
    },
    clearTimer: (number) => {
      const index = timers.findIndex((timer) => timer.number === number);
      if (index >= 0) timers.splice(index, 1);
    },
    next: (untilMs) => {
      if (inbox.length > 0) return -1;
      const due = timers.at(0);
      const found = due !== undefined && due.dueMs <= untilMs;
      port.runUntil(found ? due.dueMs : untilMs);
      return found ? (timers.shift()?.number ?? 0) : 0;
    },
  };
}

function writePin(state: State, name: string, high: boolean): void {
  const { board, world, port, trace } = state;
  if (name === board.pins.scl || name === board.pins.sda) {
    state.wires.write(name === board.pins.scl ? "scl" : "sda", high);
    return;
  }
  const before = state.pins.get(name);
  state.pins.set(name, high);
  if (name === board.pins.heartbeat && before !== high) {
    trace.beats++;
    port.watchdog.kick();
  }
  if (name === board.pins.light && before !== high) trace.flashes++;
  if (name === board.pins.norSelect && high) state.spi.receive(0);
  if (name === board.pins.hx711Clock && before !== high) clockTwoWire(world, high);
  if (name !== board.pins.relay) return;
  if (high && before !== true) {
    const code = world.dac.dacRegister;
    trace.closings.push({ timeMs: port.clock.now(), code, codeRead: state.codeRead });
  }
  port.relay.write(high);
}

function readPin({ board, port, wires, pins }: State, name: string): boolean {
  if (name === board.pins.hx711Data) return port.twoWire.data();
  if (name === board.pins.scl) return wires.read("scl");
  if (name === board.pins.sda) return wires.read("sda");
  return pins.get(name) ?? false;
}

function write(state: State, text: string): void {
  const pieces = (state.partial + text).split("\n");
  state.partial = pieces.pop() ?? "";
  state.trace.lines.push(...pieces);
}

function createState(board: DeviceBoard, world: World, options: MachineOptions): State {
  const port = createPort(world, "inline");
  return {
    board,
    world,
    port,
    trace: { lines: [], calls: [], closings: [], beats: 0, kicks: 0, transfers: 0, flashes: 0 },
    wires: createWires(world),
    tickMs: options.tickMs ?? 0.001,
    pins: new Map([[board.pins.button, options.buttonHeld ?? false]]),
    timers: [],
    inbox: [],
    partial: "",
    bytes: null,
    codeRead: -1,
    spi: createSpiPort(port),
  };
}

/** A machine at power-on in `world`. The world's keep-alive is on the heartbeat pin. */
export function createMachine(
  board: DeviceBoard,
  world: World,
  options: MachineOptions = {},
): Machine {
  const state = createState(board, world, options);
  return {
    board,
    world,
    trace: state.trace,
    wires: state.wires,
    ...bus(state),
    ...clock(state),
    send: (line) => state.inbox.push(line.slice(0, 2), line.slice(2) + "\n"),
    sendBytes: (bytes) => {
      for (let at = 0; at < bytes.length; at += PIECE)
        state.inbox.push(bytes.slice(at, at + PIECE));
    },
    press: (down) => void state.pins.set(board.pins.button, down),
    receive: () => state.inbox.shift() ?? "",
    writePin: (name, high) => writePin(state, name, high),
    readPin: (name) => readPin(state, name),
    clockIn: (count) => clockIn(state.port, count),
    sendSpi: state.spi.send,
    receiveSpi: state.spi.receive,
    write: (text) => write(state, text),
    startWatchdog: (timeoutS) => state.port.watchdog.start(timeoutS * 1000),
    kickWatchdog: () => void state.trace.kicks++,
  };
}
