import { defineConfig } from "vitest/config";

// The safety and journal group: what Stryker plants mistakes in (stryker.config.json), what has to
// be reached branch by branch (`npm run coverage`), and the tests that are about it. Each mutant
// runs them all, so there are no more.
const group = [
  ...["supervise", "follow", "frozen", "startup", "fault", "limits", "console"],
  ...["record", "journal", "resume", "entry", "diary", "scribe", "snapshot", "wake"],
];
const beside = ["obey", "store", "channel", "main", "judge-outage"];

export default defineConfig({
  test: {
    include: [
      ...[...group, ...beside].map((name) => `tests/firmware/${name}.test.ts`),
      "tests/boards/outage.test.ts",
      "tests/boards/startup.test.ts",
    ],
    testTimeout: 600_000,
    coverage: {
      provider: "v8",
      include: group.map((name) => `firmware/${name}.ts`),
      reporter: ["text"],
      reportOnFailure: true,
      reportsDirectory: "coverage",
      thresholds: { branches: 100 },
    },
  },
});
