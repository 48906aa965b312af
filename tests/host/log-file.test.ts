// `cyclet fetch --on file:PATH`: what is no log, and a log without a run, is told in one line.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fetchFile } from "../../host/fetch.ts";
import { InputError } from "../../host/input-error.ts";
import { logInFile } from "../../host/link/hosted-log.ts";
import { isOpen, readLogFile } from "../../host/log-file.ts";
import { runsOf } from "../../host/log-run.ts";
import { createStream } from "../../sim/random.ts";
import { createSupply } from "../../sim/supply.ts";
import { readFlash } from "../../sim/flash.ts";
import { bootBench, sampleOf, smallFlash } from "../firmware/log-bench.ts";
import { START_LINE, VERDICT_LINE } from "../firmware/log-bench.ts";

let folder = "";
const path = (): string => join(folder, "log");
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cyclet-log-file-"));
  vi.stubEnv("CYCLET_STATE", folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function fetching(run?: number): Promise<number> {
  const on = `file:${path()}`;
  return fetchFile(logInFile(on), { on, ...(run !== undefined && { run }) }, () => undefined);
}

/** Two runs of some samples, the second without its end. */
function writeRuns(): void {
  const flash = smallFlash(16, 4096);
  const bench = bootBench(flash, createSupply(Infinity, 0, createStream(1, "file")));
  for (const end of [[VERDICT_LINE], []]) {
    bench.frame(null, START_LINE);
    for (let i = 0; i < 200; i++) bench.frame(sampleOf(i));
    bench.frame(null, ...end);
    for (let i = 0; i < 50; i++) bench.frame(null);
  }
  writeFileSync(
    path(),
    Uint8Array.from({ length: 16 * 4096 }, (_, i) => readFlash(flash, i)),
  );
}

test("a file that is not there, is none of ours, or is blank", async () => {
  await expect(fetching()).rejects.toThrow(InputError);
  await expect(fetching()).rejects.toThrow(/^\S+log: cannot be read: /);
  writeFileSync(path(), "time,voltage\n");
  await expect(fetching()).rejects.toThrow(/^\S+log: is no log: it is not made of sectors/);
  writeFileSync(path(), new Uint8Array(8192).fill(255));
  await expect(fetching()).rejects.toThrow(/^\S+log: no run is in this log$/);
  expect(() => logInFile("file:")).toThrow(/accepted: file:PATH of a log/);
});

test("its runs, which of them has ended, and which is not there", async () => {
  writeRuns();
  const { book } = readLogFile(path());
  expect(runsOf(book)).toEqual([1, 2]);
  expect([isOpen(book, 1), isOpen(book, 2)]).toEqual([false, true]);
  await expect(fetching(7)).rejects.toThrow(
    /^--run 7: \S+: not in the log; near it there is 1, 2$/,
  );
  await expect(fetching()).rejects.toThrow(/has not loaded the board with the run's program/);
});
