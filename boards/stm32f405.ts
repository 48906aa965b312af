// A board with an STM32F405RGT6 (168 MHz, 192 kB RAM) with the default channel and every
// detector, and an HX711 at the load cell: no radio of its own interrupts its clock. It has
// neither button nor light of its own: both are wired.
import { acknowledges } from "../hal/espruino/i2c-probe.ts";
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi } from "../hal/espruino/platform.ts";
import { createTwoWire } from "../hal/espruino/two-wire.ts";
import { createHx711 } from "../hal/loadcell/hx711.ts";
import { runBoard } from "./default-board.ts";
import { EVERY_FEATURE } from "./every-feature.ts";

declare const I2C1: EspruinoI2c;
declare const Serial1: EspruinoSerial;
declare const SPI: new () => EspruinoSpi;
declare const A0: EspruinoPin; // button to 3.3 V
declare const B12: EspruinoPin; // light, high = on
declare const B13: EspruinoPin; // output relay
declare const B14: EspruinoPin; // heartbeat
declare const B6: EspruinoPin; // SCL
declare const B7: EspruinoPin; // SDA
declare const A9: EspruinoPin; // serial out
declare const A10: EspruinoPin; // serial in
declare const A1: EspruinoPin; // HX711: clock
declare const A8: EspruinoPin; // HX711: data
declare const SPI1: EspruinoSpi;
declare const A5: EspruinoPin; // NOR: clock
declare const A6: EspruinoPin; // NOR: data in
declare const A7: EspruinoPin; // NOR: data out
declare const A4: EspruinoPin; // NOR: select

runBoard({
  name: "stm32f405",
  burstPeriodUs: 4000,
  button: A0,
  buttonMode: "input_pulldown",
  light: B12,
  relay: B13,
  heartbeat: B14,
  bus: I2C1,
  scl: B6,
  sda: B7,
  probe: acknowledges,
  serial: Serial1,
  tx: A9,
  rx: A10,
  loadCell: () => createHx711(createTwoWire(new SPI(), A1, A8)),
  features: EVERY_FEATURE,
  spi: SPI1,
  sck: A5,
  miso: A6,
  mosi: A7,
  select: A4,
});
