// The sample log alone, for counting what a record costs: it is told samples of a noisy cell, one a
// frame, and its flash is a chip that is ready at once.
import { CIRCUIT } from "../../boards/default-channel.ts";
import { createConfig } from "../../firmware/config.ts";
import { createDatalog } from "../../firmware/datalog.ts";
import { AMPS, RELAY, VOLTS, createSample } from "../../firmware/sample.ts";
import { FRAME_VALUES } from "../../firmware/telemetry.ts";
import { createNor } from "../../hal/memory/nor.ts";
import type { Board, RawFrame } from "../../hal/port.ts";

/** Frames, and whether each tells a record. */
declare const farFrames: number;
declare const farTells: boolean;
declare const E: { CRC32(bytes: Uint8Array): number };
declare function print(text: string): void;

const ENABLED = 2;
const IDENTITY = [0xef, 0x40, 0x16];
const held = { page: new Uint8Array(260), at: 0, status: 0, programs: 0 };

/** What a W25Q32 answers that has done everything at once: a page that was just written is read
 *  back, all else is blank. */
function transfer(bytes: ArrayLike<number>, into: Uint8Array): void {
  const instruction = bytes[0];
  const offset = bytes[1] * 65536 + bytes[2] * 256 + bytes[3];
  if (instruction === 0x9f) into.set(IDENTITY);
  else if (instruction === 0x05) into[0] = held.status;
  else if (instruction === 0x06) held.status = ENABLED;
  else if (instruction === 0x02) {
    held.page.set(bytes);
    held.at = offset;
    held.status = 0;
    held.programs++;
  } else if (instruction === 0x20) held.status = 0;
  else if (instruction === 0x03) {
    const isThere = offset === held.at && held.programs > 0;
    if (isThere) into.set(held.page.subarray(4, 4 + into.length));
    else into.fill(255);
  }
}

const message = new Float64Array(FRAME_VALUES);
const sample = createSample();
let onFrame: (raw: RawFrame) => void = () => {};
const board = {
  line: { open: () => {}, write: () => true },
  scan: {
    start: (callback: (raw: RawFrame) => void) => {
      onFrame = callback;
    },
  },
  memory: { crc32: E.CRC32 },
  clock: { now: () => 0 },
};
const nor = createNor({ transfer });
const datalog = createDatalog(board as unknown as Board, nor, () => "");
const run = { schedule: { phase: 3 }, totals: { startedAt: 0 } };
datalog.follow({
  channel: { circuit: CIRCUIT, config: createConfig(32768), sample, run },
  state: { speech: { message } },
});
const told = datalog.board;
const raw = { range: 0, currentGain: 0, voltageGain: 0 } as RawFrame;
told.scan.start(() => {
  if (farTells) told.line.write('["d",');
});
told.line.write('["e",1,0,3,77]');
for (let i = 0; i < farFrames; i++) {
  const noise = ((i * 7919) % 13) - 6;
  sample[RELAY] = 1;
  sample[VOLTS] = (1000 + noise) * CIRCUIT.voltsPerCount[0];
  sample[AMPS] = ((16000 - noise) * CIRCUIT.senseVoltsPerCount[0]) / CIRCUIT.senseOhms[0];
  message[1] = 1000 * i + 0.5;
  message[5] = 5880000 + 1000 * (i % 3);
  message[6] = 25000;
  message[8] = 1;
  message[11] = 1000 * i + 0.5;
  onFrame(raw);
}
print(`@${datalog.state.number} ${datalog.state.page.records} ${held.programs}@`);
