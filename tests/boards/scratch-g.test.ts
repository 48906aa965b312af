import { test } from "vitest";
import { writeFileSync } from "node:fs";
import { DEVICE_BOARDS } from "./boards.ts";
import { shippedBundle, plainBundle } from "./build.ts";
import { boot } from "./device.ts";
import { createMachine } from "./machine.ts";
import { runToVerdict, simulate, specimen, worldOf } from "./specimen.ts";
const bareNa = specimen({ start: 0.3, step: 0.1, charge: 0.2, thickness: 0.162 }, 1);
const which = process.env["G_BOARD"];
test.each(DEVICE_BOARDS.filter((b) => !which || b.name === which))("x $name", async (board) => {
  const code = await shippedBundle(board.name);
  for (const tickMs of [0.001, 1000 / 32768]) {
    const machine = createMachine(board, worldOf(bareNa), { tickMs });
    const device = boot(code, machine);
    const t = performance.now();
    await runToVerdict(device, 36e6);
    console.log(board.name, tickMs, performance.now() - t, device.lines.length, machine.trace.beats);
    writeFileSync(`/tmp/picotest/${board.name}-${tickMs}.lines`, device.lines.join("\n"));
  }
  const plain = boot(await plainBundle(board.name), createMachine(board, worldOf(bareNa)));
  await runToVerdict(plain, 36e6);
  writeFileSync(`/tmp/picotest/${board.name}-plain.lines`, plain.lines.join("\n"));
  const core = simulate(bareNa, board);
  await runToVerdict(core, 36e6);
  writeFileSync(`/tmp/picotest/${board.name}-core.lines`, core.lines.join("\n"));
}, 600000);
