// Two detectors to compare with: the fixed drop that cyclers offer, and the textbook's CUSUM. Both
// are told set-points, so that a reversal is no surprise to them, and nothing else.
import type { RecordedFrame } from "../../boards/replay.ts";
import type { Alarm, Examiner, Finding } from "./examiners.ts";

const ALARMS_MAX = 100;
/** Both learn afresh after a reversal for so long, s. */
const LEARN_S = 60;

function createFinding(): Finding {
  return { alarms: [], uncounted: 0, verdict: "" };
}

function say(finding: Finding, timeS: number, rule: string): void {
  const alarm: Alarm = { timeS, call: "soft", rule };
  if (finding.alarms.length >= ALARMS_MAX) finding.uncounted++;
  else finding.alarms.push(alarm);
}

const DROP = 0.2;

/** |V| more than 20 % below its mean over the last minute (exponentially weighted). */
export function createDrop(): Examiner {
  const finding = createFinding();
  let setpointA = NaN;
  let sinceS = 0;
  let lastS = 0;
  let mean = 0;
  return {
    take: (frame) => {
      const size = Math.abs(frame.voltageV);
      if (frame.setpointA !== setpointA) {
        setpointA = frame.setpointA;
        sinceS = lastS = frame.timeS;
        mean = size;
      }
      if (setpointA === 0) return;
      const below = size < (1 - DROP) * mean;
      if (below && frame.timeS - sinceS > LEARN_S) {
        say(finding, frame.timeS, "drop");
        sinceS = frame.timeS;
        mean = size;
      }
      mean += (size - mean) * -Math.expm1(-(frame.timeS - lastS) / LEARN_S);
      lastS = frame.timeS;
    },
    finish: () => finding,
  };
}

const CUSUM_SLACK = 0.75;
const CUSUM_ALARM = 12;

interface Learnt {
  count: number;
  mean: number;
  squares: number;
}

function learn(learnt: Learnt, x: number): void {
  learnt.count++;
  const off = x - learnt.mean;
  learnt.mean += off / learnt.count;
  learnt.squares += off * (x - learnt.mean);
}

function createLearnt(): Learnt {
  return { count: 0, mean: 0, squares: 0 };
}

/** One-sided CUSUM on ln|V| (Page, Biometrika 41 (1954) 100): slack 0.75 and alarm at 12 standard
 *  deviations, mean and deviation from the first minute of the half cycle as if noise were white. */
export function createCusum(): Examiner {
  const finding = createFinding();
  let setpointA = NaN;
  let sinceS = 0;
  let sum = 0;
  let learnt = createLearnt();
  const begin = (frame: RecordedFrame): void => {
    setpointA = frame.setpointA;
    sinceS = frame.timeS;
    sum = 0;
    learnt = createLearnt();
  };
  return {
    take: (frame) => {
      if (frame.setpointA !== setpointA) begin(frame);
      if (setpointA === 0 || frame.voltageV === 0) return;
      const x = Math.log(Math.abs(frame.voltageV));
      if (frame.timeS - sinceS < LEARN_S) {
        learn(learnt, x);
        return;
      }
      const sigma = Math.sqrt(learnt.squares / Math.max(learnt.count - 1, 1));
      sum = Math.max(0, sum - (x - learnt.mean) / Math.max(sigma, 1e-9) - CUSUM_SLACK);
      if (sum < CUSUM_ALARM) return;
      say(finding, frame.timeS, "cusum");
      begin(frame);
    },
    finish: () => finding,
  };
}
