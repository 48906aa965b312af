import { defineConfig } from "vitest/config";

const minute = 60_000;
const longCampaigns = "tests/campaign/long/**";
const emulated = "tests/hal/firmata/uno-*.test.ts";

export default defineConfig({
  test: {
    pool: "threads",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["tests/**/*.test.ts"],
          exclude: ["tests/system/**", longCampaigns, emulated],
          testTimeout: 5 * minute,
          hookTimeout: minute,
        },
      },
      {
        // Drives the built command line; `npm run test:system` builds it first.
        extends: true,
        test: {
          name: "system",
          include: ["tests/system/*.test.ts"],
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      },
      {
        // StandardFirmata's machine code on an emulated Uno: needs avr-gcc and the Arduino core.
        extends: true,
        test: {
          name: "uno",
          include: [emulated],
          testTimeout: 20 * minute,
          hookTimeout: 5 * minute,
        },
      },
      {
        // The built command line on the emulated Uno in real time: nothing else may run beside it.
        extends: true,
        test: {
          name: "port",
          include: ["tests/system/port/*.test.ts"],
          testTimeout: 5 * minute,
          hookTimeout: minute,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Started by scripts/campaign.js, which turns its arguments into environment variables.
        extends: true,
        test: {
          name: "campaign",
          include: ["tests/campaign/**/*.test.ts"],
          testTimeout: 600 * minute,
          hookTimeout: 10 * minute,
        },
      },
    ],
  },
});
