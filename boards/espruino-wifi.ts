// Espruino WiFi (STM32F411CEU6, 100 MHz, 128 kB RAM) with the default channel and every detector;
// for impedance its flash has no room.
// Its radio is an ESP8266 on A2, A3 and A13 to A15 and is not used. Pressed just after power-on,
// its button leaves the interpreter's console in charge (held while power comes, it calls the
// boot loader).
import { WITNESS } from "../firmware/evidence.ts";
import { LEARNED } from "../firmware/learned.ts";
import { attend } from "../firmware/panel.ts";
import { POTENTIAL } from "../firmware/potential.ts";
import { extend } from "../firmware/proof-further.ts";
import { HALF_CURRENT } from "../firmware/proof-half.ts";
import { REST } from "../firmware/proof-rest.ts";
import { SINE } from "../firmware/proof-sine.ts";
import { INTERRUPT } from "../firmware/proof.ts";
import { SCRIBE } from "../firmware/scribe.ts";
import { TERMS } from "../firmware/terms.ts";
import { acknowledges } from "../hal/espruino/i2c-probe.ts";
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoSpi } from "../hal/espruino/platform.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { runBoard } from "./default-board.ts";

declare const I2C1: EspruinoI2c;
declare const Serial1: EspruinoSerial;
declare const BTN: EspruinoPin; // button (C13)
declare const LED1: EspruinoPin; // light (B2)
declare const B13: EspruinoPin; // output relay
declare const B14: EspruinoPin; // heartbeat
declare const B8: EspruinoPin; // SCL
declare const B9: EspruinoPin; // SDA
declare const B6: EspruinoPin; // serial out
declare const B7: EspruinoPin; // serial in
declare const SPI1: EspruinoSpi;
declare const A5: EspruinoPin; // NOR: clock
declare const A6: EspruinoPin; // NOR: data in
declare const A7: EspruinoPin; // NOR: data out
declare const A4: EspruinoPin; // NOR: select

runBoard({
  name: "espruino-wifi",
  burstPeriodUs: 4000,
  button: BTN,
  buttonMode: null,
  light: LED1,
  relay: B13,
  heartbeat: B14,
  bus: I2C1,
  scl: B8,
  sda: B9,
  probe: acknowledges,
  serial: Serial1,
  tx: B6,
  rx: B7,
  loadCell: createNau7802,
  features: {
    rules: LEARNED,
    prover: extend(INTERRUPT, [HALF_CURRENT, SINE, REST]),
    witness: WITNESS,
    panel: attend,
    potential: POTENTIAL,
    scribe: SCRIBE,
    terms: TERMS,
  },
  spi: SPI1,
  sck: A5,
  miso: A6,
  mosi: A7,
  select: A4,
});
