// What `--port` means: a serial port's path, or tcp://HOST:PORT for a serial server or socat.
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { InputError } from "../input-error.ts";
import { reason } from "../system-error.ts";
import type { BytePort } from "./byte-port.ts";
import { createBytePort } from "./byte-port.ts";

const CONNECT_MS = 5000;
const PORT_MAX = 65535;
const SCHEME = "tcp://";

function connected(host: string, port: number): Promise<Duplex> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, noDelay: true });
    const timer = setTimeout(() => {
      socket.destroy(new Error(`nobody answers within ${CONNECT_MS / 1000} s`));
    }, CONNECT_MS);
    socket.once("error", (error) => {
      clearTimeout(timer);
      fail(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeListener("error", fail);
      done(socket);
    });
  });
}

function openTcp(text: string): Promise<Duplex> {
  const found = /^(.+):(\d{1,5})$/.exec(text.slice(SCHEME.length));
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > PORT_MAX) {
    throw new InputError(`--port ${text}: accepted: tcp://HOST:PORT, such as tcp://localhost:2323`);
  }
  return connected(found[1].replace(/^\[(.*)\]$/, "$1"), port);
}

function openSerial(path: string): Promise<Duplex> {
  throw new InputError(
    `--port ${path}: serial ports: not available yet; accepted: tcp://HOST:PORT`,
  );
}

/** Opens a port; rejects with an InputError for what is no port, else with one line that says why
 *  there is no connection. */
export async function openBytePort(text: string): Promise<BytePort> {
  try {
    return createBytePort(await (text.startsWith(SCHEME) ? openTcp(text) : openSerial(text)));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new Error(`${text}: no connection: ${reason(error)}`, { cause: error });
  }
}
