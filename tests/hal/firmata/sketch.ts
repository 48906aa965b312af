// StandardFirmata as machine code for the Uno, compiled where it is needed: its source (LGPL-2.1+)
// comes from a package of the registry, the Arduino core and the compiler from Debian. Nothing of
// it is part of this repository; what was compiled stays in a cache beside the installed packages.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";

/** The only package of the registry that holds the whole source of Firmata 2.5.8. */
const PACKAGE = "node-pixel@0.11.0";
const ARCHIVE = "node-pixel-0.11.0.tgz";
const ARCHIVE_SHA256 = "0d2842a3c08992b64b51c55fb34c0390a9cd3a6df8fadd47b25ad67bb21c0348";
const SOURCE = "package/firmware/src/libs/firmata/arduino";

/** Debian's arduino-core-avr. */
const CORE = "/usr/share/arduino/hardware/arduino/avr";
const COMPILER = "avr-gcc";
/** Longest that the registry may take, ms. */
const FETCH_MS = 60_000;

/** Only Wire is used; the sketch asks for Servo as well, which Debian does not have. */
const SERVO = `#pragma once
#define MAX_SERVOS 12
struct Servo {
  void attach(int) {}
  void attach(int, int, int) {}
  void detach() {}
  bool attached() { return false; }
  void write(int) {}
};
`;

/** Program memory of the ATmega328P, and how to tell one build from another. */
export interface Sketch {
  code: Uint8Array;
  sha256: string;
}

/** Changes the sketch's source before it is compiled; `name` tells the variants apart. */
export interface Variant {
  name: string;
  change(source: string): string;
}

const STANDARD: Variant = { name: "StandardFirmata", change: (source) => source };

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function run(folder: string, program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: folder, stdio: "pipe", timeout: FETCH_MS });
}

/** Why nothing can be compiled here, or null. */
function missing(): string | null {
  if (!existsSync(CORE)) return `Debian's arduino-core-avr is not installed (${CORE})`;
  try {
    execFileSync(COMPILER, ["--version"], { stdio: "pipe" });
  } catch {
    return `the compiler ${COMPILER} (Debian: gcc-avr, avr-libc) is not installed`;
  }
  return null;
}

/** The package's archive in the cache, fetched if need be. Throws what npm says. */
function archive(cache: string): string {
  const path = join(cache, ARCHIVE);
  if (!existsSync(path)) {
    const folder = mkdtempSync(join(cache, "fetch-"));
    run(folder, "npm", ["pack", PACKAGE, "--ignore-scripts", "--silent"]);
    renameSync(join(folder, ARCHIVE), path);
    rmSync(folder, { recursive: true });
  }
  const found = sha256(readFileSync(path));
  if (found !== ARCHIVE_SHA256) throw new Error(`${ARCHIVE} has sha256 ${found}`);
  return path;
}

function sources(folder: string, ending: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

/** Compiles in `folder`, which holds the unpacked package; returns the image. */
function compile(folder: string, variant: Variant): Uint8Array {
  const firmata = join(folder, SOURCE);
  const wire = join(CORE, "libraries/Wire/src");
  const core = join(CORE, "cores/arduino");
  const example = join(firmata, "examples/StandardFirmata/StandardFirmata.ino");
  // As the Arduino builder does; the firmware's name is made from the file's.
  const sketch = join(folder, "StandardFirmata.ino.cpp");
  const text = variant.change(readFileSync(example, "latin1"));
  writeFileSync(sketch, `#include <Arduino.h>\n${text}`, "latin1");
  writeFileSync(join(folder, "Servo.h"), SERVO);
  const include = [core, join(CORE, "variants/standard"), wire, join(wire, "utility"), folder];
  const flags = [
    ...["-Os", "-w", "-mmcu=atmega328p", "-ffunction-sections", "-fdata-sections"],
    ...["-DF_CPU=16000000L", "-DARDUINO=10819", "-DARDUINO_AVR_UNO", "-DARDUINO_ARCH_AVR"],
    // What this core's WString.cpp expects of a younger avr-libc.
    "-DDECIMAL_DIG=__DECIMAL_DIG__",
    ...[...include, firmata, join(firmata, "utility")].map((path) => `-I${path}`),
  ];
  const plain = [...sources(core, ".c"), ...sources(join(wire, "utility"), ".c")];
  const plus = [...sources(core, ".cpp"), ...sources(wire, ".cpp"), ...sources(firmata, ".cpp")];
  run(folder, COMPILER, [...flags, "-std=gnu11", "-c", ...plain]);
  const dialect = ["-std=gnu++11", "-fno-exceptions", "-fno-threadsafe-statics", "-fpermissive"];
  run(folder, "avr-g++", [...flags, ...dialect, "-c", ...plus, sketch]);
  const objects = [...plain, ...plus, sketch].map((path) => basename(path).replace(/\w+$/, "o"));
  const link = ["-Os", "-mmcu=atmega328p", "-Wl,--gc-sections", "-o", "sketch.elf"];
  run(folder, COMPILER, [...link, ...new Set(objects), "-lm"]);
  run(folder, "avr-objcopy", ["-O", "binary", "-R", ".eeprom", "sketch.elf", "sketch.bin"]);
  return readFileSync(join(folder, "sketch.bin"));
}

/** The machine code, from the cache or compiled now; a text says why there is none. */
export function buildSketch(variant: Variant = STANDARD): Sketch | string {
  const cache = resolve("node_modules/.cache/standard-firmata");
  mkdirSync(cache, { recursive: true });
  const change = sha256(Buffer.from(variant.change.toString())).slice(0, 8);
  const name = variant === STANDARD ? variant.name : `${variant.name}-${change}`;
  const image = join(cache, `${name}.bin`);
  if (!existsSync(image)) {
    const reason = missing();
    if (reason !== null) return reason;
    const folder = mkdtempSync(join(tmpdir(), "standard-firmata-"));
    try {
      run(folder, "tar", ["-xzf", archive(cache), SOURCE]);
      const code = compile(folder, variant);
      writeFileSync(join(folder, "image"), code);
      copyFileSync(join(folder, "image"), `${image}.new`);
      renameSync(`${image}.new`, image);
    } catch (error) {
      return `${PACKAGE} cannot be had or compiled: ${String(error).slice(0, 400)}`;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const code = readFileSync(image);
  return { code, sha256: sha256(code) };
}
