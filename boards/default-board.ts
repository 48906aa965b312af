// A board of Espruino's that carries the default channel, from its pins: what boards with memory to
// spare share. On the two small ones the parts are made outside of any function (boards/mdbt42q.ts,
// espruino-pico.ts): what is made in one holds its scope, 170 variables and 260 bytes in all.
import type { Features } from "../firmware/features.ts";
import { createDatalog } from "../firmware/datalog.ts";
import { start } from "../firmware/main.ts";
import { STORAGE, bundleCrc } from "../hal/espruino/bundle.ts";
import { createClock } from "../hal/espruino/clock.ts";
import type { Probe } from "../hal/espruino/i2c-probe.ts";
import { createI2c } from "../hal/espruino/i2c.ts";
import { createLine } from "../hal/espruino/line.ts";
import { createPanel } from "../hal/espruino/panel.ts";
import { createRelay, createWatchdog } from "../hal/espruino/pins.ts";
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi, EspruinoStorage, EspruinoSystem } from "../hal/espruino/platform.ts";
import { createSpi } from "../hal/espruino/spi.ts";
import { createNor } from "../hal/memory/nor.ts";
import type { Converter, I2c, Part } from "../hal/port.ts";
import { CIRCUIT, COMPLIANCE_V, ENVELOPE, RANGES_A } from "./default-channel.ts";
import { fitDrivers } from "./default-drivers.ts";

declare const E: EspruinoSystem;
declare const require: (module: string) => EspruinoStorage;

declare const btoa: (bytes: Uint8Array) => string;

const BURST_US = 200000;
/** Any W25Q32 takes it, on any wires within a box. */
const NOR_BAUD = 8000000;

/** Pins, ports and features of a board. */
export interface DefaultBoard {
  /** As in boards/capabilities.ts. */
  readonly name: string;
  /** Shortest distance of a burst's readings, µs. One starts a conversion, waits 1.2 ms, polls and
   *  reads: three I2C transfers of 0.1 to 0.2 ms at 400 kHz and some 130 000 instructions of the
   *  interpreter, about 2 ms at 84 MHz. */
  readonly burstPeriodUs: number;
  /** High = pressed; its mode, null = the interpreter has set it. */
  readonly button: EspruinoPin;
  readonly buttonMode: "input" | "input_pullup" | "input_pulldown" | null;
  readonly light: EspruinoPin;
  readonly relay: EspruinoPin;
  readonly heartbeat: EspruinoPin;
  readonly bus: EspruinoI2c;
  readonly scl: EspruinoPin;
  readonly sda: EspruinoPin;
  /** `acknowledges` on STM32, null elsewhere; see hal/espruino/i2c-probe.ts. */
  readonly probe: Probe | null;
  /** The line to the host, a UART. */
  readonly serial: EspruinoSerial;
  readonly tx: EspruinoPin;
  readonly rx: EspruinoPin;
  /** Makes the load cell's driver. */
  readonly loadCell: (i2c: I2c) => Converter & Part;
  readonly features: Features;
  /** Where the log's flash may be fitted. */
  readonly spi: EspruinoSpi;
  readonly sck: EspruinoPin;
  readonly miso: EspruinoPin;
  readonly mosi: EspruinoPin;
  readonly select: EspruinoPin;
}

/** Puts the relay to rest; then, unless the button is held, takes the console away and starts the
 *  channel. */
export function runBoard(board: DefaultBoard): void {
  const relay = createRelay(board.relay);
  if (board.buttonMode !== null) board.button.mode(board.buttonMode);
  if (board.button.read()) return;
  board.serial.setup(115200, { tx: board.tx, rx: board.rx });
  E.setConsole(null, { force: true });
  const clock = createClock();
  const i2c = createI2c(board.bus, board.scl, board.sda, board.probe);
  const readings = Math.floor(BURST_US / board.burstPeriodUs);
  const drivers = fitDrivers(i2c, clock, relay, board.loadCell(i2c), readings, E.CRC32);
  const capabilities = {
    name: board.name,
    framePeriodMinMs: 50,
    framePeriodMs: 200,
    burstPeriodUs: board.burstPeriodUs,
    rangesA: RANGES_A,
    complianceV: COMPLIANCE_V,
  };
  const parts = {
    clock,
    scan: drivers.scan,
    dac: drivers.dac,
    range: drivers.range,
    relay,
    memory: drivers.memory,
    line: createLine(board.serial),
    watchdog: createWatchdog(E, board.heartbeat),
    panel: createPanel(board.light, board.button),
    circuit: CIRCUIT,
    capabilities,
    bundle: bundleCrc(E, require(STORAGE)),
  };
  board.spi.setup({ sck: board.sck, miso: board.miso, mosi: board.mosi, baud: NOR_BAUD });
  const log = createDatalog(parts, createNor(createSpi(board.spi, board.select)), btoa);
  log.follow(start(log.board, ENVELOPE, board.features));
}
