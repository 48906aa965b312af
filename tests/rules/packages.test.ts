import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { readText } from "./sources.ts";

interface Package {
  hasInstallScript?: boolean;
  integrity?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

const lock = JSON.parse(readText("package-lock.json")) as { packages: Record<string, Package> };
const installed = Object.entries(lock.packages).filter(([path]) => path !== "");

// The script of this one would compile it where it brings nothing ready made.
const scripted = "node_modules/@serialport/bindings-cpp";
const madeFor = [
  ...["android-arm", "android-arm64", "darwin-x64+arm64", "linux-arm", "linux-arm64"],
  ...["linux-x64", "win32-arm64", "win32-ia32", "win32-x64"],
];

test("no package runs a script when it is installed", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(readText(".npmrc").split("\n")).toContain("ignore-scripts=true");
  const paths = installed.filter(([, each]) => each.hasInstallScript).map(([path]) => path);
  expect(paths).toEqual([scripted]);
});

test.each(madeFor)("serial ports on %s need nothing to be compiled", (platform) => {
  expect(existsSync(`${scripted}/prebuilds/${platform}`)).toBe(true);
});

test("no script of ours relies on one before or after it, which npm leaves out as well", () => {
  const { scripts } = JSON.parse(readText("package.json")) as { scripts: Record<string, string> };
  const around = Object.keys(scripts).filter((name) => {
    return Object.hasOwn(scripts, name.replace(/^(pre|post)/, "")) && /^(pre|post)/.test(name);
  });
  expect(around).toEqual([]);
});

test("every package is pinned by its hash", () => {
  const loose = installed.filter(([, each]) => !each.integrity && !each.link);
  expect(loose.map(([path]) => path)).toEqual([]);
});

test("the optional packages of every platform are locked, so that npm ci works on each", () => {
  const missing = installed.flatMap(([path, each]) =>
    Object.keys(each.optionalDependencies ?? {}).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) &&
        !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});
