// The sections of the report, in its order. To add one: a file that exports a `Section` (section.ts
// says what that is, traces.ts makes one of scenarios), and its name here.
import { dipsSection } from "./dips-section.ts";
import { hardSection } from "./hard-section.ts";
import { lookAlikeSection } from "./look-alike-section.ts";
import { negativeSection } from "./negative-section.ts";
import { proofSection } from "./proof-section.ts";
import { rocSection } from "./roc-section.ts";
import type { Section } from "./section.ts";
import { slowSection } from "./slow-section.ts";
import { stepSection } from "./step-section.ts";
import { telegraphSection } from "./telegraph-section.ts";

export const SECTIONS: readonly Section[] = [
  hardSection,
  stepSection,
  dipsSection,
  slowSection,
  telegraphSection,
  lookAlikeSection,
  negativeSection,
  proofSection,
  rocSection,
];
