// What waits on its way to a remote bus: the deferred port's operations, first in, first out.

/** Kinds of operation. */
export const WRITE = 0;
export const READ = 1;
export const RELAY = 2;
export const KICK = 3;
export const START = 4;

const CAPACITY = 16;

/** A ring of operations in columns; `bytes` are those of writes. */
export interface Queue {
  /** Time from one completion to the next while the queue is busy, ms. */
  latencyMs: number;
  /** Completion of the last operation queued, ms. */
  lastMs: number;
  head: number;
  count: number;
  kind: Int32Array;
  /** Address; for RELAY 1 = to the cell. */
  address: Int32Array;
  register: Int32Array;
  /** Bytes to read or written. */
  length: Int32Array;
  /** Task id of a read's completion; -1 = none. */
  done: Int32Array;
  /** Time-out of START, ms. */
  timeoutMs: Float64Array;
  bytes: Uint8Array[];
}

export function createQueue(): Queue {
  const queue: Queue = {
    latencyMs: 2,
    lastMs: 0,
    head: 0,
    count: 0,
    kind: new Int32Array(CAPACITY),
    address: new Int32Array(CAPACITY),
    register: new Int32Array(CAPACITY),
    length: new Int32Array(CAPACITY),
    done: new Int32Array(CAPACITY),
    timeoutMs: new Float64Array(CAPACITY),
    bytes: [],
  };
  for (let i = 0; i < CAPACITY; i++) queue.bytes.push(new Uint8Array(0));
  return queue;
}

/** Appends an operation and returns its slot, for the caller to fill in the rest. */
export function enqueue(queue: Queue, kind: number, address: number): number {
  if (queue.count === queue.kind.length) grow(queue);
  const slot = (queue.head + queue.count) % queue.kind.length;
  queue.count++;
  queue.kind[slot] = kind;
  queue.address[slot] = address;
  queue.done[slot] = -1;
  queue.length[slot] = 0;
  return slot;
}

/** Takes the oldest operation and returns its slot, valid until the next `enqueue`. */
export function dequeue(queue: Queue): number {
  const slot = queue.head;
  queue.head = (queue.head + 1) % queue.kind.length;
  queue.count--;
  return slot;
}

/** Keeps a copy of a write's bytes in `slot`. */
export function keepBytes(queue: Queue, slot: number, bytes: ArrayLike<number>): void {
  queue.length[slot] = bytes.length;
  if (queue.bytes[slot].length !== bytes.length) queue.bytes[slot] = new Uint8Array(bytes.length);
  queue.bytes[slot].set(bytes);
}

/** Doubles the ring, oldest first. */
function grow(queue: Queue): void {
  const size = queue.kind.length;
  const order: number[] = [];
  for (let i = 0; i < size; i++) order.push((queue.head + i) % size);
  queue.kind = unrolled(queue.kind, order);
  queue.address = unrolled(queue.address, order);
  queue.register = unrolled(queue.register, order);
  queue.length = unrolled(queue.length, order);
  queue.done = unrolled(queue.done, order);
  const timeouts = new Float64Array(2 * size);
  timeouts.set(order.map((slot) => queue.timeoutMs[slot]));
  queue.timeoutMs = timeouts;
  queue.bytes = order.map((slot) => queue.bytes[slot]);
  for (let i = 0; i < size; i++) queue.bytes.push(new Uint8Array(0));
  queue.head = 0;
}

function unrolled(column: Int32Array, order: number[]): Int32Array {
  const longer = new Int32Array(2 * order.length);
  longer.set(order.map((slot) => column[slot]));
  return longer;
}
