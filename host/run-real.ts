// `cyclet run PROTOCOL --on serial:…|tcp:…|firmata:…`: loads the board, starts it, records to the
// verdict.
import { refuseBroken, refuseUnattended, refuseUnguarded, refuseWhole } from "./hosted-run.ts";
import { InputError } from "./input-error.ts";
import { keptWords } from "./kept-plan.ts";
import type { Address } from "./link/address.ts";
import { createRealLink } from "./link/real.ts";
import type { Wire } from "./link/wire.ts";
import type { Given } from "./real-board.ts";
import { load, takeUp } from "./real-board.ts";
import { carryOut } from "./run.ts";
import { shellWords } from "./shell-words.ts";
import { tell } from "./tell.ts";

/** A run that goes on, and its time so far, s. */
interface Resumed extends Given {
  elapsedS: number;
}

export interface RealRunFlags {
  cell?: string;
  out?: string;
  seed?: number;
  speed?: number;
  /** The hardware keep-alive is fitted. */
  keepAlive?: boolean;
  /** Go on with the run that was broken off. */
  resume?: boolean;
}

function refuseSimulation(target: string, flags: RealRunFlags): void {
  if (flags.keepAlive === true && !target.startsWith("firmata")) {
    throw new InputError(`--keep-alive: ${target} guards itself; accepted with --on firmata:PATH`);
  }
  if (flags.resume === true && !target.startsWith("firmata")) {
    throw new InputError(`--resume: ${target} goes on by itself; accepted with --on firmata:PATH`);
  }
  const word = flags.seed !== undefined ? "--seed" : "--speed";
  if (flags.seed === undefined && (flags.speed ?? 1) === 1) return;
  throw new InputError(`${word}: ${target} is a real board; accepted: ${word} with --on sim:…`);
}

/** What of a hosted run can be refused before its channel is opened; the run that is to go on. */
async function refuseHosted(
  address: Address,
  protocol: string,
  flags: RealRunFlags,
): Promise<Resumed | null> {
  const { target } = address;
  const keepAlive = flags.keepAlive ?? false;
  const left = (await address.broken?.(keepAlive)) ?? null;
  refuseUnattended(target, keepAlive);
  if (flags.resume !== true) {
    refuseBroken(left, target);
    return null;
  }
  refuseWhole(left, target);
  const given = takeUp(left, target, protocol, flags.cell);
  refuseUnguarded(given.plan, target, keepAlive);
  return { ...given, elapsedS: left.elapsedS };
}

async function prepare(wire: Wire, target: string, protocol: string, flags: RealRunFlags) {
  try {
    const given = await load(wire, target, protocol, flags.cell);
    tell(keptWords(given.plan));
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
  const again = flags.resume === true ? ["--resume"] : [];
  return shellWords(["cyclet", "run", protocol, "--on", target, ...belief, ...guard, ...again]);
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
  const resumed = address.isHosted ? await refuseHosted(address, protocol, flags) : null;
  const wire = await address.open({ keepAlive, forRun: true });
  const { plan, config } = resumed ?? (await prepare(wire, target, protocol, flags));
  tell(plan.notes);
  const link = createRealLink(wire, address);
  const begunMs = Date.now() - (resumed?.elapsedS ?? 0) * 1000;
  const run = {
    ...{ plan, config, target, simulated: null, seed: null, begunMs },
    command: commandOf(protocol, target, flags),
  };
  try {
    const isOn = resumed !== null;
    return await carryOut(link, run, { out: flags.out, speed: 1, print, isOn });
  } finally {
    link.close();
  }
}
