// How many values an event has: a line that lost some on its way may still look like one.
import type { EventMessage } from "../firmware/telemetry.ts";
import * as code from "../firmware/telemetry.ts";

/** At least so many, see firmware/telemetry.ts; a verdict on a staircase has more. */
const LEAST: Readonly<Record<number, number>> = {
  [code.EVENT_START]: 2,
  [code.EVENT_STEP]: 3,
  [code.EVENT_SHORT]: 5,
  [code.EVENT_RECOVERED]: 1,
  [code.EVENT_CONTACT]: 1,
  [code.EVENT_FAULT]: 1,
  [code.EVENT_UNDECIDABLE]: 1,
  [code.EVENT_VERDICT]: 4,
  [code.EVENT_PROOF]: 4,
  [code.EVENT_TREND]: 2,
  [code.EVENT_COVARIATE]: 1,
  [code.EVENT_PULSE]: 3,
  [code.EVENT_HOLD]: 1,
  [code.EVENT_RESUME]: 1,
  [code.EVENT_GAP]: 4,
  [code.EVENT_IMPEDANCE]: 3,
};
const ON_STAIRCASE = 14;

/** Whether an event has all of its values; one of a code that is not known here, too. */
export function isWhole({ code: kind, values }: EventMessage): boolean {
  const onStaircase = kind === code.EVENT_VERDICT && values[3] === 1;
  return values.length >= (onStaircase ? ON_STAIRCASE : (LEAST[kind] ?? 0));
}
