// What is known of a board before anything is connected to it. Variables, name and Storage are
// those of Espruino's own boards/NAME.py (`variables`, the file's name, `saved_code`).

/** A feature that a bundle carries or not, by its module in firmware/. */
export type Feature =
  | ("learned" | "evidence" | "proof" | "proof-further")
  | ("proof-half" | "proof-rest" | "proof-sine");

/** What we make for a board. */
export interface BundleFacts {
  /** What it carries beyond the core. */
  readonly features: readonly Feature[];
  /** How the console, which a running channel takes away, comes back. */
  readonly wayBack: string;
}

/** A board that Espruino runs on. */
export interface BoardCapabilities {
  /** Our name. */
  readonly name: string;
  /** Espruino's: `process.env.BOARD`. */
  readonly espruino: string;
  /** Variables of its interpreter. */
  readonly variables: number;
  /** Bytes of its Storage area, in which the bundle is a file. */
  readonly storageBytes: number;
  /** null = there is no bundle for it yet. */
  readonly bundle: BundleFacts | null;
}

/** What Storage puts in front of each file, bytes (JsfFileHeader in Espruino's src/jsflash.h). */
export const FILE_HEADER_BYTES = 32;

/** Stays free beside the bundle: Storage makes no file that fills it to the last byte, and a file
 *  begins at a multiple of 8 at the coarsest (JSF_ALIGNMENT). */
export const RESERVE_BYTES = 512;

/** All of them. */
export const BOARD_CAPABILITIES: readonly BoardCapabilities[] = [
  {
    name: "mdbt42q",
    espruino: "MDBT42Q",
    variables: 2950,
    storageBytes: 10 * 4096,
    bundle: {
      features: ["learned", "proof"],
      wayBack: "hold the button on D0 while powering up",
    },
  },
  {
    name: "espruino-pico",
    espruino: "PICO_R1_3",
    variables: 5100,
    storageBytes: 3 * 16384,
    bundle: {
      features: [
        "learned",
        "evidence",
        "proof",
        "proof-further",
        "proof-half",
        "proof-rest",
        "proof-sine",
      ],
      wayBack: "press its button just after power-on (held before, it calls the boot loader)",
    },
  },
  {
    name: "espruino-wifi",
    espruino: "ESPRUINOWIFI",
    variables: 8190,
    storageBytes: 65536,
    bundle: null,
  },
  {
    name: "stm32f405",
    espruino: "STM32F405RG",
    variables: 5450,
    storageBytes: 2 * 131072,
    bundle: null,
  },
  {
    name: "jolt",
    espruino: "JOLTJS",
    variables: 12000,
    storageBytes: 100 * 4096,
    bundle: null,
  },
  {
    name: "esp32",
    espruino: "ESP32",
    variables: 16383,
    storageBytes: 224 * 4096,
    bundle: null,
  },
  {
    name: "pico2",
    espruino: "RP2350_PICO2",
    variables: 16000,
    storageBytes: 768 * 4096,
    bundle: null,
  },
];

/** What a bundle may weigh on a board, bytes. */
export function bundleBudget(board: BoardCapabilities): number {
  return board.storageBytes - FILE_HEADER_BYTES - RESERVE_BYTES;
}
