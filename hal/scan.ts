// The acquisition sequencer: the timer asks for a frame, the frame drives everything else. Frames
// come on time even when a chip is silent.
import { createBurst } from "./burst.ts";
import { createFrame, createReadings } from "./frame.ts";
import type { Part, Scan, Settings, Task } from "./port.ts";
import type { ScanParts, Sequencer, Walk } from "./slots.ts";
import { deliver, overdue, poll, polled, readBack, resume, startFrame, taken } from "./walk.ts";

const WIDEST = Infinity;

function createSettings(): Settings {
  return {
    voltageGain: 0,
    currentGain: 0,
    guardMin: -WIDEST,
    guardMax: WIDEST,
    guardShort: 0,
    guardCurrent: WIDEST,
    periodMs: 0,
  };
}

function createWalk(): Walk {
  return {
    slot: 0,
    awaiting: 0,
    due: 0,
    walking: false,
    slotAt: 0,
    frameAt: 0,
    beganAt: 0,
    waitMs: 0,
    gain: 0,
    deadline: 0,
    slowAt: -1e9,
    forceAt: -1,
    temperatureAt: -1,
    filling: 0,
    sequence: 0,
    frames: [createFrame(), createFrame()],
    readings: createReadings(),
    wanted: createSettings(),
  };
}

function copySettings(from: Settings, to: Settings): void {
  to.voltageGain = from.voltageGain;
  to.currentGain = from.currentGain;
  to.guardMin = from.guardMin;
  to.guardMax = from.guardMax;
  to.guardShort = from.guardShort;
  to.guardCurrent = from.guardCurrent;
  to.periodMs = from.periodMs;
}

function createSequencer(parts: ScanParts): Sequencer {
  const state = createWalk();
  const scan = { parts, state } as Sequencer;
  const start = (): void => startFrame(scan);
  scan.burst = createBurst(parts.clock, parts.voltage, parts.relay, state.wanted, start);
  scan.onStart = () => scan.burst.run();
  scan.onBegin = () => resume(scan);
  scan.onWait = () => poll(scan);
  scan.onDeadline = () => overdue(scan);
  scan.onDeliver = () => deliver(scan);
  scan.onPolled = (ready) => polled(scan, ready);
  scan.onRead = (counts, gain, ok) => taken(scan, counts, gain, ok);
  scan.onValue = (value, ok) => readBack(scan, value, ok);
  return scan;
}

/** A scan of these parts; touches no hardware until it is started. */
export function createScan(parts: ScanParts): Scan & Part {
  const scan = createSequencer(parts);
  const state = scan.state;
  const tasks: Task[] = [scan.onStart, scan.onBegin, scan.onWait, scan.onDeadline];
  tasks.push(scan.onDeliver, scan.onPolled, scan.onRead, scan.onValue);
  for (let i = 0; i < scan.burst.tasks.length; i++) tasks.push(scan.burst.tasks[i]);
  return {
    state: { walk: state, burst: scan.burst.state },
    tasks,
    samples: scan.burst.state.samples,
    start: (onFrame) => {
      scan.onFrame = onFrame;
      parts.clock.after(0, scan.onStart);
    },
    request: (settings) => {
      copySettings(settings, state.wanted);
      const delay = state.frameAt + settings.periodMs - parts.clock.now();
      parts.clock.after(Math.max(0, delay), scan.onStart);
    },
    burst: scan.burst.ask,
  };
}
