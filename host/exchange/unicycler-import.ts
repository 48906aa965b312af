// An aurora-unicycler protocol as one of ours. Positive current charges in both; a loop's count is
// how often its body runs in all in both.
import { InputError } from "../input-error.ts";
import type { LoopStep, Protocol, ProtocolLimits, ProtocolStep } from "../protocol/form.ts";
import type { Recording } from "../protocol/form.ts";
import { stepPath } from "../protocol/places.ts";
import { createCheck } from "../schema-check.ts";
import type { Unicycler, UnicyclerStep } from "./unicycler-schema.ts";
import { UNICYCLER_SCHEMA } from "./unicycler-schema.ts";
import { stepOf } from "./unicycler-steps.ts";
import type { Figures } from "./unicycler-values.ts";
import { figure, neededPositive, positive, wrong } from "./unicycler-values.ts";

/** A protocol of another language, as ours, and what of it is not kept, a line each. */
export interface Imported {
  /** Without a name where it said none. */
  protocol: Omit<Protocol, "name"> & { name?: string };
  notes: string[];
}

/** The name of a sample that is filled in when the protocol is used. */
export const SAMPLE_PLACEHOLDER = "$NAME";
/** What an `id` may be. */
const USABLE_ID = /^(?!\d+$|end$|stop$)[^\p{Cc}]{1,40}$/u;

const check = createCheck(UNICYCLER_SCHEMA);

function limitsOf(safety: Figures, notes: string[]): ProtocolLimits {
  const high = figure(safety, "max_current_mA");
  const low = figure(safety, "min_current_mA");
  if (high !== null && high <= 0) throw wrong(safety, "max_current_mA", "more than 0");
  if (low !== null && low >= 0) throw wrong(safety, "min_current_mA", "less than 0");
  const sizes = [high, low].filter((value) => value !== null).map(Math.abs);
  if (sizes.length > 0 && (sizes.length < 2 || sizes[0] !== sizes[1])) {
    notes.push(
      `safety: max_current_mA and min_current_mA become one limit for both directions, ` +
        `${Math.min(...sizes)} mA`,
    );
  }
  const voltageMinV = figure(safety, "min_voltage_V");
  const voltageMaxV = figure(safety, "max_voltage_V");
  const chargeMaxMah = figure(safety, "max_capacity_mAh");
  if (chargeMaxMah !== null && chargeMaxMah <= 0)
    throw wrong(safety, "max_capacity_mAh", "more than 0");
  const limits: ProtocolLimits = {
    ...(voltageMinV !== null && { voltageMinV }),
    ...(voltageMaxV !== null && { voltageMaxV }),
    ...(sizes.length > 0 && { currentMaxMa: Math.min(...sizes) }),
    ...(chargeMaxMah !== null && { chargeMaxMah }),
  };
  const delayS = figure(safety, "delay_s");
  if (delayS === null || Object.keys(limits).length === 0) return limits;
  if (delayS < 0) throw wrong(safety, "delay_s", "0 or more");
  return { ...limits, delayS };
}

/** The tag, or number of the tagged step, of each step that is none: tags stand before it. */
interface Layout {
  steps: { step: UnicyclerStep; at: number; tags: string[] }[];
  /** Index among these of each step of the method; of a tag, that of what follows it. */
  places: number[];
}

function layOut(method: readonly UnicyclerStep[], pathOf: (at: number) => string): Layout {
  const layout: Layout = { steps: [], places: [] };
  const seen = new Set<unknown>();
  let tags: string[] = [];
  method.forEach((step, at) => {
    layout.places.push(layout.steps.length);
    if (step.step !== "tag") {
      layout.steps.push({ step, at, tags });
      tags = [];
      return;
    }
    if (seen.has(step.tag)) {
      throw new InputError(`${pathOf(at)}.tag: there are two of it; accepted: one of its own`);
    }
    seen.add(step.tag);
    tags.push(String(step.tag));
  });
  return layout;
}

