// The device boards, as their harness has to know them: names of pins and ports as in
// docs/wiring.md, memory, and how to make the simulated board into one of the kind.
import { BOARD_CAPABILITIES } from "../../boards/capabilities.ts";
import type { SimulatedOptions } from "../../boards/simulated.ts";
import type { Features } from "../../firmware/features.ts";
import { LEARNED } from "../../firmware/learned.ts";
import { INTERRUPT } from "../../firmware/proof.ts";

/** A device board. */
export interface DeviceBoard {
  readonly name: string;
  /** Pins by role; `serial` is the port to the host. */
  readonly button: string;
  readonly relay: string;
  readonly heartbeat: string;
  readonly led: string;
  readonly scl: string;
  readonly sda: string;
  readonly serial: string;
  readonly tx: string;
  readonly rx: string;
  /** The interpreter's variables, 13 bytes each. */
  readonly variables: number;
  /** What the simulated board has to be told to carry and do the same. */
  readonly simulated: Pick<SimulatedOptions, "features" | "capabilities">;
}

const CORE_FEATURES: Features = { rules: LEARNED, prover: INTERRUPT, witness: null, scribe: null };

function variablesOf(name: string): number {
  const board = BOARD_CAPABILITIES.find((each) => each.name === name);
  if (board === undefined) throw new Error(`${name}: not in boards/capabilities.ts`);
  return board.variables;
}

/** nRF52832: all rules, proof by interruption and bound, no evidence. */
export const MDBT42Q: DeviceBoard = {
  name: "mdbt42q",
  ...{ button: "D0", relay: "D16", heartbeat: "D17", led: "LED1" },
  ...{ scl: "D15", sda: "D14", serial: "Serial1", tx: "D6", rx: "D8" },
  variables: variablesOf("mdbt42q"),
  simulated: {
    features: CORE_FEATURES,
    capabilities: { framePeriodMinMs: 50, burstPeriodUs: 5000 },
  },
};

/** STM32F401: all features, as the simulated board has them unless told otherwise. */
export const ESPRUINO_PICO: DeviceBoard = {
  name: "espruino-pico",
  ...{ button: "BTN", relay: "B13", heartbeat: "B14", led: "LED1" },
  ...{ scl: "B6", sda: "B7", serial: "Serial2", tx: "A2", rx: "A3" },
  variables: variablesOf("espruino-pico"),
  simulated: { capabilities: { framePeriodMinMs: 50, burstPeriodUs: 4000 } },
};

/** All of them. */
export const DEVICE_BOARDS: readonly DeviceBoard[] = [MDBT42Q, ESPRUINO_PICO];

/** Names of a board's pins. */
export function pinsOf(board: DeviceBoard): string[] {
  const { button, relay, heartbeat, led, scl, sda, tx, rx } = board;
  return [button, relay, heartbeat, led, scl, sda, tx, rx];
}
