// Frames of a board with all rules and proof by interruption.
import { LEARNED } from "../../firmware/learned.ts";
import { INTERRUPT } from "../../firmware/proof.ts";
import { run } from "./ticker.ts";

run({ rules: LEARNED, prover: INTERRUPT, witness: null });
