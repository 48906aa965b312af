// Espruino Pico (STM32F401CDU6, 84 MHz, 96 kB RAM) with the default channel and every detector.
// Pressed just after power-on, its button leaves the interpreter's console in charge and the
// channel off: the way back for maintenance. (Held while power comes, it calls the boot loader.)
import { WITNESS } from "../firmware/evidence.ts";
import { LEARNED } from "../firmware/learned.ts";
import { start } from "../firmware/main.ts";
import { attend } from "../firmware/panel.ts";
import { extend } from "../firmware/proof-further.ts";
import { REST } from "../firmware/proof-rest.ts";
import { INTERRUPT } from "../firmware/proof.ts";
import { SCRIBE } from "../firmware/scribe.ts";
import { AIN0_AIN3, AIN1_AIN3, AIN2_AIN3, createAds1115 } from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { STORAGE, bundleCrc } from "../hal/espruino/bundle.ts";
import { createClock } from "../hal/espruino/clock.ts";
import { acknowledges } from "../hal/espruino/i2c-probe.ts";
import { createI2c } from "../hal/espruino/i2c.ts";
import { createLine } from "../hal/espruino/line.ts";
import { createPanel } from "../hal/espruino/panel.ts";
import { createRelay, createWatchdog } from "../hal/espruino/pins.ts";
import type { EspruinoI2c, EspruinoPin, EspruinoSerial } from "../hal/espruino/platform.ts";
import type { EspruinoStorage, EspruinoSystem } from "../hal/espruino/platform.ts";
import { createMcp23008 } from "../hal/gpio/mcp23008.ts";
import { createNau7802 } from "../hal/loadcell/nau7802.ts";
import { createFram } from "../hal/memory/fram.ts";
import { createScan } from "../hal/scan.ts";
import { CIRCUIT, COMPLIANCE_V, ENVELOPE, MEMORY_AREAS, RANGES_A } from "./default-channel.ts";

declare const E: EspruinoSystem;
declare const require: (module: string) => EspruinoStorage;
declare const I2C1: EspruinoI2c;
declare const Serial2: EspruinoSerial;
declare const BTN: EspruinoPin; // button (C13)
declare const LED1: EspruinoPin; // light (B2)
declare const A2: EspruinoPin; // serial out
declare const A3: EspruinoPin; // serial in
declare const B6: EspruinoPin; // SCL
declare const B7: EspruinoPin; // SDA
declare const B13: EspruinoPin; // output relay
declare const B14: EspruinoPin; // heartbeat

// A reading of a burst starts a conversion, waits 1.2 ms, polls and reads: three I2C transfers of
// 0.1 to 0.2 ms at 400 kHz and some 130 000 instructions of the interpreter, about 2 ms at 84 MHz.
const capabilities = {
  name: "espruino-pico",
  framePeriodMinMs: 50,
  framePeriodMs: 200,
  burstPeriodUs: 4000,
  rangesA: RANGES_A,
  complianceV: COMPLIANCE_V,
};

// Made here, not in a function: what they hand out would hold its scope, 170 variables and 260
// bytes of a flash that is nearly full. None of it touches hardware but the relay, which goes to
// rest.
const relay = createRelay(B13);
const clock = createClock();
const i2c = createI2c(I2C1, B6, B7, acknowledges);
const adc = createAds1115(i2c, 0x48);
const dac = createAd5693r(i2c, 0x4c);
const range = createMcp23008(i2c, 0x20);
const scan = createScan({
  clock,
  readers: [adc, adc, dac, range, createNau7802(i2c), adc],
  inputs: [AIN0_AIN3, AIN1_AIN3, 0, 0, 0, AIN2_AIN3],
  relay,
  samples: new Int16Array(50),
  mainsHz: 50,
});
const memory = createFram(i2c, 0x50, MEMORY_AREAS, E.CRC32);
const watchdog = createWatchdog(E, B14);
const line = createLine(Serial2);

if (!BTN.read()) {
  Serial2.setup(115200, { tx: A2, rx: A3 });
  E.setConsole(null, { force: true });
  start(
    {
      clock,
      scan,
      dac,
      range,
      relay,
      memory,
      line,
      watchdog,
      panel: createPanel(LED1, BTN),
      circuit: CIRCUIT,
      capabilities,
      bundle: bundleCrc(E, require(STORAGE)),
    },
    ENVELOPE,
    // No room for half current and sine, which decide little where bursts are slow.
    {
      rules: LEARNED,
      prover: extend(INTERRUPT, [REST]),
      witness: WITNESS,
      panel: attend,
      scribe: SCRIBE,
    },
  );
}
