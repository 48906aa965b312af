// A board on a serial port. Node's own terminal streams carry the bytes; `stty`, which every Unix
// has, sets the pace. No native package: none comes without a script that may compile at install.
import { spawn } from "node:child_process";
import { closeSync, constants, openSync, readdirSync } from "node:fs";
import { isatty, ReadStream } from "node:tty";
import { join } from "node:path";
import { InputError } from "../input-error.ts";
import { codeOf, reason } from "../system-error.ts";

const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
/** Eight bits, no parity, one stop bit, no flow control, nothing rewritten, no modem lines. */
const SETTINGS = ["raw", "-echo", "cs8", "-parenb", "-cstopb", "clocal", "-hupcl", "-ixon"];
const PORT_NAME = /^(ttyACM|ttyUSB|ttyAMA|rfcomm|cu\.(?!Bluetooth))/;

/** The serial ports that are there, by name. */
export function serialPorts(): string[] {
  try {
    const names = readdirSync("/dev").filter((name) => PORT_NAME.test(name));
    return names.map((name) => join("/dev", name)).sort();
  } catch {
    return [];
  }
}

function present(): string {
  const ports = serialPorts();
  return ports.length === 0 ? "no serial port is there" : `there are: ${ports.join(", ")}`;
}

function refused(path: string, error: unknown): InputError {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENXIO" || code === "ENODEV") {
    return new InputError(`${path}: no such port; ${present()}`);
  }
  const group = process.platform === "linux" ? "; your user has to be in the group dialout" : "";
  const denied = code === "EACCES" || code === "EPERM";
  return new InputError(`${path}: cannot be opened: ${reason(error)}${denied ? group : ""}`);
}

// `stty` sets the terminal that is its standard input: the port itself, no path on a command line.
function configure(handle: number, path: string, baud: number): Promise<void> {
  return new Promise((done, fail) => {
    const stty = spawn("stty", [String(baud), ...SETTINGS], { stdio: [handle, "ignore", "pipe"] });
    let complaint = "";
    stty.stderr?.on("data", (text: Buffer) => (complaint += text.toString()));
    stty.on("error", (error) => {
      fail(new InputError(`${path}: stty, which sets serial ports, is missing: ${reason(error)}`));
    });
    stty.on("close", (status) => {
      if (status === 0) done();
      else {
        const words = complaint.trim().split("\n")[0].slice(0, 200);
        fail(new InputError(`${path}: cannot be set to ${baud} baud: ${words}`));
      }
    });
  });
}

/** Opens a serial port; rejects with an InputError. */
export async function openSerial(path: string, baud: number): Promise<ReadStream> {
  if (process.platform === "win32") {
    throw new InputError(`${path}: serial ports need Linux or macOS; accepted: tcp:HOST:PORT`);
  }
  let handle: number;
  try {
    handle = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  } catch (error) {
    throw refused(path, error);
  }
  try {
    if (!isatty(handle)) throw new InputError(`${path}: is no serial port; ${present()}`);
    await configure(handle, path, baud);
    return new ReadStream(handle);
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}
