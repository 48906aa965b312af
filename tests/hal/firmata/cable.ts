// The cable between host and Uno as firmata-io sees it (write, and the events open, data, close,
// error): bits at 57600 baud, and a USB converter's habits at either end.
import { EventEmitter } from "node:events";
import type { Agenda } from "./agenda.ts";
import type { Uno } from "./uno.ts";

/** Start, eight bits, stop. */
const BITS = 10;

/** What the USB converter adds to the wire. */
export interface Converter {
  /** From a write to the first bit on the wire, ms. */
  downMs: number;
  /** Bytes for the host wait for a multiple of this, ms; 0 = each comes at its stop bit. */
  pollMs: number;
  /** Bytes for the host wait until so many have come or the latency timer runs out, which starts
   *  anew with each packet (FTDI AN232B-04), ms; 0 = it has none. */
  latencyMs: number;
}

/** No converter; the Uno's own ATmega16U2, asked by the host once a USB frame; an FTDI or CH340
 *  with its latency timer as delivered, and set to its shortest. */
export const CONVERTERS = {
  none: { downMs: 0, pollMs: 0, latencyMs: 0 },
  uno: { downMs: 1, pollMs: 1, latencyMs: 0 },
  latency16: { downMs: 1, pollMs: 0, latencyMs: 16 },
  latency1: { downMs: 1, pollMs: 0, latencyMs: 1 },
} satisfies Record<string, Converter>;

/** Bytes after which a packet goes without waiting for the latency timer. */
const PACKET_BYTES = 62;

type Done = (error?: Error | null) => void;

/** What a host holds in its hand: a serial port, in so far as it is used. */
export interface Transport extends EventEmitter {
  readonly destroyed: boolean;
  write(bytes: Uint8Array, done?: Done): boolean;
  /** Closes the port. */
  end(done?: Done): void;
  destroy(): void;
}

export interface Cable {
  readonly transport: Transport;
  /** Called before anything that the host writes leaves. */
  onWrite: () => void;
  /** The cable is pulled. `told` = the host hears of it. */
  pull(told: boolean): void;
  /** Of bytes to come towards the Uno, those for which this says so are lost: `index` counts from
   *  the cable's first. */
  loses: (index: number, byte: number) => boolean;
  /** Bytes sent and received since the beginning. */
  readonly sent: number;
  readonly received: number;
}

interface State {
  open: boolean;
  /** When the wire towards the Uno is free. */
  freeMs: number;
  waiting: number[];
  packetMs: number;
  sent: number;
  received: number;
}

/** Bytes on their way up: each on its own, at the next poll, or with the latency timer. */
function upward(state: State, agenda: Agenda, to: Converter, transport: Transport) {
  let arranged = false;
  const deliver = (timeMs: number): void => {
    arranged = false;
    const bytes = Buffer.from(state.waiting.splice(0));
    state.packetMs = timeMs;
    if (!state.open || bytes.length === 0) return;
    state.received += bytes.length;
    transport.emit("data", bytes);
  };
  const dueMs = (timeMs: number): number => {
    const everyMs = to.latencyMs;
    if (everyMs > 0) {
      return state.packetMs + Math.ceil((timeMs - state.packetMs) / everyMs) * everyMs;
    }
    return to.pollMs > 0 ? Math.ceil(timeMs / to.pollMs) * to.pollMs : timeMs;
  };
  return (byte: number, timeMs: number): void => {
    agenda.at(timeMs, transport, () => {
      state.waiting.push(byte);
      if (state.waiting.length >= PACKET_BYTES) deliver(timeMs);
      else if (!arranged) {
        arranged = true;
        const due = dueMs(timeMs);
        agenda.at(due, transport, () => deliver(due));
      }
    });
  };
}

/** Plugs a cable into `uno`, in place of one before. */
export function plugCable(uno: Uno, agenda: Agenda, converter: Converter, baud = 57_600): Cable {
  const state: State = {
    ...{ open: true, freeMs: 0, waiting: [], packetMs: 0, sent: 0, received: 0 },
  };
  const byteMs = (BITS * 1000) / baud;
  const wire = {};
  const close = (told: boolean): void => {
    if (!state.open) return;
    state.open = false;
    agenda.forget(wire);
    if (told) agenda.at(uno.now(), transport, () => transport.emit("close"));
  };
  const carry = (byte: number): void => {
    const index = state.sent++;
    state.freeMs = Math.max(state.freeMs, uno.now() + converter.downMs) + byteMs;
    if (cable.loses(index, byte)) return;
    agenda.at(state.freeMs, wire, () => uno.receive(byte));
  };
  const transport: Transport = Object.assign(new EventEmitter(), {
    destroyed: false,
    write: (bytes: Uint8Array, done: Done = () => undefined): boolean => {
      cable.onWrite();
      const error = state.open ? null : new Error("Port is not open");
      if (error === null) for (const byte of bytes) carry(byte);
      agenda.at(uno.now(), transport, () => done(error));
      return true;
    },
    end: (done: Done = () => undefined): void => {
      close(true);
      agenda.at(uno.now(), transport, () => done(null));
    },
    destroy: (): void => close(true),
  });
  const cable: Cable = {
    transport,
    onWrite: () => undefined,
    pull: close,
    loses: () => false,
    get sent() {
      return state.sent;
    },
    get received() {
      return state.received;
    },
  };
  uno.onSend = upward(state, agenda, converter, transport);
  agenda.at(uno.now(), transport, () => transport.emit("open"));
  return cable;
}
