// Frames of a board that carries the core only: measuring, supervision, hard rule and bound.
import { run } from "./ticker.ts";

run({ rules: null, prover: null, witness: null });
