// An Uno with StandardFirmata in it, wired to a simulated channel: its two wires to the chips, a
// pin to the output relay, another to the keep-alive's charge pump. It makes the time: the world
// follows whenever the chip does something to it.
import { PinState } from "avr8js";
import type { World } from "../../../sim/world.ts";
import type { Pump, PumpParts } from "./pump.ts";
import { createPump, PUMP } from "./pump.ts";
import type { Pace, Silicon } from "./silicon.ts";
import { createSilicon, CYCLES_PER_MS } from "./silicon.ts";
import type { TwoWire } from "./two-wire.ts";
import { createTwoWire } from "./two-wire.ts";

/** From a reset by button or DTR to the sketch's first instruction, ms: Optiboot waits a second for
 *  an upload. At power-on it starts the sketch at once. */
export const BOOTLOADER_MS = 1000;

const PINS_OF_PORT_D = 8;

export interface UnoOptions {
  world: World;
  /** Program memory. */
  code: Uint8Array;
  /** Digital pins. */
  relayPin: number;
  heartbeatPin: number;
  pump?: PumpParts;
  /** See silicon.ts. */
  pace?: Pace;
}

export interface Uno {
  /** ms since power-on. */
  now(): number;
  /** Lets the time reach `timeMs`, or where `stopBy` has put the end meanwhile. */
  run(timeMs: number): void;
  stopBy(timeMs: number): void;
  /** The processor is reset now: all pins float until the sketch sets them again. */
  reset(heldMs: number): void;
  /** A byte's stop bit has arrived on the receive pin. */
  receive(byte: number): void;
  /** Called when a byte begins to be sent, with the time of its stop bit. */
  onSend: (byte: number, timeMs: number) => void;
  readonly wires: TwoWire;
  /** Level of a digital pin; null = it floats. */
  pin(number: number): boolean | null;
  /** Edges of the heartbeat pin. */
  readonly beats: number;
  /** The processor now; null while it is held in reset. */
  readonly silicon: Silicon | null;
}

interface State {
  silicon: Silicon | null;
  /** When the chip's cycles began to count; while in reset, now. */
  zeroMs: number;
  /** End of the reset. */
  releaseMs: number;
  beats: number;
  beat: boolean;
}

function level(silicon: Silicon | null, pin: number): boolean | null {
  if (silicon === null) return null;
  const { d, b } = silicon.ports;
  const state = pin < PINS_OF_PORT_D ? d.pinState(pin) : b.pinState(pin - PINS_OF_PORT_D);
  return state === PinState.High ? true : state === PinState.Low ? false : null;
}

/** What hangs on the pins: floating ones are pulled down. */
function lookAtPins(state: State, options: UnoOptions, pump: Pump): void {
  const beat = level(state.silicon, options.heartbeatPin) === true;
  pump.command(level(state.silicon, options.relayPin) === true);
  if (beat === state.beat) return;
  state.beat = beat;
  state.beats++;
  pump.level(beat);
}

/** An Uno at power-on. */
export function createUno(options: UnoOptions): Uno {
  const state: State = { silicon: null, zeroMs: 0, releaseMs: 0, beats: 0, beat: false };
  const now = (): number => state.zeroMs + (state.silicon?.cpu.cycles ?? 0) / CYCLES_PER_MS;
  const wires = createTwoWire(options.world, now);
  const pump = createPump(options.world, now, options.pump ?? PUMP);
  const cyclesAt = (timeMs: number): number => Math.ceil((timeMs - state.zeroMs) * CYCLES_PER_MS);
  const start = (): void => {
    const silicon = createSilicon(options.code, options.pace);
    state.silicon = silicon;
    wires.connect(silicon);
    const look = (): void => lookAtPins(state, options, pump);
    silicon.ports.d.addListener(look);
    silicon.ports.b.addListener(look);
    silicon.serial.onSend = (byte, cycles) => uno.onSend(byte, now() + cycles / CYCLES_PER_MS);
  };
  const uno: Uno = {
    now,
    wires,
    onSend: () => undefined,
    run: (timeMs) => {
      if (state.silicon === null) {
        state.zeroMs = Math.max(state.zeroMs, Math.min(timeMs, state.releaseMs));
        if (state.zeroMs < state.releaseMs) return;
        start();
      }
      state.silicon?.run(cyclesAt(timeMs));
    },
    stopBy: (timeMs) => state.silicon?.stopBy(cyclesAt(timeMs)),
    reset: (heldMs) => {
      state.zeroMs = now();
      state.silicon = null;
      state.releaseMs = state.zeroMs + heldMs;
      lookAtPins(state, options, pump);
    },
    receive: (byte) => state.silicon?.serial.receive(byte),
    pin: (number) => level(state.silicon, number),
    get beats() {
      return state.beats;
    },
    get silicon() {
      return state.silicon;
    },
  };
  return uno;
}
