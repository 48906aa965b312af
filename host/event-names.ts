// The channel's codes in the words of files and messages; those of faults are in fault-name.ts.
import * as code from "../firmware/telemetry.ts";

export type EndName = "finished" | "stopped" | "short" | "limit" | "fault" | "running";

export type Names<Name = string> = Readonly<Record<number, Name>>;

export const CLASSES: Names = {
  [code.CLASS_HARD]: "hard",
  [code.CLASS_SOFT]: "soft",
  [code.CLASS_INTERMITTENT]: "intermittent",
  [code.CLASS_DECAY]: "decay",
};
export const RULES: Names = {
  [code.RULE_HARD]: "hard",
  [code.RULE_BOUND]: "bound",
  [code.RULE_STEP]: "step",
  [code.RULE_DIPS]: "dips",
  [code.RULE_SLOPE]: "slope",
  [code.RULE_CHARGE]: "charge",
};
export const CONTACTS: Names = {
  [code.CONTACT_OPEN]: "open",
  [code.CONTACT_INTERMITTENT]: "intermittent",
};
export const TRENDS: Names = { [code.TREND_VOID]: "void" };
export const COVARIATES: Names = {
  [code.COVARIATE_THERMAL]: "thermal",
  [code.COVARIATE_MECHANICAL]: "mechanical",
};
export const METHODS: Names = {
  [code.METHOD_INTERRUPT]: "interrupt",
  [code.METHOD_HALF_CURRENT]: "half-current",
  [code.METHOD_SINE]: "sine",
  [code.METHOD_BOUND]: "bound",
  [code.METHOD_REST]: "rest",
};
export const RESULTS: Names = {
  [code.RESULT_INCONCLUSIVE]: "inconclusive",
  [code.RESULT_IONIC]: "ionic",
  [code.RESULT_ELECTRONIC]: "electronic",
};
export const VERDICTS: Names = {
  [code.VERDICT_HEALTHY]: "healthy",
  [code.VERDICT_TREND]: "void-growth",
  [code.VERDICT_LOOSE]: "contact-intermittent",
  [code.VERDICT_SOFT]: "soft-short",
  [code.VERDICT_VOID]: "void-growth",
  [code.VERDICT_OPEN]: "contact-open",
  [code.VERDICT_HARD]: "hard-short",
};
export const ENDS: Names<EndName> = {
  [code.END_FINISHED]: "finished",
  [code.END_STOPPED]: "stopped",
  [code.END_SHORT]: "short",
  [code.END_LIMIT]: "limit",
  [code.END_FAULT]: "fault",
};

/** The name of a code. */
export function named(names: Names, number: number): string {
  return names[number] ?? `unknown-${number}`;
}
