// A board without hardware, for counting what a frame costs beside its acquisition: it hands over
// sound frames of a live cell, as far apart as a board's, and takes what it is told.
import { CIRCUIT, COMPLIANCE_V, MEMORY_AREAS, RANGES_A } from "../../boards/default-channel.ts";
import type { Features } from "../../firmware/features.ts";
import { start } from "../../firmware/main.ts";
import type { RawFrame, Settings } from "../../hal/port.ts";

/** What the test says before the script: frames, and the bytes of configuration and program. */
declare const farFrames: number;
declare const farConfig: number[];
declare const farProgram: number[];
declare const E: { CRC32(bytes: Uint8Array): number };
declare function print(text: string): void;

const PERIOD_MS = 200;
const CODE_MID = 32768;
/** Areal resistance of a healthy cell over its area, Ω, and the force on it. */
const CELL_OHMS = 60;
const FORCE_N = 5884;

const held = {
  relay: false,
  code: CODE_MID,
  range: 0,
  now: 0,
  periodMs: PERIOD_MS,
  voltageGain: 0,
  currentGain: 0,
  said: "",
  count: 0,
};
const frame: RawFrame = {
  status: 0,
  timeVoltage: 0,
  code: CODE_MID,
  range: 0,
  voltage: 0,
  current: 0,
  voltageGain: 0,
  currentGain: 0,
  force: FORCE_N / CIRCUIT.newtonsPerCount,
  forceAge: 100,
  temperature: -20000, // 25 °C: the thermistor equals its series resistor
  temperatureAge: 100,
  sequence: 0,
  timeCurrent: 0,
};

/** The next frame, as the chips would give it; a little noise, or it would seem frozen. */
function take(): void {
  const senseV = (held.code - CODE_MID) / CIRCUIT.codesPerSenseVolt;
  const noise = (frame.sequence * 7) % 5;
  held.now += held.periodMs;
  frame.sequence++;
  frame.timeVoltage = held.now - 30;
  frame.timeCurrent = held.now - 28;
  frame.currentGain = held.currentGain;
  frame.current = senseV / CIRCUIT.senseVoltsPerCount[held.currentGain];
  const dummyShown = held.range >= RANGES_A.length;
  const ohms = dummyShown ? CIRCUIT.dummyOhms : held.relay ? CELL_OHMS : 0;
  const volts = (senseV / CIRCUIT.senseOhms[held.range % RANGES_A.length]) * ohms;
  frame.voltageGain = held.voltageGain;
  frame.voltage = volts / CIRCUIT.voltsPerCount[held.voltageGain] + noise;
  frame.code = held.code;
  frame.range = held.range;
}

/** A journal is read back as it was just written, and at boot is none. */
function readMemory(offset: number, into: Uint8Array): boolean {
  if (offset >= MEMORY_AREAS.journal) return true;
  const from = offset < MEMORY_AREAS.protocol ? farConfig : farProgram;
  const base = offset < MEMORY_AREAS.protocol ? 0 : MEMORY_AREAS.protocol;
  for (let i = 0; i < into.length; i++) into[i] = from[offset - base + i];
  return true;
}

let onFrame: (raw: RawFrame) => void = () => {};
let onLine: (text: string) => void = () => {};

/** Runs `farFrames` frames with these features; where there are none it only makes them, and does
 *  what stands for the board's own part in each. */
export function run(features: Features | null): void {
  const nothing = (): void => {};
  const yes = (): boolean => true;
  const request = (settings: Settings): void => {
    held.periodMs = settings.periodMs;
    held.voltageGain = settings.voltageGain;
    held.currentGain = settings.currentGain;
  };
  const panel = (): boolean => false;
  if (features === null) {
    const same = { periodMs: PERIOD_MS, voltageGain: 0, currentGain: 0 } as Settings;
    onFrame = () => {
      panel();
      nothing();
      request(same);
    };
  }
  if (features !== null) {
    const dac = {
      codeMax: 65535,
      codeMid: CODE_MID,
      reset: yes,
      read: nothing,
      write: (code: number) => (held.code = code) >= 0,
    };
    const range = {
      reset: yes,
      read: nothing,
      write: (index: number) => (held.range = index) >= 0,
    };
    const scan = {
      start: (callback: (raw: RawFrame) => void) => {
        onFrame = callback;
      },
      request,
      burst: nothing,
      samples: new Float32Array(1),
    };
    const line = {
      open: (callback: (text: string) => void) => {
        onLine = callback;
      },
      write: (text: string) => {
        held.said = text;
        held.count++;
        return true;
      },
    };
    const board = {
      clock: { now: () => held.now, wall: () => 0, after: () => 0, cancel: nothing },
      relay: { write: (toCell: boolean) => void (held.relay = toCell) },
      memory: { areas: MEMORY_AREAS, crc32: E.CRC32, read: readMemory, program: yes },
      watchdog: { start: nothing, kick: nothing },
      circuit: CIRCUIT,
      capabilities: {
        name: "ticker",
        framePeriodMinMs: 50,
        framePeriodMs: PERIOD_MS,
        burstPeriodUs: 5000,
        rangesA: RANGES_A,
        complianceV: COMPLIANCE_V,
      },
      dac,
      range,
      scan,
      line,
      panel,
    };
    start(
      board,
      {
        currentMaxA: 0.0125,
        voltageMaxV: COMPLIANCE_V,
        temperatureMinC: 0,
        temperatureMaxC: 60,
        forceMaxN: 9000,
      },
      features,
    );
  }
  for (let i = 0; i < farFrames; i++) {
    take();
    onFrame(frame);
    if (i === 5) onLine("start");
  }
  print(`@${held.relay ? 1 : 0} ${held.code - CODE_MID} ${held.count} ${held.said}@`);
}
