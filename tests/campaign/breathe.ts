// Between the tests of a campaign, which keep the processor to themselves: what they have printed,
// and how far they are, gets out.
import { afterEach } from "vitest";

const BREATH_MS = 5;

afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
});
