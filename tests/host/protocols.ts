// Protocols with every kind of step and of cut-off, which tests read, compile and print.
import type { ProtocolStep } from "../../host/protocol/form.ts";

/** Methods by what they show. */
export const EXAMPLES: Readonly<Record<string, readonly ProtocolStep[]>> = {
  "a rest until it is warm": [
    { step: "rest", timeS: 3600, until: { temperatureAboveC: 40, delayS: 30 } },
  ],
  "currents in every unit": [
    { step: "current", currentMa: 0.5, until: { timeS: 60 } },
    { step: "current", currentDensityMaCm2: -0.5, until: { arealChargeMahCm2: 0.1 } },
    { step: "current", rateC: 0.2, until: { voltageAboveV: 3, chargeMah: 1 } },
  ],
  "a hold": [
    {
      ...{ step: "voltage", voltageV: 2.5, currentMaxMa: 1 },
      until: { currentBelowMa: 0.01, timeS: 7200 },
    },
    { step: "voltage", voltageV: 2, rateMaxC: 1, until: { rateBelowC: 0.05 } },
    {
      ...{ step: "voltage", voltageV: 2.4, currentDensityMaxMaCm2: 1 },
      until: { currentDensityBelowMaCm2: 0.02 },
    },
    { step: "voltage", voltageV: 2.4, until: { timeS: 60 } },
  ],
  "CC-CV, and back": [
    { step: "cccv", rateC: 0.5, voltageV: 2.8, until: { rateBelowC: 0.05, timeS: 10_800 } },
    { step: "cccv", currentMa: -0.1, voltageV: 1, until: { currentBelowMa: 0.01 } },
    { step: "loop", to: 1, count: 3 },
  ],
  scans: [
    { step: "scan", fromV: 0, toV: 0.1, rateMvPerS: 1, currentMaxMa: 1 },
    { step: "scan", fromV: 0.1, toV: -0.1, rateMvPerS: 1, until: { currentAboveMa: 0.5 } },
  ],
  pulses: [{ step: "pulse", currentDensityMaCm2: 0.5, timeS: 10, restS: 60, count: 20 }],
  "an impedance": [
    { step: "impedance", amplitudeMa: 0.05, fromHz: 1, toHz: 0.01, pointsPerDecade: 5 },
    {
      ...{ step: "impedance", amplitudeDensityMaCm2: 0.1 },
      ...{ fromHz: 0.1, toHz: 0.1, pointsPerDecade: 1 },
    },
  ],
  "any of all": [
    {
      ...{ step: "current", currentMa: 0.5, record: { timeS: 10, voltageV: 0.005 } },
      until: {
        timeS: 3600,
        any: [
          { all: [{ voltageAboveV: 1 }, { timeS: 60 }], delayS: 5 },
          { short: "soft", goto: "end" },
          { forceBelowN: 3000, goto: "stop", delayS: 2 },
        ],
      },
    },
  ],
  "all of any": [
    {
      ...{ step: "current", currentMa: -0.5 },
      until: { runTimeS: 1e5, all: [{ voltageBelowV: -1, forceAboveN: 7000 }, { timeS: 60 }] },
    },
  ],
  "a search for the end of life": [
    { id: "charge", step: "current", currentMa: 0.5, until: { chargeMah: 0.5, voltageAboveV: 2 } },
    { step: "current", currentMa: -0.5, until: { chargeMah: 0.5, voltageBelowV: -2 } },
    { step: "if", when: { efficiencyBelow: 0.8, capacityBelowMah: 0.1 }, goto: "ageing" },
    { step: "loop", to: "charge", count: 1000 },
    { step: "if", when: { short: "hard" }, goto: "stop", else: "end" },
    { id: "ageing", step: "rest", timeS: 600 },
  ],
  "limits of a step": [
    {
      ...{ step: "ccd", startMaCm2: 0.1, stepMaCm2: 0.1, maxMaCm2: 1, halfCycleS: 600 },
      limits: { temperatureMaxC: 50, forceMinN: 2000, delayS: 5 },
      record: { timeS: 5, voltageV: 0.01, combine: "all" },
    },
  ],
};
