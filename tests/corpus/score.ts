// One trace through its examiners, and what a section makes of many.
import type { RecordedFrame } from "../../boards/replay.ts";
import type { Trace } from "./cell-driver.ts";
import { createTrace, next } from "./cell-driver.ts";
import type { Alarm, Finding } from "./alarms.ts";
import { isShort } from "./alarms.ts";
import type { ExaminerName } from "./examiners.ts";
import { createExaminer } from "./examiners.ts";
import type { Episode, Scenario, SeedSet, Traits, Truth } from "./scenario.ts";

/** What came of a trace. Times in s of the trace. */
export interface Outcome {
  scenario: string;
  traits: Traits;
  seed: number;
  truth: Truth;
  startedS: number;
  hours: number;
  rateHz: number;
  withinS: number;
  episodes: Episode[];
  /** Hard latch; NaN = none. */
  hardS: number;
  /** What the trace is about begins; Infinity = never. */
  onsetS: number;
  /** From here on an alarm is about that: a bridge may rightly be called hard before it latches. */
  fromS: number;
  /** By the examiner's name. */
  findings: Record<string, Finding>;
}

const EPISODES_MAX = 500;

/** Of a hard short the beginning of the bridge that latched. */
function fromOf(trace: Trace): number {
  const { spec, episodes, hardS } = trace;
  const latched = spec.truth === "hard" && hardS === hardS;
  return latched ? episodes[episodes.length - 1].fromS : onsetOf(trace);
}

/** Of a hard short its latch, of others the first bridge, and what is no short says itself. */
function onsetOf(trace: Trace): number {
  const { spec, episodes, hardS } = trace;
  if (spec.eventS !== undefined) return spec.eventS;
  if (spec.truth === "hard") return hardS === hardS ? hardS : Infinity;
  return episodes.length === 0 ? Infinity : episodes[0].fromS;
}

/** Examines the trace that `scenario` draws from `seed`. */
export function examine(
  scenario: Scenario,
  seed: number,
  set: SeedSet,
  names: readonly ExaminerName[],
): Outcome {
  const spec = scenario.draw(seed, set);
  const trace = createTrace(spec);
  const examiners = names.map((name) => createExaminer(name, spec));
  const frame: RecordedFrame = {
    timeS: 0,
    voltageV: 0,
    currentA: 0,
    setpointA: 0,
    temperatureC: NaN,
    forceN: NaN,
  };
  while (next(trace, frame)) for (const examiner of examiners) examiner.take(frame);
  const findings: Record<string, Finding> = {};
  names.forEach((name, n) => (findings[name] = examiners[n].finish()));
  const { name, traits } = scenario;
  return {
    ...{ scenario: name, traits, seed, truth: spec.truth, findings },
    startedS: trace.startedS,
    hours: (trace.moment.timeS - trace.startedS) / 3600,
    rateHz: spec.rateHz,
    withinS: spec.withinS,
    episodes: trace.episodes.slice(0, EPISODES_MAX),
    hardS: trace.hardS,
    onsetS: onsetOf(trace),
    fromS: fromOf(trace),
  };
}

/** Shorts told before there was any bridge. */
export function early(outcome: Outcome, name: ExaminerName): Alarm[] {
  const { episodes, onsetS } = outcome;
  const fromS = episodes.length === 0 ? onsetS : episodes[0].fromS;
  return outcome.findings[name].alarms.filter((a) => isShort(a) && !(a.timeS >= fromS));
}

/** The first short told in time after the onset. */
export function found(
  outcome: Outcome,
  name: ExaminerName,
  matches: (alarm: Alarm) => boolean = isShort,
): Alarm | undefined {
  const { fromS, onsetS, withinS } = outcome;
  return outcome.findings[name].alarms.find(
    (alarm) => matches(alarm) && alarm.timeS >= fromS && alarm.timeS <= onsetS + withinS,
  );
}

/** Delay from onset to the first short told, s, 0 where it came before; NaN = not found. */
export function latencyS(
  outcome: Outcome,
  name: ExaminerName,
  matches: (alarm: Alarm) => boolean = isShort,
): number {
  const alarm = found(outcome, name, matches);
  return alarm === undefined ? NaN : Math.max(alarm.timeS - outcome.onsetS, 0);
}
