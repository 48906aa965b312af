// The emulated Uno in real time on a pseudo-terminal: what a command line in a process of its own
// finds where an Arduino is plugged in. Where the emulation cannot keep up, its time falls behind;
// none is left out.
import { HEARTBEAT_PIN, RELAY_PIN } from "../../../boards/firmata-channel.ts";
import { observe } from "../../../sim/advance.ts";
import type { World } from "../../../sim/world.ts";
import { createWorld } from "../../../sim/world.ts";
import { cellOf } from "../../boards/rig.ts";
import type { Cable } from "../../hal/firmata/cable.ts";
import { createLab } from "../../hal/firmata/lab.ts";
import type { Sketch } from "../../hal/firmata/sketch.ts";
import { BOOTLOADER_MS } from "../../hal/firmata/uno.ts";
import type { Pty } from "./pty.ts";

/** Longest stretch in one go, ms of its time. */
const STRETCH_MS = 4;
const PAUSE_MS = 1;

export interface LiveBoard {
  readonly world: World;
  /** Plugs `pty` in, in place of a cable before, and resets the Uno, as DTR does. */
  plug(pty: Pty): void;
  /** Current through the cell now, A. */
  current(): number;
  relayPin(): boolean | null;
  /** Something holds SCL low from now on. */
  holdBus(): void;
  /** The most that its time has been behind, ms, but for the first second after a reset, which is
   *  a boot loader that nobody talks to. */
  lag(): number;
  end(): void;
}

/** A board that is powered now, with an h-Na cell in its press. */
export function createLiveBoard(sketch: Sketch): LiveBoard {
  const world = createWorld({ cell: cellOf("hNa"), seed: 1, completion: "deferred" });
  const pins = { relayPin: RELAY_PIN, heartbeatPin: HEARTBEAT_PIN };
  const lab = createLab({ world, code: sketch.code, ...pins });
  const zeroMs = performance.now();
  let cable: Cable | null = null;
  let lagMs = 0;
  let quietMs = BOOTLOADER_MS;
  let ended = false;
  const go = (): void => {
    if (ended) return;
    const nowMs = performance.now() - zeroMs;
    if (lab.now() > quietMs) lagMs = Math.max(lagMs, nowMs - lab.now());
    lab.run(Math.min(nowMs, lab.now() + STRETCH_MS));
    if (lab.now() < nowMs - PAUSE_MS) setImmediate(go);
    else setTimeout(go, PAUSE_MS);
  };
  go();
  return {
    world,
    plug: (pty) => {
      cable?.pull(false);
      const plugged = lab.plug();
      quietMs = lab.now() + BOOTLOADER_MS;
      cable = plugged;
      plugged.transport.on("data", (bytes: Buffer) => pty.write(bytes));
      pty.onData((bytes) => void plugged.transport.write(bytes));
    },
    current: () => {
      observe(world);
      return world.cell.currentA;
    },
    relayPin: () => lab.uno.pin(RELAY_PIN),
    holdBus: () => {
      lab.uno.wires.stuck = true;
    },
    lag: () => lagMs,
    end: () => {
      ended = true;
    },
  };
}
