// What `--port` means: a serial port's path, or tcp://HOST:PORT for a serial server or socat.
import type { Duplex } from "node:stream";
import { InputError } from "../input-error.ts";
import type { BytePort } from "../link/byte-port.ts";
import { createBytePort } from "../link/byte-port.ts";
import { openSerial, presentPorts } from "../link/serial.ts";
import { openTcp } from "../link/tcp.ts";
import { reason } from "../system-error.ts";

const PORT_MAX = 65535;
const SCHEME = "tcp://";
const ACCEPTED = "a serial port's path, PATH@BAUD, or tcp://HOST:PORT";

function openSocket(text: string): Promise<Duplex> {
  const found = /^(.+):(\d{1,5})$/.exec(text.slice(SCHEME.length));
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > PORT_MAX) {
    throw new InputError(`--port ${text}: accepted: tcp://HOST:PORT, such as tcp://localhost:2323`);
  }
  return openTcp(found[1].replace(/^\[(.*)\]$/, "$1"), port);
}

function openDevice(text: string, baud: number): Promise<Duplex> {
  const found = /^([^\0]+?)(?:@(\d{3,7}))?$/.exec(text);
  if (!found) throw new InputError(`--port ${JSON.stringify(text)}: accepted: ${ACCEPTED}`);
  return openSerial(found[1], found[2] === undefined ? baud : Number(found[2]));
}

/** A port that was named. Rejects with an InputError with the ports that are there. */
export async function namedPort(text: string | undefined): Promise<string> {
  if (text !== undefined) return text;
  throw new InputError(`--port is needed: ${ACCEPTED}; ${await presentPorts()}`);
}

/** Opens a port, at `baud` unless it says otherwise; rejects with an InputError for what is no
 *  port, else with one line that says why there is no connection. */
export async function openBytePort(text: string, baud: number): Promise<BytePort> {
  try {
    const socket = text.startsWith(SCHEME);
    return createBytePort(await (socket ? openSocket(text) : openDevice(text, baud)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new Error(`${text}: no connection: ${reason(error)}`, { cause: error });
  }
}
