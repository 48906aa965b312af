// Jumps that go in a circle without a step between that takes time.
import { InputError } from "../input-error.ts";
import type { ProtocolStep } from "./form.ts";
import type { Jump } from "./jumps.ts";

/** The steps that take no time from which only such steps are reached for ever. Loops go round a
 *  counted number of times and count as passed. */
function circling(method: readonly ProtocolStep[], jumps: readonly Jump[]): Set<number> {
  const idle = new Set<number>();
  method.forEach(({ step }, at) => {
    if (step === "if" || step === "loop") idle.add(at);
  });
  const before = new Map<number, number[]>();
  const open = new Map<number, number>();
  const link = (from: number, to: number): void => {
    if (!idle.has(from) || !idle.has(to)) return;
    before.set(to, [...(before.get(to) ?? []), from]);
    open.set(from, (open.get(from) ?? 0) + 1);
  };
  for (const at of idle) {
    const step = method[at];
    const always = step.step === "if" && step.else !== undefined;
    if (!always) link(at, at + 1);
  }
  for (const { from, to } of jumps) link(from, to);
  const left = [...idle].filter((at) => !open.has(at));
  for (let at = left.pop(); at !== undefined; at = left.pop()) {
    idle.delete(at);
    for (const from of before.get(at) ?? []) {
      const more = (open.get(from) ?? 0) - 1;
      open.set(from, more);
      if (more === 0) left.push(from);
    }
  }
  return idle;
}

/** Throws InputError for if steps that lead to each other for ever. */
export function checkTurns(method: readonly ProtocolStep[], jumps: readonly Jump[]): void {
  const idle = circling(method, jumps);
  const back = jumps.find(({ from, to }) => to <= from && idle.has(from) && idle.has(to));
  if (back === undefined) return;
  throw new InputError(
    `${back.path}: leads back to step ${back.to + 1}, and no time passes on the way round; ` +
      "accepted: a way with a step that takes time",
  );
}
