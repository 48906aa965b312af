// Frames of the Pico with all that it carries: rules that learn, proof by interruption, bound and
// rest, evidence, journal, light.
import { WITNESS } from "../../firmware/evidence.ts";
import { LEARNED } from "../../firmware/learned.ts";
import { attend } from "../../firmware/panel.ts";
import { extend } from "../../firmware/proof-further.ts";
import { REST } from "../../firmware/proof-rest.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import { SCRIBE } from "../../firmware/scribe.ts";
import { run } from "./ticker.ts";

run({
  rules: LEARNED,
  prover: extend(INTERRUPT, [REST]),
  witness: WITNESS,
  panel: attend,
  scribe: SCRIBE,
});
