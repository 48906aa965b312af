// Which cyclet this is: the number in package.json and the bytes of the running program.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The version in package.json, which stands one folder above this file and above the bundle. */
export function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** SHA-256 of the running program's file, hexadecimal. */
export function bundleHash(): string {
  return createHash("sha256")
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .digest("hex");
}
