// `cyclet run PROTOCOL --on serial:…|tcp:…|firmata:…`: loads the board, starts it, records to the
// verdict.
import { refuseInterrupted, refuseUnattended, refuseUnguarded } from "./hosted-run.ts";
import { InputError } from "./input-error.ts";
import type { Address } from "./link/address.ts";
import { createRealLink } from "./link/real.ts";
import type { Wire } from "./link/wire.ts";
import type { Given } from "./real-board.ts";
import { load } from "./real-board.ts";
import { carryOut } from "./run.ts";
import { shellWords } from "./shell-words.ts";

export interface RealRunFlags {
  cell?: string;
  out?: string;
  seed?: number;
  speed?: number;
  /** The hardware keep-alive is fitted. */
  keepAlive?: boolean;
}

function refuseSimulation(target: string, flags: RealRunFlags): void {
  if (flags.keepAlive === true && !target.startsWith("firmata")) {
    throw new InputError(`--keep-alive: ${target} guards itself; accepted with --on firmata:PATH`);
  }
  const word = flags.seed !== undefined ? "--seed" : "--speed";
  if (flags.seed === undefined && (flags.speed ?? 1) === 1) return;
  throw new InputError(`${word}: ${target} is a real board; accepted: ${word} with --on sim:…`);
}

async function prepare(wire: Wire, target: string, protocol: string, flags: RealRunFlags) {
  try {
    if (wire.hosted !== undefined) await refuseInterrupted(wire, target);
    const given = await load(wire, target, protocol, flags.cell);
    if (wire.hosted !== undefined) refuseUnguarded(given.plan, target, flags.keepAlive ?? false);
    return given;
  } catch (error) {
    wire.close();
    throw error;
  }
}

function commandOf(protocol: string, target: string, flags: RealRunFlags): string {
  const belief = flags.cell === undefined ? [] : ["--cell", flags.cell];
  const guard = flags.keepAlive === true ? ["--keep-alive"] : [];
  return shellWords(["cyclet", "run", protocol, "--on", target, ...belief, ...guard]);
}

/** Runs `protocol` on the board at `address`; resolves with the exit status. Throws InputError
 *  when something is refused, an Error of one line when the board or a file fails. */
export async function runReal(
  address: Address,
  protocol: string,
  flags: RealRunFlags,
  print: (line: string) => void,
): Promise<number> {
  const { target } = address;
  refuseSimulation(target, flags);
  const keepAlive = flags.keepAlive ?? false;
  if (address.isHosted) refuseUnattended(target, keepAlive);
  const wire = await address.open({ keepAlive });
  const given: Given = await prepare(wire, target, protocol, flags);
  const link = createRealLink(wire, address);
  const run = {
    ...given,
    ...{ target, simulated: null, seed: null, begunMs: Date.now() },
    command: commandOf(protocol, target, flags),
  };
  try {
    return await carryOut(link, run, { out: flags.out, speed: 1, print });
  } finally {
    link.close();
  }
}
