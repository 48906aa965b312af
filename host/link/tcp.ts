// A board behind a TCP port: a serial server, socat, or a simulated board.
import { connect } from "node:net";
import type { Socket } from "node:net";

const CONNECT_MS = 5000;
/** A peer that vanishes is noticed by probes after so long without a word, ms. */
const KEEP_ALIVE_MS = 10_000;

/** Connects; rejects with the system's error, or one that says nobody answered. */
export function openTcp(host: string, port: number): Promise<Socket> {
  return new Promise((done, fail) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    const timer = setTimeout(() => {
      socket.destroy();
      fail(new Error(`nobody answers within ${CONNECT_MS / 1000} s`));
    }, CONNECT_MS);
    socket.once("error", (error) => {
      clearTimeout(timer);
      fail(error);
    });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.setKeepAlive(true, KEEP_ALIVE_MS);
      done(socket);
    });
  });
}
