// The device boards, as their harness has to know them: names of pins and ports as in
// docs/boards.md, memory, and how to make the simulated board into one of the kind.
import type { BoardCapabilities, Feature } from "../../boards/capabilities.ts";
import { BOARD_CAPABILITIES } from "../../boards/capabilities.ts";
import { EVERY_FEATURE } from "../../boards/every-feature.ts";
import type { SimulatedOptions } from "../../boards/simulated.ts";
import type { Features } from "../../firmware/features.ts";
import { extend } from "../../firmware/proof-further.ts";
import { REST } from "../../firmware/proof-rest.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import { SCRIBE } from "../../firmware/scribe.ts";
import type { ChipChoice } from "../../sim/fitted.ts";

/** A device board. */
export interface DeviceBoard {
  readonly name: string;
  readonly pins: Pins;
  /** The port to the host. */
  readonly serial: string;
  /** What the board itself makes of its button; "" = the interpreter has done it. */
  readonly buttonMode: string;
  /** The interpreter's variables. */
  readonly variables: number;
  readonly chips: ChipChoice;
  /** What the simulated board has to be told to carry and do the same. */
  readonly simulated: Pick<SimulatedOptions, "features" | "capabilities" | "chips">;
}

/** Pins by role; the last two of a load cell that is clocked by hand, "" = there is none. */
export interface Pins {
  readonly button: string;
  readonly light: string;
  readonly relay: string;
  readonly heartbeat: string;
  readonly scl: string;
  readonly sda: string;
  readonly tx: string;
  readonly rx: string;
  readonly hx711Clock: string;
  readonly hx711Data: string;
  /** Of the log's flash: clock, data in and out, select; "" = there is none. */
  readonly norClock: string;
  readonly norIn: string;
  readonly norOut: string;
  readonly norSelect: string;
}

/** Of the smallest board: physical rules, proof by interruption and bound, the journal. */
const FEW_FEATURES: Features = { rules: null, prover: INTERRUPT, witness: null, scribe: SCRIBE };

/** Where only proofs by interruption, bound and rest have room beside all rules. */
const MOST_FEATURES: Features = {
  ...EVERY_FEATURE,
  prover: extend(INTERRUPT, [REST]),
  panel: undefined,
};

const WIRED: Record<string, { pins: string; serial: string; buttonMode?: string }> = {
  mdbt42q: { pins: "D0 LED1 D16 D17 D15 D14 D6 D8", serial: "Serial1" },
  "espruino-pico": { pins: "BTN LED1 B13 B14 B6 B7 A2 A3", serial: "Serial2" },
  "espruino-wifi": { pins: "BTN LED1 B13 B14 B8 B9 B6 B7, A5 A6 A7 A4", serial: "Serial1" },
  stm32f405: {
    pins: "A0 B12 B13 B14 B6 B7 A9 A10 A1 A8, A5 A6 A7 A4",
    serial: "Serial1",
    buttonMode: "input_pulldown",
  },
  jolt: { pins: "BTN LED1 D47 D46 D45 D44 D1 D26, D38 D39 D42 D37", serial: "Serial1" },
  esp32: {
    pins: "BTN LED1 D32 D33 D22 D21 D1 D3, D18 D19 D23 D5",
    serial: "Serial1",
    buttonMode: "input_pullup",
  },
  pico2: {
    pins: "D22 LED1 D14 D15 D5 D4 D0 D1, D18 D16 D19 D17",
    serial: "Serial1",
    buttonMode: "input",
  },
};

function pinsFrom(names: string): Pins {
  const [own, nor = ""] = names.split(", ");
  const [button, light, relay, heartbeat, scl, sda, tx, rx, hx711Clock = "", hx711Data = ""] =
    own.split(" ");
  const [norClock = "", norIn = "", norOut = "", norSelect = ""] = nor.split(" ");
  return {
    ...{ button, light, relay, heartbeat, scl, sda, tx, rx, hx711Clock, hx711Data },
    ...{ norClock, norIn, norOut, norSelect },
  };
}

function deviceBoard(board: BoardCapabilities): DeviceBoard {
  const { name, variables, framePeriodMinMs, burstPeriodUs, loadCell } = board;
  const carries = (feature: Feature): boolean => board.features.includes(feature);
  const chips = { loadCell, log: carries("datalog") ? ("w25q32" as const) : null };
  const some = carries("evidence") ? MOST_FEATURES : FEW_FEATURES;
  const most = { ...EVERY_FEATURE, panel: undefined };
  const all = carries("impedance") ? most : { ...most, impedance: undefined };
  const features = carries("proof-sine") ? { features: all } : { features: some };
  const { pins, serial, buttonMode = "" } = WIRED[name];
  return {
    ...{ name, variables, chips, serial, buttonMode },
    pins: pinsFrom(pins),
    simulated: { ...features, chips, capabilities: { framePeriodMinMs, burstPeriodUs } },
  };
}

/** All of them. */
export const DEVICE_BOARDS: readonly DeviceBoard[] = BOARD_CAPABILITIES.map(deviceBoard);

/** One of them. */
export function boardNamed(name: string): DeviceBoard {
  const found = DEVICE_BOARDS.find((board) => board.name === name);
  if (found === undefined) throw new Error(`${name}: not in boards/capabilities.ts`);
  return found;
}

/** nRF52832: the fewest features. */
export const MDBT42Q = boardNamed("mdbt42q");

/** STM32F401: all features but proofs that shape the current. */
export const ESPRUINO_PICO = boardNamed("espruino-pico");

/** Boards that stand for all others where a test takes minutes. */
export const SPECIMENS: readonly DeviceBoard[] = [MDBT42Q, ESPRUINO_PICO];

/** Names of a board's pins. */
export function pinsOf(board: DeviceBoard): string[] {
  return (Object.values(board.pins) as string[]).filter((name) => name !== "");
}
