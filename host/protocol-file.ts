// A protocol as written: cyclet JSON, checked for what a schema cannot say.
import type { CcdStep } from "./ccd-step.ts";
import { checkCcd } from "./ccd-step.ts";
import { InputError } from "./input-error.ts";
import { readJson } from "./json-file.ts";
import { printable } from "./printable.ts";
import type { Vigilance } from "./reactions.ts";
import { createCheck } from "./schema-check.ts";
import { PROTOCOL_SCHEMA } from "./schema/protocol.ts";

/** What follows a loss of power; a staircase waits in any case. */
export interface AfterOutage {
  afterOutage?: "continue" | "wait";
}

export interface RestStep extends AfterOutage {
  step: "rest";
  timeS: number;
}

/** Cut-offs of a current step: whichever comes first ends it. */
export interface Until {
  timeS?: number;
  chargeMah?: number;
  arealChargeMahCm2?: number;
  voltageAboveV?: number;
  voltageBelowV?: number;
}

/** Constant current; positive charges. Exactly one of the two currents is given. */
export interface CurrentStep extends Vigilance, AfterOutage {
  step: "current";
  currentMa?: number;
  currentDensityMaCm2?: number;
  until: Until;
}

/** Goes back to step `to` (counted from 1) until the steps between have run `count` times. */
export interface LoopStep {
  step: "loop";
  to: number;
  count: number;
}

export type ProtocolStep = RestStep | CurrentStep | LoopStep | CcdStep;

export interface Protocol extends Vigilance, AfterOutage {
  name: string;
  method: ProtocolStep[];
}

type ProtocolFile = Omit<Protocol, "name"> & { name?: string };

const check = createCheck(PROTOCOL_SCHEMA);

function checkCurrent(step: CurrentStep, path: string): void {
  const given = [step.currentMa, step.currentDensityMaCm2].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new InputError(
      `${path}: a current step needs exactly one of currentMa, currentDensityMaCm2`,
    );
  }
  if (given[0] === 0) {
    const key = step.currentMa === undefined ? "currentDensityMaCm2" : "currentMa";
    throw new InputError(
      `${path}.${key}: 0 is no current; accepted: a number other than 0, or a rest step`,
    );
  }
  const until: Until | undefined = step.until;
  if (until === undefined || Object.keys(until).length === 0) {
    throw new InputError(
      `${path}.until: a current step needs at least one of timeS, chargeMah, arealChargeMahCm2, ` +
        "voltageAboveV, voltageBelowV",
    );
  }
  if (until.chargeMah !== undefined && until.arealChargeMahCm2 !== undefined) {
    throw new InputError(
      `${path}.until: two charges; accepted: one of chargeMah, arealChargeMahCm2`,
    );
  }
  const { voltageAboveV = Infinity, voltageBelowV = -Infinity } = until;
  if (voltageBelowV >= voltageAboveV) {
    throw new InputError(
      `${path}.until: the step would end at once; accepted: voltageBelowV less than voltageAboveV`,
    );
  }
}

// Loops may stand inside each other, but a jump into the middle of another loop's body would make
// the number of runs depend on the way there.
function checkLoop(method: readonly ProtocolStep[], at: number, path: string): void {
  const step = method[at] as LoopStep;
  if (step.to > at) {
    const accepted = at === 0 ? "a step before the loop" : `1 to ${at}`;
    throw new InputError(`${path}.to: ${step.to} is no earlier step; accepted: ${accepted}`);
  }
  for (let i = step.to - 1; i < at; i++) {
    const inner = method[i];
    if (inner.step === "loop" && inner.to < step.to) {
      throw new InputError(
        `${path}.to: the loop would cross the one of step ${i + 1}; accepted: 1 to ${inner.to}, ` +
          `or ${i + 2} to ${at}`,
      );
    }
  }
}

/** JSON path of the step at `index` (counted from 0). */
export function stepPath(index: number): string {
  return `$.method[${index}]`;
}

/** A protocol from parsed JSON; throws InputError that names `file` and the JSON path. */
export function parseProtocol(value: unknown, file: string): Protocol {
  if (typeof value === "object" && value !== null && "unicycler" in value) {
    throw new InputError(
      `${file}: $.unicycler: unicycler protocols are not available yet; accepted: ` +
        'cyclet JSON, {"cyclet": 1, "method": […]}',
    );
  }
  check(value, file);
  const { name, method, on, proof, afterOutage } = value as ProtocolFile;
  method.forEach((step, index) => {
    const path = `${file}: ${stepPath(index)}`;
    if (step.step === "current") checkCurrent(step, path);
    if (step.step === "ccd") checkCcd(step, path);
    if (step.step === "loop") checkLoop(method, index, path);
  });
  const vigilance = { ...(on && { on }), ...(proof !== undefined && { proof }) };
  const outage = afterOutage === undefined ? {} : { afterOutage };
  return { name: name ?? "protocol", ...vigilance, ...outage, method };
}

/** Reads a protocol file; throws InputError. */
export function readProtocol(path: string): Protocol {
  const value = readJson(path);
  const protocol = parseProtocol(value, path);
  const named = (value as { name?: string }).name !== undefined;
  return named ? protocol : { ...protocol, name: printable(stemOf(path)) };
}

function stemOf(path: string): string {
  const base = path.split(/[\\/]/).at(-1) ?? path;
  return base.replace(/\.json$/i, "") || "protocol";
}
