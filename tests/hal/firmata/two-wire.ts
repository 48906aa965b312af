// The Uno's two wires, between the chip's TWI unit and the simulated channel's I2C chips: start,
// address, bytes and stop take the time of their bits, and reach the world when they have passed.
import { advanceTo } from "../../../sim/advance.ts";
import { pointBus, readBus, writeBus } from "../../../sim/bus.ts";
import { FRAM_ADDRESS } from "../../../sim/chip/fram.ts";
import { MCP23008_ADDRESS } from "../../../sim/chip/mcp23008.ts";
import { NAU7802_ADDRESS } from "../../../sim/chip/nau7802.ts";
import { answers } from "../../../sim/wire.ts";
import type { World } from "../../../sim/world.ts";
import type { Silicon } from "./silicon.ts";
import { CYCLES_PER_MS } from "./silicon.ts";

const BYTE_BITS = 9;
const CONDITION_BITS = 1;
/** More than Wire's buffer holds. */
const READ_MAX = 32;
/** Chips whose pointer moves on with each byte read; others begin anew with each read. */
const READ_ON = [FRAM_ADDRESS, MCP23008_ADDRESS, NAU7802_ADDRESS];
/** Fast mode is the fastest that the channel's chips and pull-ups are made for. */
const SCL_MAX_HZ = 400_000;

/** What is wrong with the wires, and what went over them. */
export interface TwoWire {
  /** SCL is held low: nothing goes on, until it is let go. */
  stuck: boolean;
  /** Addresses followed by what was written; a read is its address and the bytes given. */
  onWrite: (address: number, bytes: readonly number[], taken: boolean) => void;
  /** Conditions sent faster than the chips are made for. */
  overclocked: number;
  /** Connects a chip's TWI unit, in place of one before. */
  connect(silicon: Silicon): void;
}

interface Transaction {
  address: number;
  reading: boolean;
  written: number[];
  /** Bytes read ahead, and how many have been handed over. */
  answer: Uint8Array;
  given: number;
}

const none = (): Transaction => ({
  ...{ address: -1, reading: false, written: [], given: 0 },
  answer: new Uint8Array(0),
});

/** What goes on in `world`, whose time is `nowMs()`. */
function createBus(world: World, wires: TwoWire, nowMs: () => number) {
  let open = none();
  const one = new Uint8Array(1);
  return {
    /** A stop or repeated start: a write takes effect. */
    end: (): void => {
      const { address, reading, written } = open;
      open = none();
      if (address < 0 || reading) return;
      advanceTo(world, nowMs());
      wires.onWrite(address, written, writeBus(world, address, written, false));
    },
    /** An address byte has passed: whether somebody acknowledges. */
    address: (address: number, reading: boolean): boolean => {
      advanceTo(world, nowMs());
      open = { ...none(), address, reading };
      if (!reading) return answers(world, address);
      if (!pointBus(world, address, -1, READ_MAX, false)) return false;
      if (READ_ON.includes(address) && world.faults.hit < 0) return true;
      open.answer = new Uint8Array(READ_MAX);
      readBus(world, address, open.answer, READ_MAX);
      return true;
    },
    write: (byte: number): boolean => {
      open.written.push(byte);
      return answers(world, open.address);
    },
    read: (): number => {
      if (open.answer.length > 0) return open.answer[open.given++] ?? 0xff;
      advanceTo(world, nowMs());
      readBus(world, open.address, one, 1);
      return one[0];
    },
  };
}

/** The wires of `world`; `nowMs` is the time of the chip that drives them. */
export function createTwoWire(world: World, nowMs: () => number): TwoWire {
  const connect = (silicon: Silicon): void => {
    const { twi, cpu } = silicon;
    const bus = createBus(world, wires, nowMs);
    const holdMs = 1;
    // A slave, or a fault, that holds SCL stretches the bit for as long.
    const after = (bits: number, done: () => void): void => {
      if (twi.sclFrequency > SCL_MAX_HZ) wires.overclocked++;
      const go = (): void => {
        if (wires.stuck || world.faults.sdaLow) cpu.addClockEvent(go, holdMs * CYCLES_PER_MS);
        else done();
      };
      cpu.addClockEvent(go, bits * Math.round((CYCLES_PER_MS * 1000) / twi.sclFrequency));
    };
    twi.eventHandler = {
      start: () =>
        after(CONDITION_BITS, () => {
          bus.end();
          twi.completeStart();
        }),
      stop: () =>
        after(CONDITION_BITS, () => {
          bus.end();
          twi.completeStop();
        }),
      connectToSlave: (address, write) =>
        after(BYTE_BITS, () => twi.completeConnect(bus.address(address, !write))),
      writeByte: (byte) => after(BYTE_BITS, () => twi.completeWrite(bus.write(byte))),
      readByte: () => after(BYTE_BITS, () => twi.completeRead(bus.read())),
    };
  };
  const wires: TwoWire = { stuck: false, onWrite: () => undefined, overclocked: 0, connect };
  return wires;
}
