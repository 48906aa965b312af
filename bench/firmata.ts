// Frames a second through StandardFirmata's machine code on an emulated Uno at 57600 baud, in
// virtual time, against the limit that follows from the bytes of these very frames. All is counted:
// read-backs, slow sensors, heartbeat. Without the Uno's compiler there is nothing to measure.
import { SEQUENCE } from "../firmware/sample.ts";
import { specimen } from "../tests/boards/specimen.ts";
import type { Converter } from "../tests/hal/firmata/cable.ts";
import { CONVERTERS } from "../tests/hal/firmata/cable.ts";
import type { Rig } from "../tests/hal/firmata/rig.ts";
import { createRig } from "../tests/hal/firmata/rig.ts";
import type { Sketch } from "../tests/hal/firmata/sketch.ts";
import { buildSketch } from "../tests/hal/firmata/sketch.ts";

/** Held to over the bare wire, and with the converter of an Uno. */
const FRAMES_MIN = 40;
const SHARE_MIN = 0.9;
const WARM_UP_MS = 3000;
/** Until the cell carries its current. */
const LIVE_MS = 9000;
const MEASURED_MS = 10_000;

const BYTE_MS = (10 * 1000) / 57_600;
/** What may be on its way to the board at once: its receive ring less one. */
const WINDOW_BYTES = 63;
/** A frame's last question: start, address, two bytes and stop at 100 kHz, and a reply of eleven
 *  bytes; no frame ends before that has followed its last byte down. */
const LAST_MS = 0.29 + 11 * BYTE_MS;

interface Measured {
  frames: number;
  down: number;
  up: number;
}

function measure(rig: Rig): Measured {
  const { lab, cable, channel } = rig;
  lab.run(lab.now() + WARM_UP_MS);
  channel.send("start");
  lab.run(lab.now() + LIVE_MS);
  const { sample, capabilities, loop } = channel.shell.channel;
  if (loop.setpoint === 0) throw new Error("no current is set");
  // As fast as it goes: the next frame begins when the last one has been judged.
  Object.assign(capabilities, { framePeriodMinMs: 1, framePeriodMs: 1 });
  lab.run(lab.now() + 1000);
  const [frames, down, up] = [sample[SEQUENCE], cable.sent, cable.received];
  lab.run(lab.now() + MEASURED_MS);
  const why = channel.link.lost();
  if (why !== null || channel.link.failures() > 0) throw new Error(why ?? "questions failed");
  const count = sample[SEQUENCE] - frames;
  return {
    frames: (count * 1000) / MEASURED_MS,
    down: (cable.sent - down) / count,
    up: (cable.received - up) / count,
  };
}

/** Frames a second at most. Over a converter that waits, each window of bytes waits as well. */
function limitOf({ down, up }: Measured, converter: Converter): number {
  const wireMs = Math.max(down, up) * BYTE_MS + LAST_MS;
  const turns = Math.ceil(down / WINDOW_BYTES);
  const waitsMs = Math.max(converter.latencyMs * turns, wireMs);
  return 1000 / (waitsMs + converter.downMs + converter.pollMs);
}

async function report(name: string, converter: Converter, sketch: Sketch, held: boolean) {
  const bareNa = specimen({ start: 0.3, step: 0.1, charge: 0.2, thickness: 0.162 }, 1);
  const rig = await createRig({ sketch, specimen: bareNa, converter });
  const measured = measure(rig);
  const limit = limitOf(measured, converter);
  const share = measured.frames / limit;
  const { frames, down, up } = measured;
  const ok = share >= SHARE_MIN && frames >= FRAMES_MIN;
  const floor = held ? ` (at least ${SHARE_MIN} and ${FRAMES_MIN}/s): ${ok ? "ok" : "BELOW"}` : "";
  console.log(
    `${name}: ${down.toFixed(0)} bytes down and ${up.toFixed(0)} up a frame, ` +
      `limit ${limit.toFixed(1)}/s, measured ${frames.toFixed(1)}/s, ` +
      `ratio ${share.toFixed(2)}${floor}`,
  );
  if (held && !ok) process.exitCode = 1;
}

const sketch = buildSketch();
if (typeof sketch === "string") console.log(`LEFT OUT: ${sketch}`);
else {
  console.log(`StandardFirmata, sha256 ${sketch.sha256}`);
  await report("57600 baud", CONVERTERS.none, sketch, true);
  await report("through an ATmega16U2 (1 ms each way)", CONVERTERS.uno, sketch, true);
  await report("through a converter with a 1 ms latency timer", CONVERTERS.latency1, sketch, false);
  await report(
    "through a converter with a 16 ms latency timer",
    CONVERTERS.latency16,
    sketch,
    false,
  );
}
