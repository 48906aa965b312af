// What docs/boards.md says of the boards is what boards/ says of them.
import { expect, test } from "vitest";
import type { BoardCapabilities } from "../../boards/capabilities.ts";
import { BOARD_CAPABILITIES } from "../../boards/capabilities.ts";
import { readText } from "../rules/sources.ts";
import { boardNamed } from "./boards.ts";

/** Rows of all tables, single spaces between. */
const rows = readText("docs/boards.md")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) => line.replace(/ +/g, " "));

function rowsOf(name: string): string[] {
  return rows.filter((row) => row.startsWith(`| ${name} | `));
}

/** Bytes of a variable, see the head of Espruino's boards/ESP32.py. */
const blockBytes = (variables: number): number => (variables < 8192 ? 13 : 14);

function facts(board: BoardCapabilities): string[] {
  const { name, espruino, variables, storageBytes, loadCell, features } = board;
  const memory = `| ${variables} × ${blockBytes(variables)} | ${storageBytes / 1024} kB |`;
  return [
    `| ${name} | ${espruino} |`,
    memory,
    `| ${name} | ${loadCell} | ${features.join(", ")} | ${board.burstPeriodUs / 1000} ms |`,
    `| ${name} | ${board.lacks.join("; ")} |`,
    `| ${name} | ${board.watchdog ?? "nothing: it cannot be kicked"} |`,
  ];
}

test.each(BOARD_CAPABILITIES)("memory, features and limits of $name", (board) => {
  for (const fact of facts(board)) {
    expect(
      rowsOf(board.name).filter((row) => row.includes(fact)),
      fact,
    ).toHaveLength(1);
  }
});

test.each(BOARD_CAPABILITIES)("pins of $name", ({ name }) => {
  const { pins, serial } = boardNamed(name);
  const cell = (text: string): string => `${text}( \\([^|]*\\)|, own)?`;
  const columns = [
    ...[name, cell(`${pins.scl}, ${pins.sda}`), `${serial}: ${pins.tx}, ${pins.rx}`],
    ...[pins.relay, pins.heartbeat, cell(pins.light), cell(pins.button)],
  ];
  const wanted = new RegExp(`^\\| ${columns.join(" \\| ")} \\|`);
  const found = rowsOf(name).filter((row) => wanted.test(row));
  expect(found, String(wanted)).toHaveLength(1);
  if (pins.hx711Clock !== "") {
    expect(found[0].endsWith(` ${pins.hx711Clock}, ${pins.hx711Data} |`)).toBe(true);
  }
});

test.each(BOARD_CAPABILITIES)("name, pace and line of $name are its bundle's", (board) => {
  const { name, burstPeriodUs, framePeriodMinMs, framePeriodMs } = board;
  const own = readText(`boards/${name}.ts`);
  const shared = own.includes("runBoard(") ? readText("boards/default-board.ts") : own;
  expect(own).toContain(`name: "${name}"`);
  expect(own).toContain(`burstPeriodUs: ${burstPeriodUs},`);
  expect(shared).toContain(`framePeriodMinMs: ${framePeriodMinMs},`);
  expect(shared).toContain(`framePeriodMs: ${framePeriodMs},`);
  const { pins, serial } = boardNamed(name);
  expect(board.line).toContain(`${serial} (${pins.tx} out, ${pins.rx} in`);
});
