// A protocol as written: cyclet JSON, checked for what a schema cannot say.
import { checkCcd } from "./ccd-step.ts";
import { InputError } from "./input-error.ts";
import { readJson } from "./json-file.ts";
import { printable } from "./printable.ts";
import type { CurrentStep, LoopStep, Protocol, ProtocolStep } from "./protocol/form.ts";
import type { Until } from "./protocol/until.ts";
import { createCheck } from "./schema-check.ts";
import { stepIndex } from "./protocol/places.ts";
import { PROTOCOL_SCHEMA } from "./schema/protocol.ts";

type ProtocolFile = Omit<Protocol, "name"> & { name?: string; cyclet?: 1; $schema?: string };

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
  const first = stepIndex(method, step.to);
  if (first === null || first >= at) {
    const accepted = at === 0 ? "a step before the loop" : `1 to ${at}`;
    const given = JSON.stringify(step.to);
    throw new InputError(`${path}.to: ${given} is no earlier step; accepted: ${accepted}`);
  }
  for (let i = first; i < at; i++) {
    const inner = method[i];
    if (inner.step !== "loop") continue;
    const innerFirst = stepIndex(method, inner.to) ?? i;
    if (innerFirst < first) {
      throw new InputError(
        `${path}.to: the loop would cross the one of step ${i + 1}; accepted: ` +
          `1 to ${innerFirst + 1}, or ${i + 2} to ${at}`,
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
  const { name, ...protocol } = value as ProtocolFile;
  const { method } = protocol;
  method.forEach((step, index) => {
    const path = `${file}: ${stepPath(index)}`;
    if (step.step === "current") checkCurrent(step, path);
    if (step.step === "ccd") checkCcd(step, path);
    if (step.step === "loop") checkLoop(method, index, path);
  });
  delete protocol.cyclet;
  delete protocol.$schema;
  return { name: name ?? "protocol", ...protocol };
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
