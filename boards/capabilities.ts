// What is known of a board before anything is connected to it. Variables, name, Storage and pace of
// the console are those of Espruino's own boards/NAME.py (`variables`, the file's name,
// `saved_code`, `default_console_baudrate`).

/** A feature that a bundle carries or not, by its module in firmware/. */
export type Feature =
  | ("learned" | "evidence" | "panel" | "proof" | "proof-further")
  | ("proof-half" | "proof-rest" | "proof-sine" | "scribe" | "terms")
  | ("potential" | "impedance" | "datalog");

/** A board that Espruino runs on, and what its bundle carries. */
export interface BoardCapabilities {
  /** Our name. */
  readonly name: string;
  /** Espruino's: `process.env.BOARD`. */
  readonly espruino: string;
  /** Variables of its interpreter. */
  readonly variables: number;
  /** So many of them a bundle's functions, constants and literals may take: of three quarters of
   *  all what is left beside what was measured of the rest (bench/espruino.md), or a quarter. */
  readonly globals: number;
  /** Bytes of its Storage area, in which the bundle is a file. */
  readonly storageBytes: number;
  /** Pace of the interpreter's console on its UART; over USB any is as good. */
  readonly consoleBaud: number;
  /** The channel's line to the host, a UART. */
  readonly line: string;
  /** How the console, which a running channel takes away, comes back. */
  readonly wayBack: string;
  /** Shortest and usual distance of frames, ms; shortest of a burst's readings, µs. */
  readonly framePeriodMinMs: number;
  readonly framePeriodMs: number;
  readonly burstPeriodUs: number;
  readonly loadCell: "nau7802" | "hx711";
  /** What the bundle carries beyond the core. */
  readonly features: readonly Feature[];
  /** What the interpreter's own watchdog makes of a time-out of 2 s; null = it cannot be kicked,
   *  and the keep-alive on the heartbeat is all there is. */
  readonly watchdog: string | null;
  /** Bytes of the serial flash that the board has pins for, 0 = none. */
  readonly logBytes: number;
  /** What it cannot do. */
  readonly lacks: readonly string[];
}

/** What Storage puts in front of each file, bytes (JsfFileHeader in Espruino's src/jsflash.h). */
export const FILE_HEADER_BYTES = 32;

/** Stays free beside the bundle: Storage makes no file that fills it to the last byte, and a file
 *  begins at a multiple of 8 at the coarsest (JSF_ALIGNMENT). */
export const RESERVE_BYTES = 512;

const EVERYTHING: readonly Feature[] = (["learned", "evidence", "panel", "proof"] as Feature[])
  .concat("proof-further", "proof-half", "proof-rest", "proof-sine", "scribe", "terms")
  .concat("potential", "impedance", "datalog");
/** A W25Q32. */
const NOR_BYTES = 4 * 1024 * 1024;

// jshEnableWatchDog and jshKickWatchDog in targets/nrf5x, stm32, esp32 and rp2xxx/jshardware.c.
const NRF_WATCHDOG = "2 s; stands still while a debugger halts the processor";
/** It reckons with 40 kHz; the oscillator is 32 kHz, 17 to 47 (STM32F401 data sheet). */
const STM32_WATCHDOG = "nominally 2.5 s, 1.7 to 4.6 s";

const NO_BUS_TIMEOUT =
  "no time-out on its bus: a wire held low stops it until the watchdog strikes";
const SLOW_BUS_FAILURE =
  "a chip that drops out in a run stalls it once, until the stale frame or the watchdog";
const USB_UNHEARD = "its USB cannot be the line: open but not read, it stops the interpreter";

