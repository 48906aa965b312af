// What changes a cell without shorting it: temperature, wetting, pressure, mechanics, loose
// contacts, reversals, range changes.
import { uniform } from "../../sim/random.ts";
import type { Stream } from "../../sim/random.ts";
import { between, recurring, sign, waiting } from "./noise.ts";
import type { Effect } from "./scenario.ts";

const HOUR_S = 3600;

/** The room's temperature goes up and down by `sizeK`; the cell follows its air with `lagS`. */
export function wander(stream: Stream, sizeK: number, periodS: number): Effect {
  const phase = 2 * Math.PI * uniform(stream);
  const second = between(stream, 2.1, 3.9);
  return (moment) => {
    const angle = (2 * Math.PI * moment.timeS) / periodS;
    const wave = 0.7 * Math.sin(angle + phase) + 0.3 * Math.sin(second * angle);
    moment.temperatureC += sizeK * wave;
  };
}

/** The temperature goes to another value within `overS` from `fromS` on, and stays. */
export function temperatureStep(fromS: number, overS: number, sizeK: number): Effect {
  return (moment) => {
    const progress = (moment.timeS - fromS) / overS;
    moment.temperatureC += sizeK * Math.min(Math.max(progress, 0), 1);
  };
}

/** The contact improves (size < 0) or gets worse, exponentially from the start on. */
export function wetting(size: number, tauS: number): Effect {
  return (moment) => {
    moment.resistanceShare -= size * Math.expm1(-moment.timeS / tauS);
  };
}

/** The press gives way: force falls by a share, resistance rises by another. */
export function relaxation(clampN: number, force: number, size: number, tauS: number): Effect {
  return (moment) => {
    const done = -Math.expm1(-moment.timeS / tauS);
    moment.forceN -= clampN * force * done;
    moment.resistanceShare += size * done;
  };
}

/** At `atS` the force changes by a share of the clamp's, and the resistance with it, for good. */
export function jolt(atS: number, clampN: number, force: number, size: number): Effect {
  return (moment) => {
    if (moment.timeS < atS) return;
    moment.forceN += clampN * force;
    moment.resistanceShare += size;
  };
}

/** A jolt's sizes: force ±0.5-3 %, resistance 2-8 %; in four of five more force means less
 *  resistance. */
export function drawJolt(stream: Stream): { force: number; size: number } {
  const force = sign(stream) * between(stream, 0.005, 0.03);
  const against = uniform(stream) < 0.8 ? -1 : 1;
  return { force, size: Math.sign(force) * against * between(stream, 0.02, 0.08) };
}

/** Jolts again and again, every second one undoing the one before it. */
export function jolts(stream: Stream, meanS: number, clampN: number): Effect {
  let present = { force: 0, size: 0 };
  const due = recurring(stream, meanS, () => {
    present = present.size === 0 ? drawJolt(stream) : { force: 0, size: 0 };
  });
  return (moment) => {
    due(moment);
    moment.forceN += clampN * present.force;
    moment.resistanceShare += present.size;
  };
}

/** A resistance in series, up to `ohm`, that comes and goes; times of mean `awayS` and `thereS`. */
export function looseContact(
  stream: Stream,
  fromS: number,
  awayS: number,
  thereS: number,
  ohm: number,
): Effect {
  let there = 0;
  let leftS = waiting(stream, awayS);
  return (moment) => {
    if (moment.timeS < fromS) return;
    leftS -= moment.dtS;
    if (leftS <= 0) {
      there = there === 0 ? ohm * between(stream, 0.3, 1) : 0;
      leftS = waiting(stream, there === 0 ? awayS : thereS);
    }
    moment.contactOhm += there;
  };
}

/** After every reversal the resistance is off by `size`, decaying. */
export function reversalTail(size: number, tauS: number): Effect {
  return (moment) => {
    moment.resistanceShare += size * Math.exp(-moment.sinceReversalS / tauS);
  };
}

/** Plating on bare electrolyte starts with an overpotential. */
export function nucleation(sizeV: number, tauS: number): Effect {
  return (moment) => {
    const decay = Math.exp(-moment.sinceReversalS / tauS);
    moment.signalV += Math.sign(moment.setpointA) * sizeV * decay;
  };
}

/** The range is switched: the relay is at rest for `frames` frames, which are recorded without
 *  current or not at all. */
export function rangeChanges(stream: Stream, meanS: number): Effect {
  let frames = 0;
  let lost = false;
  const due = recurring(stream, meanS, () => {
    frames = 3 + Math.floor(3 * uniform(stream));
    lost = uniform(stream) < 0.5;
  });
  return (moment) => {
    due(moment);
    if (frames <= 0) return;
    frames--;
    moment.away = true;
    moment.missing = lost;
  };
}

/** The circuit is open from `atS` on. */
export function openAt(atS: number): Effect {
  return (moment) => {
    moment.open = moment.timeS >= atS;
  };
}

/** Sodium creeps into the contact: a slow honest fall by `size` a day. */
export function creep(sizePerDay: number): Effect {
  return (moment) => {
    moment.resistanceShare -= (sizePerDay * moment.timeS) / (24 * HOUR_S);
  };
}
