// MDBT42Q (nRF52832, 64 kB RAM) with the default channel. Held at boot, button D0 leaves the
// interpreter's console in charge and the channel off: the way back for maintenance.
import { start } from "../firmware/main.ts";
import { attend } from "../firmware/panel.ts";
import { INTERRUPT } from "../firmware/proof.ts";
import { SCRIBE } from "../firmware/scribe.ts";
import { AIN0_AIN3, AIN1_AIN3, AIN2_AIN3, createAds1115 } from "../hal/adc/ads1115.ts";
import { createAd5693r } from "../hal/dac/ad5693r.ts";
import { STORAGE, bundleCrc } from "../hal/espruino/bundle.ts";
import { createClock } from "../hal/espruino/clock.ts";
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
declare const Serial1: EspruinoSerial;
declare const D0: EspruinoPin; // button
declare const LED1: EspruinoPin; // light (D1)
declare const D6: EspruinoPin; // serial out
declare const D8: EspruinoPin; // serial in
declare const D14: EspruinoPin; // SDA
declare const D15: EspruinoPin; // SCL
declare const D16: EspruinoPin; // output relay
declare const D17: EspruinoPin; // heartbeat

const capabilities = {
  name: "mdbt42q",
  framePeriodMinMs: 50,
  framePeriodMs: 200,
  burstPeriodUs: 5000,
  rangesA: RANGES_A,
  complianceV: COMPLIANCE_V,
};

// Made here, not in a function: all that they hand out would hold its scope, a twentieth of what
// the smallest board has. None of it touches hardware but the relay, which goes to rest.
const relay = createRelay(D16);
const clock = createClock();
const i2c = createI2c(I2C1, D15, D14, null);
const adc = createAds1115(i2c, 0x48);
const dac = createAd5693r(i2c, 0x4c);
const range = createMcp23008(i2c, 0x20);
const scan = createScan({
  clock,
  readers: [adc, adc, dac, range, createNau7802(i2c), adc],
  inputs: [AIN0_AIN3, AIN1_AIN3, 0, 0, 0, AIN2_AIN3],
  relay,
  samples: new Int16Array(40),
  mainsHz: 50,
});
const memory = createFram(i2c, 0x50, MEMORY_AREAS, E.CRC32);
const watchdog = createWatchdog(E, D17);
const line = createLine(Serial1);

if (!D0.read()) {
  Serial1.setup(115200, { tx: D6, rx: D8 });
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
      panel: createPanel(LED1, D0),
      circuit: CIRCUIT,
      capabilities,
      bundle: bundleCrc(E, require(STORAGE)),
    },
    ENVELOPE,
    // No room for rules that learn, further methods of proof and evidence: bench/espruino.md.
    { rules: null, prover: INTERRUPT, witness: null, panel: attend, scribe: SCRIBE },
  );
}
