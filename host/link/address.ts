// Where a real board is: `serial:PATH[@BAUD]`, `tcp:HOST:PORT`, or `firmata:PATH`.
import type { Duplex } from "node:stream";
import { InputError } from "../input-error.ts";
import { reason } from "../system-error.ts";
import type { HostedOptions, LeftBehind } from "./firmata.ts";
import { firmataPath, leftBehind, openFirmata } from "./firmata.ts";
import { openSerial } from "./serial.ts";
import { openTcp } from "./tcp.ts";
import type { Wire } from "./wire.ts";
import { createWire } from "./wire.ts";

const BAUD = 115200;
const BAUD_MAX = 4_000_000;
const PORT_MAX = 65535;

/** A real board's place. */
export interface Address {
  /** As the user wrote it. */
  readonly target: string;
  /** The channel itself runs in this program, and ends with it. */
  readonly isHosted: boolean;
  /** `options` are for a hosted channel; without them nothing guards it.
   *  Throws InputError for what is not there, an Error of one line when nobody answers. */
  open(options?: HostedOptions): Promise<Wire>;
  /** Of a hosted channel: the run that was broken off there. Rejects with an InputError, also for
   *  an address that is not complete. */
  broken?(keepAlive: boolean): Promise<LeftBehind | null>;
}

function wired(target: string, open: () => Promise<Duplex>): Address {
  return {
    target,
    isHosted: false,
    open: async () => {
      try {
        return createWire(await open());
      } catch (error) {
        if (error instanceof InputError) throw error;
        throw new Error(`${target}: no connection: ${reason(error)}`, { cause: error });
      }
    },
  };
}

function whole(text: string, most: number): number | null {
  const value = Number(text);
  return /^\d{1,7}$/.test(text) && value >= 1 && value <= most ? value : null;
}

function serialAddress(target: string, rest: string): Address {
  const at = rest.lastIndexOf("@");
  const path = at < 0 ? rest : rest.slice(0, at);
  const baud = at < 0 ? BAUD : whole(rest.slice(at + 1), BAUD_MAX);
  if (path === "" || path.includes("\0") || baud === null) {
    throw new InputError(`--on ${target}: accepted: serial:PATH or serial:PATH@BAUD`);
  }
  return wired(target, () => openSerial(path, baud));
}

function tcpAddress(target: string, rest: string): Address {
  const at = rest.lastIndexOf(":");
  const host = rest.slice(0, Math.max(at, 0)).replace(/^\[(.*)\]$/, "$1");
  const port = whole(rest.slice(at + 1), PORT_MAX);
  if (host === "" || port === null) {
    throw new InputError(`--on ${target}: accepted: tcp:HOST:PORT, such as tcp:localhost:2323`);
  }
  return wired(target, () => openTcp(host, port));
}

function firmataAddress(target: string): Address {
  return {
    target,
    isHosted: true,
    open: async (options = { keepAlive: false, forRun: false }) =>
      openFirmata(target, await firmataPath(target), options),
    broken: async (keepAlive) => leftBehind(target, await firmataPath(target), keepAlive),
  };
}

/** The place of a real board; null = the target names none. Throws InputError. */
export function parseAddress(target: string): Address | null {
  if (target.startsWith("serial:")) return serialAddress(target, target.slice(7));
  if (/^firmata(:|$)/.test(target)) return firmataAddress(target);
  return target.startsWith("tcp:") ? tcpAddress(target, target.slice(4)) : null;
}
