// Frames of the smallest board with all that it carries: proof by interruption, journal, light.
import { attend } from "../../firmware/panel.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import { SCRIBE } from "../../firmware/scribe.ts";
import { run } from "./ticker.ts";

run({ rules: null, prover: INTERRUPT, witness: null, panel: attend, scribe: SCRIBE });
