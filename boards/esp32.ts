// ESP32 (240 MHz, 520 kB RAM), a DevKitC or like it, with the default channel and every detector.
// The line is the UART behind its own USB bridge. D32 and D33 are left alone at start, where
// other pins are pulled up. Pressed just after power-on, its BOOT button leaves the interpreter's
// console in charge (held while power comes, it calls the boot loader).
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi } from "../hal/espruino/platform.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { runBoard } from "./default-board.ts";
import { EVERY_FEATURE } from "./every-feature.ts";

declare const I2C1: EspruinoI2c;
declare const Serial1: EspruinoSerial;
declare const BTN: EspruinoPin; // BOOT (D0, turned by the interpreter: pressed = high)
declare const LED1: EspruinoPin; // light (D2)
declare const D32: EspruinoPin; // output relay
declare const D33: EspruinoPin; // heartbeat
declare const D22: EspruinoPin; // SCL
declare const D21: EspruinoPin; // SDA
declare const D1: EspruinoPin; // serial out
declare const D3: EspruinoPin; // serial in
declare const SPI1: EspruinoSpi;
declare const D18: EspruinoPin; // NOR: clock
declare const D19: EspruinoPin; // NOR: data in
declare const D23: EspruinoPin; // NOR: data out
declare const D5: EspruinoPin; // NOR: select

runBoard({
  name: "esp32",
  burstPeriodUs: 4000,
  button: BTN,
  buttonMode: "input_pullup",
  light: LED1,
  relay: D32,
  heartbeat: D33,
  bus: I2C1,
  scl: D22,
  sda: D21,
  probe: null,
  serial: Serial1,
  tx: D1,
  rx: D3,
  loadCell: createNau7802,
  features: EVERY_FEATURE,
  spi: SPI1,
  sck: D18,
  miso: D19,
  mosi: D23,
  select: D5,
});
