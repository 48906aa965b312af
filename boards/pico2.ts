// Raspberry Pi Pico 2 (RP2350, 150 MHz, 520 kB RAM) with the default channel and every detector.
// Button and relay have pull-downs of 4.7 kΩ outside: its own do not hold a pin low (data sheet
// of the RP2350, erratum E9). Held at boot, the button leaves the interpreter's console in
// charge.
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi } from "../hal/espruino/platform.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { runBoard } from "./default-board.ts";
import { EVERY_FEATURE } from "./every-feature.ts";

declare const I2C1: EspruinoI2c;
declare const Serial1: EspruinoSerial;
declare const D22: EspruinoPin; // button to 3.3 V, 4.7 kΩ to ground
declare const LED1: EspruinoPin; // light (D25)
declare const D14: EspruinoPin; // output relay
declare const D15: EspruinoPin; // heartbeat
declare const D5: EspruinoPin; // SCL
declare const D4: EspruinoPin; // SDA
declare const D0: EspruinoPin; // serial out
declare const D1: EspruinoPin; // serial in
declare const SPI1: EspruinoSpi;
declare const D18: EspruinoPin; // NOR: clock
declare const D16: EspruinoPin; // NOR: data in
declare const D19: EspruinoPin; // NOR: data out
declare const D17: EspruinoPin; // NOR: select

runBoard({
  name: "pico2",
  burstPeriodUs: 4000,
  button: D22,
  buttonMode: "input",
  light: LED1,
  relay: D14,
  heartbeat: D15,
  bus: I2C1,
  scl: D5,
  sda: D4,
  probe: null,
  serial: Serial1,
  tx: D0,
  rx: D1,
  loadCell: createNau7802,
  features: EVERY_FEATURE,
  spi: SPI1,
  sck: D18,
  miso: D16,
  mosi: D19,
  select: D17,
});
