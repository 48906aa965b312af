// Who may import whom: the table of the design, row by row.
import { builtinModules } from "node:module";
import { readText, type Import } from "./sources.ts";

/** May Node's own modules and our dependencies be imported? */
type Packages = "no" | "any" | "development";

interface Row {
  who: RegExp;
  /** Files that may be imported, and files of which only types may be. */
  values: RegExp[];
  types: RegExp[];
  packages: Packages;
}

const port = /^hal\/(port|bus)\.ts$/;
const firmware = /^firmware\//;
const sim = /^sim\//;
const boards = /^boards\//;
// The shell, and the features that a board names: rules, active proofs, evidence, the journal.
const features = "approach|potential|impedance|terms|datalog|proof(-(further|half|rest|sine))?";
const boardMain = new RegExp(`^firmware/(main|scribe|learned|evidence|panel|${features})\\.ts$`);
// The codecs, and the fault table, which names on the host what the board counts by number.
const codec = "telemetry|console|protocol|encode|record|resume|log-format|config|fault|detectable";
const codecs = new RegExp(`^firmware/(${codec})\\.ts$`);
const hostedBoards = /^boards\/(simulated|replay|firmata-[^/]+|[^/]*capabilities)\.ts$/;
const anything = /^(firmware|hal|sim|boards|host|bench|paper)\//;
// The emulated Uno and the specimens of its tests, which a benchmark measures.
const measured = /^tests\/(hal\/firmata|boards)\//;

/** A chip's own helpers: files beside it under its name, and chip-free ones directly in hal/. */
function chipRow(path: string): Row {
  const own = path.replace(/^(hal\/[^/]+\/[^/.-]+).*$/, "$1");
  const helpers = path.startsWith("hal/") && path.split("/").length === 2 ? [] : [`${own}[-./].*`];
  const shared = /^hal\/(?!scan\.ts|port\.ts|bus\.ts)[^/]+\.ts$/;
  const values = [shared, ...helpers.map((each) => new RegExp(`^${each}$`))];
  return { who: /^/, values, types: [port], packages: "no" };
}

const rows: Row[] = [
  { who: port, values: [], types: [], packages: "no" },
  { who: firmware, values: [firmware], types: [port], packages: "no" },
  { who: /^hal\/espruino\//, values: [/^hal\/espruino\//], types: [port], packages: "no" },
  {
    who: /^hal\/firmata\//,
    values: [/^hal\/firmata\//, /^hal\/frame\.ts$/],
    types: [port],
    packages: "any",
  },
  { who: sim, values: [sim], types: [port], packages: "no" },
  {
    who: /^boards\/(simulated(-witness)?|page)\.ts$/,
    values: [boardMain, /^hal\//, boards, sim],
    types: [firmware],
    packages: "no",
  },
  {
    who: /^boards\/replay\.ts$/,
    values: [firmware, /^hal\//, boards],
    types: [],
    packages: "no",
  },
  {
    who: /^boards\/firmata-/,
    values: [boardMain, /^hal\//, boards],
    types: [firmware],
    packages: "any",
  },
  { who: boards, values: [boardMain, /^hal\//, boards], types: [firmware], packages: "no" },
  {
    who: /^host\//,
    values: [/^host\//, codecs, hostedBoards],
    types: [firmware, port],
    packages: "any",
  },
  { who: /^bench\//, values: [anything, measured], types: [], packages: "any" },
  { who: /^paper\//, values: [anything], types: [], packages: "development" },
];

function rowOf(path: string): Row | undefined {
  const row = rows.find(({ who }) => who.test(path));
  return row ?? (path.startsWith("hal/") ? chipRow(path) : undefined);
}

const packageFile = readText("package.json");
const { dependencies, devDependencies } = JSON.parse(packageFile) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

function isDeclared(name: string, packages: Packages): boolean {
  if (packages === "no") return false;
  if (name.startsWith("node:") || builtinModules.includes(name)) return true;
  const declared = Object.keys(dependencies);
  if (packages === "development") declared.push(...Object.keys(devDependencies));
  return declared.some((each) => name === each || name.startsWith(`${each}/`));
}

function allows(row: Row, each: Import): boolean {
  if (!each.local) return isDeclared(each.target, row.packages);
  const matches = (pattern: RegExp): boolean => pattern.test(each.target);
  return row.values.some(matches) || (each.typeOnly && row.types.some(matches));
}

/** The imports that the table does not allow, as text; files outside the table are not judged. */
export function forbiddenImports(imports: Import[]): string[] {
  const refused = imports.filter((each) => {
    const row = rowOf(each.from);
    return row !== undefined && !allows(row, each);
  });
  return refused.map(
    ({ from, target, typeOnly }) => `${from} imports ${typeOnly ? "types of " : ""}${target}`,
  );
}

const stages = [
  ...["measure", "supervise", "follow", "account", "shorts", "proof", "ccd", "pulse"],
  ...["schedule", "galvanostat"],
];

/** Height of a file: sample <- fault <- protocol <- config <- limits <- stages <- channel <- shell
 *  <- main. */
function heightOf(path: string): number {
  const name = path.replace(/^firmware\/|\.ts$/g, "");
  if (name === "sample") return 0;
  if (name === "fault") return 1;
  if (["protocol", "step-record", "encode"].includes(name)) return 2;
  if (name === "config") return 3;
  if (name === "limits") return 4;
  if (name === "channel") return 6;
  if (name === "shell" || name === "obey") return 7;
  return name === "main" ? 8 : 5;
}

/** Values that a firmware file takes from above it or, being a stage, from another stage; and
 *  anything taken from main. Types that go in a circle are left to `cycles`. */
export function firmwareDisorder(imports: Import[]): string[] {
  const isStage = (path: string): boolean => stages.some((name) => path === `firmware/${name}.ts`);
  const refused = imports.filter(({ from, target, typeOnly }) => {
    if (!firmware.test(from) || !firmware.test(target)) return false;
    if (boardMain.test(target)) return true;
    if (typeOnly) return false;
    return heightOf(target) > heightOf(from) || (isStage(from) && isStage(target));
  });
  return refused.map(({ from, target }) => `${from} must not know ${target}`);
}

/** Every cycle, of value and type imports alike, once, as `a -> b -> a`. */
export function cycles(imports: Import[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, target, local } of imports) {
    if (local) next.set(from, (next.get(from) ?? new Set()).add(target));
  }
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(" -> "));
    if (start >= 0 || finished.has(path)) return;
    for (const target of next.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of next.keys()) visit(path, []);
  return found;
}