function loopOf(step: UnicyclerStep, at: number, layout: Layout, path: string): LoopStep {
  const to = step["loop_to"] ?? 1;
  const tagged = layout.steps.findIndex(({ tags }) => tags.includes(String(to)));
  const first = typeof to === "string" ? tagged : (layout.places[Number(to) - 1] ?? -1);
  if (first < 0 || first >= at) {
    const given = JSON.stringify(to);
    throw new InputError(`${path}.loop_to: ${given} is no earlier step; accepted: one, or its tag`);
  }
  return { step: "loop", to: first + 1, count: Number(step["cycle_count"]) };
}

/** Names of steps: their own id, else the tag that a loop goes back to. */
function nameSteps(made: ProtocolStep[], layout: Layout, notes: string[]): void {
  const used = new Set<string>();
  const name = (index: number, text: string): boolean => {
    if (made[index].id !== undefined || used.has(text) || !USABLE_ID.test(text)) return false;
    used.add(text);
    made[index].id = text;
    return true;
  };
  layout.steps.forEach(({ step }, index) => {
    if (typeof step.id !== "string") return;
    if (!name(index, step.id)) notes.push(`step ${index + 1}: its id is not kept`);
  });
  layout.steps.forEach(({ step }) => {
    const to = step["loop_to"];
    if (typeof to !== "string") return;
    const index = layout.steps.findIndex(({ tags }) => tags.includes(to));
    if (made[index].id !== to && !name(index, to)) return;
    for (const [i, each] of layout.steps.entries()) {
      const loop = made[i];
      if (loop.step === "loop" && each.step["loop_to"] === to) loop.to = to;
    }
  });
  for (const { tags } of layout.steps) {
    for (const tag of tags) {
      const isKept = made.some((step) => step.step === "loop" && step.to === tag);
      if (!isKept) notes.push(`tag ${JSON.stringify(tag)} is not kept: no loop needs it`);
    }
  }
}

function stepsOf(layout: Layout, pathOf: (at: number) => string, notes: string[]): ProtocolStep[] {
  const made: ProtocolStep[] = [];
  layout.steps.forEach(({ step, at }, index) => {
    const path = pathOf(at);
    const note = (text: string): void => void notes.push(`step ${at + 1}: ${text}`);
    const isLoop = step.step === "loop";
    const before = made.at(-1) ?? null;
    made.push(
      isLoop ? loopOf(step, index, layout, path) : stepOf({ values: step, path }, before, note),
    );
  });
  return made;
}

// Once a second is what a channel does of itself, one without rules for it, too.
function recordOf(record: Figures): { record?: Recording } {
  const [voltageV, currentMa] = ["voltage_V", "current_mA"].map((key) => positive(record, key));
  const timeS = neededPositive(record, "time_s");
  if (timeS === 1 && voltageV === null && currentMa === null) return {};
  const changes = {
    ...(voltageV !== null && { voltageV }),
    ...(currentMa !== null && { currentMa }),
  };
  return { record: { timeS, ...changes } };
}

/** A protocol from parsed JSON; throws InputError that names `file` and the JSON path. */
export function importUnicycler(value: unknown, file: string): Imported {
  check(value, file);
  const { sample, record, safety, method } = value as Unicycler;
  const notes: string[] = [];
  const at = (key: string, values: object | undefined): Figures => {
    return { values: (values ?? {}) as Figures["values"], path: `${file}: $.${key}` };
  };
  const pathOf = (index: number): string => `${file}: ${stepPath(index)}`;
  const layout = layOut(method, pathOf);
  const made = stepsOf(layout, pathOf, notes);
  if (made.length === 0) throw new InputError(`${file}: $.method: tags alone; accepted: a step`);
  nameSteps(made, layout, notes);
  const capacityMah = positive(at("sample", sample), "capacity_mAh");
  const limits = limitsOf(at("safety", safety), notes);
  const name = sample?.name ?? SAMPLE_PLACEHOLDER;
  const protocol: Imported["protocol"] = {
    ...(name !== SAMPLE_PLACEHOLDER && { name }),
    ...(capacityMah !== null && { capacityMah }),
    ...recordOf(at("record", record)),
    ...(Object.keys(limits).length > 0 && { limits }),
    method: made,
  };
  return { protocol, notes };
}
