import { defineConfig } from "vitest/config";

// What Stryker runs against its mutants (stryker.config.json): the tests of the safety and journal
// group alone, since each mutant runs them all.
const group = [
  ...["supervise", "follow", "fault", "limits", "console", "obey", "store", "channel", "main"],
  ...["record", "journal", "resume", "startup"],
];

export default defineConfig({
  test: {
    include: group.map((name) => `tests/firmware/${name}.test.ts`),
    testTimeout: 60_000,
  },
});
