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

test("no package runs a script when it is installed", () => {
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, each]) => each.hasInstallScript).map(([path]) => path)).toEqual([]);
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
