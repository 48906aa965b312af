// Jolt.js (nRF52840, 64 MHz, 256 kB RAM) with the default channel and every detector. I2C is on
// Q2; its motor outputs float in reset and then drive both ways, so the relay is on the pin
// header. Held at boot, its button leaves the interpreter's console in charge.
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi } from "../hal/espruino/platform.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { runBoard } from "./default-board.ts";
import { EVERY_FEATURE } from "./every-feature.ts";

declare const I2C1: EspruinoI2c;
declare const Serial1: EspruinoSerial;
declare const BTN: EspruinoPin; // button (D0)
declare const LED1: EspruinoPin; // light (D6, turned by the interpreter)
declare const D47: EspruinoPin; // output relay
declare const D46: EspruinoPin; // heartbeat
declare const D45: EspruinoPin; // SCL (Q2)
declare const D44: EspruinoPin; // SDA (Q2)
declare const D1: EspruinoPin; // serial out
declare const D26: EspruinoPin; // serial in
declare const SPI1: EspruinoSpi;
declare const D38: EspruinoPin; // NOR: clock
declare const D39: EspruinoPin; // NOR: data in
declare const D42: EspruinoPin; // NOR: data out
declare const D37: EspruinoPin; // NOR: select

runBoard({
  name: "jolt",
  burstPeriodUs: 5000,
  button: BTN,
  buttonMode: null,
  light: LED1,
  relay: D47,
  heartbeat: D46,
  bus: I2C1,
  scl: D45,
  sda: D44,
  probe: null,
  serial: Serial1,
  tx: D1,
  rx: D26,
  loadCell: createNau7802,
  features: EVERY_FEATURE,
  spi: SPI1,
  sck: D38,
  miso: D39,
  mosi: D42,
  select: D37,
});
