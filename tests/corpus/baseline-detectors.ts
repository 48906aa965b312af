// Two detectors to compare with: the fixed drop that cyclers offer, and the textbook's CUSUM. Both
// are told set-points, so that a reversal is no surprise to them, and nothing else.
import type { RecordedFrame } from "../../boards/replay.ts";
import type { Examiner } from "./alarms.ts";
import { createFinding, say } from "./alarms.ts";

/** Both learn afresh after a reversal for so long, s. */
const LEARN_S = 60;

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
        say(finding, { timeS: frame.timeS, call: "soft", rule: "drop" });
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
  last: number;
  /** Sum of the squares of successive differences. */
  squares: number;
}

function createLearnt(): Learnt {
  return { count: 0, mean: 0, last: NaN, squares: 0 };
}

function learn(learnt: Learnt, x: number): void {
  learnt.count++;
  learnt.mean += (x - learnt.mean) / learnt.count;
  if (learnt.count > 1) learnt.squares += (x - learnt.last) ** 2;
  learnt.last = x;
}

/** Standard deviation of white noise, whatever the trend: by successive differences (von Neumann,
 *  Ann. Math. Stat. 12 (1941) 153). */
function whiteSigma({ count, squares }: Learnt): number {
  return Math.max(Math.sqrt(squares / 2 / Math.max(count - 1, 1)), 1e-9);
}

/** One-sided CUSUM on ln|V| (Page, Biometrika 41 (1954) 100): slack 0.75 and alarm at 12 standard
 *  deviations; mean and noise are those of the first minute of the half cycle. */
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
      sum = Math.max(0, sum - (x - learnt.mean) / whiteSigma(learnt) - CUSUM_SLACK);
      if (sum < CUSUM_ALARM) return;
      say(finding, { timeS: frame.timeS, call: "soft", rule: "cusum" });
      begin(frame);
    },
    finish: () => finding,
  };
}
