// What disturbs a reading, or looks like it: families of noise, each an effect with a stream of its
// own. Sizes are shares of the voltage unless they carry a unit.
import { gaussian, uniform } from "../../sim/random.ts";
import type { Stream } from "../../sim/random.ts";
import type { Effect, Moment } from "./scenario.ts";

/** Waiting time of a Poisson event with mean `meanS`, s. */
export function waiting(stream: Stream, meanS: number): number {
  return -meanS * Math.log(1 - uniform(stream));
}

/** Plus or minus one. */
export function sign(stream: Stream): number {
  return uniform(stream) < 0.5 ? -1 : 1;
}

/** Uniform between two bounds. */
export function between(stream: Stream, low: number, high: number): number {
  return low + (high - low) * uniform(stream);
}

/** Calls `strike` at Poisson times; the first one after a waiting time, too. */
export function recurring(
  stream: Stream,
  meanS: number,
  strike: (moment: Moment) => void,
): (moment: Moment) => void {
  let nextS = NaN;
  return (moment) => {
    if (nextS !== nextS) nextS = moment.timeS + waiting(stream, meanS);
    if (moment.timeS < nextS) return;
    nextS = moment.timeS + waiting(stream, meanS);
    strike(moment);
  };
}

/** Bursts of one to three frames, up or down. */
export function spikes(stream: Stream, meanS: number, size: number): Effect {
  let frames = 0;
  let share = 0;
  const due = recurring(stream, meanS, () => {
    frames = 1 + Math.floor(3 * uniform(stream));
    share = sign(stream) * size;
  });
  return (moment) => {
    due(moment);
    if (frames <= 0) return;
    frames--;
    moment.signalShare += share;
  };
}

/** Knocks on the bench: a jump of the contact that decays within seconds. */
export function taps(stream: Stream, meanS: number, size: number): Effect {
  let share = 0;
  let tauS = 1;
  const due = recurring(stream, meanS, () => {
    share += sign(stream) * size;
    tauS = between(stream, 0.3, 3);
  });
  return (moment) => {
    share *= Math.exp(-moment.dtS / tauS);
    due(moment);
    moment.resistanceShare += share;
  };
}

/** Lasting steps of the contact, up or down. */
export function microSteps(stream: Stream, meanS: number, size: number): Effect {
  let share = 0;
  const due = recurring(stream, meanS, () => {
    share += sign(stream) * size;
  });
  return (moment) => {
    due(moment);
    moment.resistanceShare += share;
  };
}

/** Noise with a spectrum near 1/f from 1 mHz to 1 Hz: a sum of relaxations a decade apart
 *  (Milotti, arXiv physics/0204033), `size` rms in all. */
export function flicker(stream: Stream, size: number): Effect {
  const tausS = [0.3, 3, 30, 300];
  const states = tausS.map(() => 0);
  const each = size / Math.sqrt(tausS.length);
  return (moment) => {
    for (let k = 0; k < tausS.length; k++) {
      const kept = Math.exp(-moment.dtS / tausS[k]);
      states[k] = states[k] * kept + each * Math.sqrt(1 - kept * kept) * gaussian(stream);
      moment.resistanceShare += states[k];
    }
  };
}

/** Random telegraph ("popcorn") noise of the input stage: two levels `sizeV` apart with dwell times
 *  of 0.3 to 100 s. No detector was ever tuned on it. */
export function popcorn(stream: Stream, sizeV: number): Effect {
  const upS = 10 ** between(stream, -0.5, 2);
  const downS = 10 ** between(stream, -0.5, 2);
  let up = false;
  let leftS = 0;
  return (moment) => {
    leftS -= moment.dtS;
    if (leftS <= 0) {
      up = !up;
      leftS = waiting(stream, up ? upS : downS);
    }
    if (up) moment.signalV += sizeV;
  };
}

/** One or two readings at zero or at the end of the scale. */
export function glitches(stream: Stream, meanS: number): Effect {
  let frames = 0;
  let volts = 0;
  const due = recurring(stream, meanS, () => {
    frames = 1 + Math.floor(2 * uniform(stream));
    volts = uniform(stream) < 0.5 ? 0 : 10 * sign(stream);
  });
  return (moment) => {
    due(moment);
    if (frames <= 0) return;
    frames--;
    moment.stuckV = volts;
  };
}

/** Contacts that bounce for `durationS` after a reversal: a frame there reads anything. */
export function bounce(stream: Stream, durationS: number, complianceV: number): Effect {
  return (moment) => {
    if (moment.sinceReversalS > durationS) return;
    moment.away = uniform(stream) < 0.5;
    if (moment.away) moment.stuckV = between(stream, -complianceV, complianceV);
  };
}
