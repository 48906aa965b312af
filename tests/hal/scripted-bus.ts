// An I2C bus that holds a chip's expected transactions: every call is held against the next one of
// the script, and `finished` demands that none is left over.
import { expect } from "vitest";
import type { I2c, ReadDone, ReadState } from "../../hal/port.ts";

/** One expected transaction; `null` in place of a reply, or `false`, is a missing acknowledge. */
export type Transaction =
  | { address: number; write: number[]; ack?: false }
  | { address: number; register: number; count: number; reply: number[] | null };

/** When a transaction completes: inside the call (Espruino) or afterwards (Firmata). */
export type Timing = "inline" | "deferred";
export const TIMINGS: Timing[] = ["inline", "deferred"];

export interface ScriptedBus {
  readonly i2c: I2c;
  /** Adds transactions to the script. */
  expect(...transactions: Transaction[]): void;
  /** Delivers outstanding replies, in order. */
  settle(): void;
  /** All outstanding replies delivered, all of the script used up. */
  finished(): void;
}

function next(script: Transaction[], call: string): Transaction {
  const expected = script.shift();
  if (expected === undefined) throw new Error(`${call}: no further transaction is expected`);
  return expected;
}

/** A bus with an empty script. */
export function createScriptedBus(timing: Timing): ScriptedBus {
  const script: Transaction[] = [];
  const outstanding: (() => void)[] = [];
  const settle = (): void => {
    for (let run = outstanding.shift(); run !== undefined; run = outstanding.shift()) run();
  };
  const write: I2c["write"] = (address, bytes) => {
    const expected = next(script, `write to ${address}`);
    expect({ address, write: Array.from(bytes) }).toEqual({
      address: expected.address,
      write: "write" in expected ? expected.write : "a read",
    });
    // A queued write never knows that it will not be acknowledged.
    return timing === "deferred" || !("ack" in expected);
  };
  const read: I2c["read"] = (address, register, count, done) => {
    const expected = next(script, `read from ${address}`);
    if ("write" in expected)
      throw new Error(`a read in place of the write ${expected.write.join()}`);
    const { reply, ...asked } = expected;
    expect({ address, register, count }).toEqual(asked);
    const buffer = reply === null ? null : Uint8Array.from(reply);
    const answer = (): void => {
      done(buffer);
      // The bytes are valid only inside `done`: whoever kept them sees rubbish.
      buffer?.fill(0xa5);
    };
    if (timing === "inline") answer();
    else outstanding.push(answer);
  };
  return {
    i2c: { write, read },
    expect: (...transactions) => void script.push(...transactions),
    settle,
    finished: () => {
      settle();
      expect(script).toEqual([]);
    },
  };
}

/** Collects what completions say. */
export function collector<T extends unknown[]>(): { seen: T[]; done: (...values: T) => void } {
  const seen: T[] = [];
  return { seen, done: (...values) => void seen.push(values) };
}

/** The same of a poll, which has no value. */
export function answers(): { seen: [ReadState][]; done: ReadDone } {
  const seen: [ReadState][] = [];
  return { seen, done: (_value, state) => void seen.push([state]) };
}
