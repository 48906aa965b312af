// A serial port, on Linux, macOS and Windows. The package that carries the bytes is native and
// loaded only here, so that all else works where it does not.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { SerialPort } from "serialport";
import { InputError } from "../input-error.ts";
import { reason } from "../system-error.ts";

const PORT_NAME = /^(ttyACM|ttyUSB|ttyAMA|rfcomm|cu\.(?!Bluetooth)|tty\.usb)/;

/** What a port says of what is plugged into it. */
export interface PortFacts {
  path: string;
  /** USB numbers, four hexadecimal digits, lower case; "" = it is no USB device. */
  vendor: string;
  product: string;
  serialNumber: string;
}

/** The package's own list is typed by a package of which it does not bring the types. */
interface Listed {
  path: string;
  vendorId?: string;
  productId?: string;
  serialNumber?: string;
}

async function loadPackage() {
  try {
    return await import("serialport");
  } catch (error) {
    throw new Error(`serial ports cannot be used on this system: ${reason(error)}`, {
      cause: error,
    });
  }
}

function portsByName(): PortFacts[] {
  try {
    const names = readdirSync("/dev").filter((name) => PORT_NAME.test(name));
    const unknown = { vendor: "", product: "", serialNumber: "" };
    return names.map((name) => ({ path: join("/dev", name), ...unknown }));
  } catch {
    return [];
  }
}

/** The serial ports that are there and may lead to a board, by name. */
export async function listPorts(): Promise<PortFacts[]> {
  const { SerialPort } = await loadPackage();
  // On Linux the list is that of udev, which a container may lack.
  const listed = (await SerialPort.list().catch(() => [])) as Listed[];
  const found = listed.map((each): PortFacts => ({
    path: each.path,
    vendor: (each.vendorId ?? "").toLowerCase(),
    product: (each.productId ?? "").toLowerCase(),
    serialNumber: each.serialNumber ?? "",
  }));
  const likely = found.filter(({ path, vendor }) => {
    return vendor !== "" || process.platform === "win32" || PORT_NAME.test(path.slice(5));
  });
  const known = new Set(likely.map(({ path }) => path));
  const all = [...likely, ...portsByName().filter(({ path }) => !known.has(path))];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The serial ports by name. */
export async function serialPorts(): Promise<string[]> {
  return (await listPorts()).map(({ path }) => path);
}

/** What there is to choose from, in words. */
export async function presentPorts(): Promise<string> {
  const ports = await serialPorts();
  return ports.length === 0 ? "no serial port is there" : `there are: ${ports.join(", ")}`;
}

/** Why a port cannot be had; the package says it in the system's words alone. */
async function refused(path: string, baud: number, error: Error): Promise<InputError> {
  const words = error.message.replace(/^(Error:? ?)+/, "");
  if (/no such file|no such device|file not found|unknown error code \(2\)/i.test(words)) {
    return new InputError(`${path}: no such port; ${await presentPorts()}`);
  }
  if (/permission denied|not permitted/i.test(words)) {
    const group = process.platform === "linux" ? "; your user has to be in the group dialout" : "";
    return new InputError(`${path}: cannot be opened: permission denied${group}`);
  }
  if (/access denied|cannot lock|busy|temporarily unavailable/i.test(words)) {
    return new InputError(`${path}: another program has this port open`);
  }
  if (/inappropriate ioctl|is a directory|not a typewriter/i.test(words)) {
    return new InputError(`${path}: is no serial port; ${await presentPorts()}`);
  }
  return new InputError(`${path}: cannot be opened at ${baud} baud: ${words}`);
}

/** What the system may take to send what was said last, ms. */
const LAST_MS = 100;

/** Ends with the stream, after what was said last has left. To ask the system whether it has could
 *  take for ever where nobody takes it. */
function bindEnd(port: SerialPort): void {
  port._final = (done) => void setTimeout(done, LAST_MS);
  port._destroy = (error, done) => {
    if (port.isOpen) port.close(() => done(error));
    else done(error);
  };
}

/** Opens a serial port for this program alone: eight bits, no parity, one stop bit, no flow
 *  control. Rejects with an InputError. */
export async function openSerial(path: string, baud: number): Promise<Duplex> {
  const { SerialPort } = await loadPackage();
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, hupcl: false, lock: true });
  bindEnd(port);
  const error = await new Promise<Error | null>((done) => port.open(done));
  if (error !== null) throw await refused(path, baud, error);
  return port;
}
