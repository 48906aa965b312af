// A protocol as written: cyclet JSON, checked for what a schema cannot say.
import { checkId, checkJump, knownJump } from "./protocol/check-flow.ts";
import { checkLimits, checkRecord, checkStep } from "./protocol/check-step.ts";
import { checkTurns } from "./protocol/check-turns.ts";
import type { Protocol } from "./protocol/form.ts";
import { jumpsOf } from "./protocol/jumps.ts";
import { loopsOf } from "./protocol/loops.ts";
import { placesOf, stepPath } from "./protocol/places.ts";
import { createCheck } from "./schema-check.ts";
import { PROTOCOL_SCHEMA } from "./schema/protocol.ts";

type ProtocolFile = Omit<Protocol, "name"> & { name?: string; cyclet?: 1; $schema?: string };

const check = createCheck(PROTOCOL_SCHEMA);

function checkProtocol(protocol: Protocol, file: string): void {
  const { method } = protocol;
  const places = placesOf(method);
  const pathOf = (index: number): string => `${file}: ${stepPath(index)}`;
  checkRecord(protocol.record, `${file}: $.record`);
  checkLimits(protocol.limits, `${file}: $.limits`);
  method.forEach((step, index) => {
    checkId(step, index, places, pathOf(index));
    checkStep(step, pathOf(index));
  });
  const loops = loopsOf(method, places, pathOf);
  const jumps = method.flatMap((step, index) =>
    jumpsOf(step, index, pathOf(index)).map((jump) => knownJump(jump, places)),
  );
  for (const jump of jumps) checkJump(jump, loops, protocol.budgetS !== undefined);
  checkTurns(method, jumps);
}

/** A protocol from parsed JSON; throws InputError that names `file` and the JSON path. */
export function parseProtocol(value: unknown, file: string): Protocol {
  check(value, file);
  const { name, ...protocol } = value as ProtocolFile;
  checkProtocol({ name: "", ...protocol }, file);
  delete protocol.cyclet;
  delete protocol.$schema;
  return { name: name ?? "protocol", ...protocol };
}
