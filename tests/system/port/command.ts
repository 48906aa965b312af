// The built command line as a process of its own, in a folder with a cell and protocols, at a port
// that the test plugs in and pulls out.
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { targetCell } from "../../../host/target.ts";
import type { Pty } from "./pty.ts";
import { openPty } from "./pty.ts";

const program = fileURLToPath(new URL("../../../dist/cyclet.js", import.meta.url));
/** Of the protocols' current steps, A. */
export const LIVE_A = 2e-4;

let folder = "";
let ptys: Pty[] = [];
const children: ChildProcess[] = [];

/** The port's name, which outlives what is plugged in. */
export const port = (): string => join(folder, "port");
export const target = (): string => `firmata:${port()}`;

export async function plugIn(): Promise<Pty> {
  const pty = await openPty(port());
  ptys.push(pty);
  return pty;
}

export async function pullOut(pty: Pty): Promise<void> {
  ptys = ptys.filter((each) => each !== pty);
  await pty.pull();
}

/** A command under way. */
export interface Started {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  /** Resolves with the exit status, null = killed. */
  ended: Promise<number | null>;
}

/** `cyclet` with these words and the port. */
export function cyclet(words: string[], uid?: number): Started {
  const env = { ...process.env, CYCLET_STATE: join(folder, "state") };
  const args = [program, ...words, "--on", target()];
  const child = spawn(process.execPath, args, { cwd: folder, env, ...(uid && { uid }) });
  children.push(child);
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr.on("data", (text: Buffer) => (err += text.toString()));
  const ended = new Promise<number | null>((done) => child.on("close", (status) => done(status)));
  return { child, out: () => out, err: () => err, ended };
}

export async function until(condition: () => boolean, ms: number): Promise<boolean> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await sleep(20);
  return condition();
}

export function setUp(): void {
  folder = mkdtempSync(join(tmpdir(), "cyclet-port-"));
  const { sim, ...cell } = targetCell("sim:hNa");
  expect(sim).toBeDefined();
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), JSON.stringify(content));
  write("cell.json", cell);
  const current = { step: "current", currentMa: LIVE_A * 1e3, until: { timeS: 6 } };
  write("short.json", { cyclet: 1, method: [{ step: "rest", timeS: 2 }, current] });
  write("rest.json", { cyclet: 1, method: [{ step: "rest", timeS: 15 }, current] });
  // Also for whoever may not open the port.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, "state"));
  chmodSync(join(folder, "state"), 0o777);
}

export async function tidyUp(): Promise<void> {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const pty of ptys.splice(0)) await pty.pull();
  rmSync(folder, { recursive: true });
}

/** The folders of all runs. */
export function runs(): string[] {
  return readdirSync(join(folder, "runs")).sort();
}

/** What a run leaves behind, by the ends of the names. */
export function filesOf(name: string): string[] {
  const files = readdirSync(join(folder, "runs", `${name}-hNa`));
  return files.map((each) => each.replace(/^.*?\./, "")).sort();
}

/** All of a run that said nothing for which there was evidence. */
export const WHOLE = [
  "bdf.csv",
  "bdf.metadata.json",
  "cycles.csv",
  "events.ndjson",
  "meta.json",
  "report.html",
];
export const RUN = ["--cell", "cell.json", "--keep-alive"];