/** All of them. */
export const BOARD_CAPABILITIES: readonly BoardCapabilities[] = [
  {
    name: "mdbt42q",
    espruino: "MDBT42Q",
    variables: 2950,
    globals: 829,
    storageBytes: 10 * 4096,
    consoleBaud: 9600,
    line: "Serial1 (D6 out, D8 in)",
    wayBack: "hold the button on D0 while powering up",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 5000,
    loadCell: "nau7802",
    features: ["panel", "proof", "scribe"],
    watchdog: NRF_WATCHDOG,
    logBytes: 0,
    lacks: [
      "no room for rules that learn, evidence, further proofs and a log",
      "no room for terms, jumps and recording rules, constant voltage, scans and impedance",
      NO_BUS_TIMEOUT,
    ],
  },
  {
    name: "espruino-pico",
    espruino: "PICO_R1_3",
    variables: 5100,
    globals: 1275,
    storageBytes: 3 * 16384,
    consoleBaud: 9600,
    line: "Serial2 (A2 out, A3 in)",
    wayBack: "press its button just after power-on (held before, it calls the boot loader)",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 4000,
    loadCell: "nau7802",
    features: ["learned", "evidence", "panel", "proof", "proof-further", "proof-rest", "scribe"],
    watchdog: STM32_WATCHDOG,
    logBytes: NOR_BYTES,
    lacks: [
      "no room for proofs by half current and sine",
      "no room for terms, jumps and recording rules, constant voltage, scans, impedance and a log",
      SLOW_BUS_FAILURE,
      USB_UNHEARD,
    ],
  },
  {
    name: "espruino-wifi",
    espruino: "ESPRUINOWIFI",
    variables: 8190,
    globals: 2047,
    storageBytes: 65536,
    consoleBaud: 9600,
    line: "Serial1 (B6 out, B7 in)",
    wayBack: "press its button just after power-on (held before, it calls the boot loader)",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 4000,
    loadCell: "nau7802",
    features: EVERYTHING.filter((each) => each !== "impedance"),
    watchdog: STM32_WATCHDOG,
    logBytes: NOR_BYTES,
    lacks: ["no room for impedance", SLOW_BUS_FAILURE, USB_UNHEARD, "its radio is not used"],
  },
  {
    name: "stm32f405",
    espruino: "STM32F405RG",
    variables: 5450,
    globals: 1700,
    storageBytes: 2 * 131072,
    consoleBaud: 9600,
    line: "Serial1 (A9 out, A10 in)",
    wayBack: "hold the button on A0 while powering up",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 4000,
    loadCell: "hx711",
    features: EVERYTHING,
    watchdog: STM32_WATCHDOG,
    logBytes: NOR_BYTES,
    lacks: [SLOW_BUS_FAILURE, "neither button nor light of its own, nor USB in its interpreter"],
  },
  {
    name: "jolt",
    espruino: "JOLTJS",
    variables: 12000,
    globals: 3000,
    storageBytes: 100 * 4096,
    consoleBaud: 9600,
    line: "Serial1 (D1 out, D26 in)",
    wayBack: "hold its button while powering up",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 5000,
    loadCell: "nau7802",
    features: EVERYTHING,
    watchdog: NRF_WATCHDOG,
    logBytes: NOR_BYTES,
    lacks: [NO_BUS_TIMEOUT, USB_UNHEARD],
  },
  {
    name: "esp32",
    espruino: "ESP32",
    variables: 16383,
    globals: 4095,
    storageBytes: 224 * 4096,
    consoleBaud: 115200,
    line: "Serial1 (D1 out, D3 in: its USB)",
    wayBack: "press BOOT just after power-on (held before, it calls the boot loader)",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 4000,
    loadCell: "nau7802",
    features: EVERYTHING,
    watchdog: "2 s, whole seconds; the task watchdog of ESP-IDF, a panic and a restart",
    logBytes: NOR_BYTES,
    lacks: ["code through a cache: a frame's time varies", "its radio is not used"],
  },
  {
    name: "pico2",
    espruino: "RP2350_PICO2",
    variables: 16000,
    globals: 4000,
    storageBytes: 768 * 4096,
    consoleBaud: 115200,
    line: "Serial1 (D0 out, D1 in)",
    wayBack: "hold the button on D22 while powering up",
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: 4000,
    loadCell: "nau7802",
    features: EVERYTHING,
    watchdog: "2 s",
    logBytes: NOR_BYTES,
    lacks: ["no button of its own", USB_UNHEARD],
  },
];

/** What a bundle may weigh on a board, bytes. */
export function bundleBudget(board: BoardCapabilities): number {
  return board.storageBytes - FILE_HEADER_BYTES - RESERVE_BYTES;
}
