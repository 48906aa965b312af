// A channel on an Arduino with StandardFirmata: `firmata:PATH`. The channel itself runs in this
// program; to the rest of it, it looks like a board on a line.
import { existsSync } from "node:fs";
import type { Duplex } from "node:stream";
import type { BrokenRun, FirmataBoard } from "../../boards/firmata-channel.ts";
import type { FirmataChannel } from "../../boards/firmata-channel.ts";
import { brokenRun, capabilitiesOf, createClock } from "../../boards/firmata-channel.ts";
import { startFirmata, UNGUARDED_S } from "../../boards/firmata-channel.ts";
import { FIRMATA_NANO } from "../../boards/firmata-nano.ts";
import { FIRMATA_UNO } from "../../boards/firmata-uno.ts";
import { BAUD } from "../../boards/firmata-channel.ts";
import type { Capabilities } from "../../hal/port.ts";
import { InputError } from "../input-error.ts";
import { duration } from "../quantity.ts";
import { factsOf, memoryFile, openLog, openMemory, withFile } from "./firmata-files.ts";
import { openIo } from "./firmata-io.ts";
import type { PortFacts } from "./serial.ts";
import { openSerial, presentPorts } from "./serial.ts";
import type { Wire } from "./wire.ts";

/** USB numbers of converters that keep what comes from the board for up to 16 ms: CH340, FT232. */
const SLOW_CONVERTERS = ["1a86", "0403"];
/** What the sensors may take until each has been read once, ms. */
const WARM_UP_MS = 10_000;
const LOOK_MS = 100;
/** What the way to rest may take at the end, ms. */
const CLOSING_MS = 1500;

/** Why a run has ended that nothing guards. */
const OVERSTAYED =
  `a run without a keep-alive may take ${duration(UNGUARDED_S)}, with its rests and holds: ` +
  "it was stopped";

/** How a channel that lives in this program is opened. */
export interface HostedOptions {
  /** The hardware keep-alive is fitted. */
  keepAlive: boolean;
  /** It is opened for a run; else the relay stays at rest. */
  forRun: boolean;
}

/** A run that was broken off on a board, and what that board can do. */
export interface LeftBehind extends BrokenRun {
  readonly board: Capabilities;
}

/** The board behind a port. */
export function boardOf(facts: PortFacts): FirmataBoard {
  return SLOW_CONVERTERS.includes(facts.vendor) ? FIRMATA_NANO : FIRMATA_UNO;
}

/** The run that was broken off at `path`, null = none; touches no port. Rejects with an InputError
 *  when the channel's memory cannot be read. */
export async function leftBehind(
  target: string,
  path: string,
  keepAlive: boolean,
): Promise<LeftBehind | null> {
  const facts = await factsOf(path);
  if (!withFile(target, "memory", () => existsSync(memoryFile(facts)))) return null;
  const memory = openMemory(facts, target);
  const board = boardOf(facts);
  const broken = brokenRun(memory, board);
  memory.close();
  return broken === null ? null : { ...broken, board: capabilitiesOf(board, keepAlive) };
}

async function warmUp(channel: FirmataChannel): Promise<void> {
  const until = performance.now() + WARM_UP_MS;
  while (!channel.measured() && channel.link.lost() === null && performance.now() < until) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** Puts the board to rest, then closes port and file, whatever comes of it. */
function closeChannel(channel: FirmataChannel, stream: Duplex, target: string, end: () => void) {
  const known = channel.link.lost();
  let over = false;
  const finish = (rested: boolean): void => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    stream.end(() => stream.destroy());
    end();
    if (rested || known !== null) return;
    process.stderr.write(`cyclet: ${target}: the board did not confirm that it is at rest\n`);
    process.exitCode = 3;
  };
  const timer = setTimeout(() => finish(false), CLOSING_MS);
  channel.close(finish);
}

function wireOf(
  channel: FirmataChannel,
  stream: Duplex,
  target: string,
  end: () => void,
): Omit<Wire, "hosted"> {
  let closed = false;
  return {
    send: channel.send,
    onLine: channel.onLine,
    // The channel does not end when its board does: it says so itself.
    ended: () => (closed ? "closed" : null),
    onEnd: () => undefined,
    abandon: () => undefined,
    close: () => {
      if (!closed) closeChannel(channel, stream, target, end);
      closed = true;
    },
  };
}

/** Opens the port at `path` and starts the channel. Rejects with an InputError for what the user
 *  can mend, with an Error of one line when the board fails. */
export async function openFirmata(
  target: string,
  path: string,
  options: HostedOptions,
): Promise<Wire> {
  const facts = await factsOf(path);
  const board = boardOf(facts);
  const stream = await openSerial(path, BAUD);
  const io = await openIo(stream, target);
  const memory = openMemory(facts, target);
  const log = openLog(facts, target);
  const { keepAlive, forRun } = options;
  const capabilities = capabilitiesOf(board, keepAlive);
  const clock = createClock();
  const channel = startFirmata(io, board, { keepAlive, memory, log, clock, atRest: !forRun });
  await warmUp(channel);
  const trouble = (): string | null => {
    const over = channel.overstayed() ? OVERSTAYED : null;
    const why = channel.link.lost() ?? over;
    return why === null ? null : `${target}: ${why}`;
  };
  const hosted = { board: capabilities, trouble };
  const wire = wireOf(channel, stream, target, () => {
    clock.stop();
    memory.close();
    log.close();
  });
  const why = trouble();
  if (why === null) return { ...wire, hosted };
  wire.close();
  throw new Error(why);
}

/** The path of `firmata:PATH`. Rejects with an InputError, which names the ports there are. */
export async function firmataPath(target: string): Promise<string> {
  const path = target.slice("firmata:".length);
  if (path !== "" && !path.includes("\0")) return path;
  throw new InputError(
    `--on ${JSON.stringify(target)}: accepted: firmata:PATH; ${await presentPorts()}`,
  );
}
