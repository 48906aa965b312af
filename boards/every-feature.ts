// All that a board may carry beyond the core, for those whose memory has room for it.
import { WITNESS } from "../firmware/evidence.ts";
import type { Features } from "../firmware/features.ts";
import { LEARNED } from "../firmware/learned.ts";
import { attend } from "../firmware/panel.ts";
import { extend } from "../firmware/proof-further.ts";
import { POTENTIAL } from "../firmware/potential.ts";
import { HALF_CURRENT } from "../firmware/proof-half.ts";
import { REST } from "../firmware/proof-rest.ts";
import { SINE } from "../firmware/proof-sine.ts";
import { IMPEDANCE } from "../firmware/impedance.ts";
import { INTERRUPT } from "../firmware/proof.ts";
import { SCRIBE } from "../firmware/scribe.ts";
import { TERMS } from "../firmware/terms.ts";

/** Rules that learn, five proofs, evidence, light and button, the journal, terms. */
export const EVERY_FEATURE: Features = {
  rules: LEARNED,
  prover: extend(INTERRUPT, [HALF_CURRENT, SINE, REST]),
  witness: WITNESS,
  panel: attend,
  potential: POTENTIAL,
  impedance: IMPEDANCE,
  scribe: SCRIBE,
  terms: TERMS,
};
