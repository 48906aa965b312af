// `cyclet run PROTOCOL --on serial:…|tcp:…`: loads the board, starts it, records to the verdict.
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
}

function refuseSimulation(target: string, flags: RealRunFlags): void {
  const word = flags.seed !== undefined ? "--seed" : "--speed";
  if (flags.seed === undefined && (flags.speed ?? 1) === 1) return;
  throw new InputError(`${word}: ${target} is a real board; accepted: ${word} with --on sim:…`);
}

async function prepare(wire: Wire, target: string, protocol: string, cell?: string) {
  try {
    return await load(wire, target, protocol, cell);
  } catch (error) {
    wire.close();
    throw error;
  }
}

function commandOf(protocol: string, target: string, cell: string | undefined): string {
  const belief = cell === undefined ? [] : ["--cell", cell];
  return shellWords(["cyclet", "run", protocol, "--on", target, ...belief]);
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
  const wire = await address.open();
  const given: Given = await prepare(wire, target, protocol, flags.cell);
  const link = createRealLink(wire, address);
  const run = {
    ...given,
    ...{ target, simulated: null, seed: null, begunMs: Date.now() },
    command: commandOf(protocol, target, flags.cell),
  };
  try {
    return await carryOut(link, run, { out: flags.out, speed: 1, print });
  } finally {
    link.close();
  }
}
