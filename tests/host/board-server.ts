// A simulated board behind a TCP port, its virtual time driven by the wall clock.
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import type { SimulatedChannel } from "../../boards/simulated.ts";
import { createSimulated, MEMORY_AREAS } from "../../boards/simulated.ts";
import { targetCell } from "../../host/target.ts";
import type { ChipChoice } from "../../sim/fitted.ts";

const TICK_MS = 5;

export interface BoardServer {
  /** For `--on`. */
  readonly target: string;
  readonly channel: SimulatedChannel;
  /** What the host has said, line by line. */
  readonly heard: string[];
  /** Virtual seconds a real second; 0 = the board stands still. */
  speed: number;
  /** What becomes of a line on its way to the board; null = it is lost. */
  toBoard: (line: string) => string | null;
  /** The same on its way to the host. */
  toHost: (line: string) => string | null;
  /** Breaks all connections; with `deaf`, new ones too. */
  cut(): void;
  deaf: boolean;
  close(): Promise<void>;
}

/** What a fresh board's memory holds. */
export function blankMemory(): Uint8Array {
  return new Uint8Array(MEMORY_AREAS.end);
}

/** Serves a board with `memory` and an h-Na cell on a free port. */
export async function serveBoard(
  memory = blankMemory(),
  speed = 200,
  chips: ChipChoice = {},
): Promise<BoardServer> {
  const channel = createSimulated({ cell: targetCell("sim:hNa"), seed: 1, memory, chips });
  const sockets = new Set<Socket>();
  const take = (line: string): void => {
    board.heard.push(line);
    const heard = board.toBoard(line);
    if (heard !== null) channel.send(heard);
  };
  const server = createServer((socket) => {
    if (board.deaf) return void socket.destroy();
    sockets.add(socket);
    let text = "";
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (bytes) => {
      const lines = (text + bytes.toString("latin1")).split("\n");
      text = lines.pop() ?? "";
      lines.filter((line) => line !== "").forEach(take);
    });
  });
  channel.onLine((line) => {
    const said = board.toHost(line);
    if (said !== null) for (const socket of sockets) socket.write(`${said}\n`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const timer = setInterval(() => {
    if (board.speed > 0) channel.runUntil(channel.now() + TICK_MS * board.speed);
  }, TICK_MS);
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  const board: BoardServer = {
    target: `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ channel, heard: [], speed, deaf: false, cut },
    toBoard: (line) => line,
    toHost: (line) => line,
    close: () => {
      clearInterval(timer);
      cut();
      return new Promise((done) => server.close(() => done()));
    },
  };
  return board;
}
