// Those who judge a trace: the product's detectors, as they run on a board, and two plain ones for
// comparison. Each sees the same frames.
import type { ReplayOptions } from "../../boards/replay.ts";
import { createReplay } from "../../boards/replay.ts";
import {
  CLASS_HARD,
  CLASS_INTERMITTENT,
  CLASS_SOFT,
  CONTACT_OPEN,
  COVARIATE_THERMAL,
  EVENT_CONTACT,
  EVENT_COVARIATE,
  EVENT_RECOVERED,
  EVENT_SHORT,
  EVENT_TREND,
  EVENT_UNDECIDABLE,
  EVENT_VERDICT,
  RULE_BOUND,
  RULE_CHARGE,
  RULE_DIPS,
  RULE_HARD,
  RULE_SLOPE,
  RULE_STEP,
  VERDICT_HARD,
  VERDICT_HEALTHY,
  VERDICT_LOOSE,
  VERDICT_OPEN,
  VERDICT_SOFT,
  VERDICT_TREND,
  VERDICT_VOID,
} from "../../firmware/telemetry.ts";
import type { Call, Examiner } from "./alarms.ts";
import { createFinding, say } from "./alarms.ts";
import { createCusum, createDrop } from "./baseline-detectors.ts";
import { statedNoiseV } from "./measurement.ts";
import type { TraceSpec } from "./scenario.ts";

/** Names of examiners; a number is a factor on the product's confirm thresholds. */
export type ExaminerName = "drop" | "cusum" | number;

const RULES = new Map([
  [RULE_HARD, "hard"],
  [RULE_BOUND, "bound"],
  [RULE_STEP, "step"],
  [RULE_DIPS, "dips"],
  [RULE_SLOPE, "slope"],
  [RULE_CHARGE, "charge"],
]);
const VERDICTS = new Map([
  [VERDICT_HEALTHY, "healthy"],
  [VERDICT_TREND, "trend"],
  [VERDICT_LOOSE, "loose"],
  [VERDICT_SOFT, "soft"],
  [VERDICT_VOID, "void"],
  [VERDICT_OPEN, "open"],
  [VERDICT_HARD, "hard"],
]);

function callOf(code: number, first: number): Call | null {
  if (code === EVENT_SHORT) {
    if (first === CLASS_HARD) return "hard";
    if (first === CLASS_SOFT) return "soft";
    return first === CLASS_INTERMITTENT ? "intermittent" : "decay";
  }
  if (code === EVENT_RECOVERED) return "recovered";
  if (code === EVENT_UNDECIDABLE) return "undecidable";
  if (code === EVENT_TREND) return "void";
  if (code === EVENT_CONTACT) return first === CONTACT_OPEN ? "open" : "contact";
  if (code === EVENT_COVARIATE) return first === COVARIATE_THERMAL ? "thermal" : "mechanical";
  return null;
}

/** The product's detectors; `sensitivity` multiplies their confirm thresholds. */
export function createProduct(spec: TraceSpec, sensitivity: number): Examiner {
  const finding = createFinding();
  let beganS = NaN;
  const voltageV = expectedV(spec);
  const options: ReplayOptions & { sensitivity: number } = {
    cell: spec.believed,
    noiseV: statedNoiseV(spec.adc, voltageV),
    sensitivity,
  };
  const replay = createReplay(options, (code, timeMs, values) => {
    if (code === EVENT_VERDICT) finding.verdict = VERDICTS.get(values[0]) ?? String(values[0]);
    const call = callOf(code, values[0]);
    if (call === null) return;
    const rule = call === "undecidable" ? values[0] : code === EVENT_SHORT ? values[1] : -1;
    say(finding, { timeS: beganS + timeMs / 1000, call, rule: RULES.get(rule) ?? "" });
  });
  return {
    take: (frame) => {
      if (beganS !== beganS) beganS = frame.timeS;
      replay.take(frame);
    },
    finish: () => {
      replay.finish();
      return finding;
    },
  };
}

/** Voltage that the first stage with current leads one to expect, V. */
function expectedV(spec: TraceSpec): number {
  let n = 0;
  while (spec.stage(n).currentA === 0) n++;
  const { thicknessCm, conductivitySPerCm } = spec.input.electrolyte;
  const density = spec.stage(n).currentA / spec.input.areaCm2;
  const openV = spec.input.sim.fullCell === true ? 3.4 : 0;
  return openV + (density * thicknessCm) / conductivitySPerCm;
}

/** The examiner of that name. */
export function createExaminer(name: ExaminerName, spec: TraceSpec): Examiner {
  if (name === "drop") return createDrop();
  if (name === "cusum") return createCusum();
  return createProduct(spec, name);
}
