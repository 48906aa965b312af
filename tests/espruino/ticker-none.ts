// Making the frames alone.
import { run } from "./ticker.ts";

run(null);
