// Bundles: one flat script a device board (TypeScript -> ES2015 -> terser), the command line, the
// benchmarks, the paper's experiments and the detectors' statistics for Node.
// `--configOnly cli|device|bench|paper|roc` builds a part.
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import typescript from "@rollup/plugin-typescript";
import type { Plugin, RollupLog, RollupOptions } from "rollup";
import { minify, type CompressOptions, type MangleOptions, type MinifyOptions } from "terser";
import { BOARD_CAPABILITIES } from "./boards/capabilities.ts";
import { pretokenise } from "./scripts/pretokenise.ts";
import { shortNames } from "./scripts/short-names.ts";
import { writeInPlace } from "./scripts/write-in-place.ts";

/** Boards whose bundle runs on an Espruino interpreter: boards/NAME.ts -> dist/boards/NAME.js, and
 *  the same as it is uploaded, NAME.bin. */
export const deviceBoards = BOARD_CAPABILITIES.map((board) => board.name);

// Names that belong to the interpreter, not to us: all other properties are shortened, since on a
// small board every long name costs memory, bytes and time. `do`, `if`, `in` and `of` are words
// that a short name must not become.
export const platformNames = [
  ..."abs address at atan2 baud bitrate buffer byteLength byteOffset ceil".split(" "),
  ..."charAt charCodeAt concat cos CRC32 enableWatchdog every exp fill filter".split(" "),
  ..."floor force getFloat64 getUint16 getUint32 getUint8 indexOf isArray join".split(" "),
  ..."kickWatchdog length log map max min miso mode mosi on parse PI pow push".split(" "),
  ..."read readFrom reduce rx sck scl sda send set setConsole setFloat64".split(" "),
  ..."setUint16 setUint32 setUint8 setup sin slice sqrt stop subarray".split(" "),
  ..."substring tx write writeTo".split(" "),
  ..."do if in of".split(" "),
];

// A function used in one place is written there (scripts/write-in-place.ts, and what it leaves over
// terser) and exists only while it runs. These stay functions of their own. The first are rare and
// large: what a frame does not run it reads all the same, where it stands. `judgeWhole` and
// `provide` are stages apart, of which none holds the other's variables. The others hand out
// closures: made inside another function each closure would hold a list of scopes, three variables.
const keptFunctions = [
  ..."judgeWhole provide coast proceed useLoaded judgeOutage tick proveDrive".split(" "),
  ..."obey heed leave".split(" "),
  ..."turn begin next advance file store goWithout finish".split(" "),
  "start",
];

// Further rare ones where variables are left.
const keptBeside = [..."sendEvents sendEvidence closeBin setGuards mayBegin".split(" ")];
const smallest = "mdbt42q";

// The only options known to leave the order of statements alone: Espruino does not hoist, so
// terser's defaults corrupt a bundle silently (`var` after use, `default` moved up, a name `of`).
const compressOptions: CompressOptions = {
  ecma: 2015,
  toplevel: true, // Constants go where they are used: each one kept costs memory on the board.
  passes: 3,
  inline: 1,
  reduce_funcs: true,
  switches: false,
  hoist_funs: false, // Else constants used above their line stay variables.
  hoist_vars: false,
  join_vars: true,
  collapse_vars: false,
};
const mangle: MangleOptions = { reserved: ["of"], toplevel: true };
const terserOptions: MinifyOptions = { ecma: 2015, format: { ecma: 2015 } };

const packageFile = readFileSync("package.json", "utf8");
interface Installed {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}
const { dependencies, devDependencies } = JSON.parse(packageFile) as Installed;

/** True for what Node finds itself: its own modules and our declared dependencies. */
function isInstalled(id: string): boolean {
  if (id.startsWith("node:") || builtinModules.includes(id)) return true;
  return Object.hasOwn(dependencies, packageOf(id));
}

/** The same for what never leaves the repository. */
function isInstalledHere(id: string): boolean {
  return isInstalled(id) || Object.hasOwn(devDependencies, packageOf(id));
}

function packageOf(id: string): string {
  return id.split("/", id.startsWith("@") ? 2 : 1).join("/");
}

/** A warning is an error: unresolved import, circular dependency, type error. */
function refuse(warning: RollupLog): never {
  const place = warning.loc ? `${warning.loc.file ?? ""}:${warning.loc.line}: ` : "";
  throw new Error(`${warning.code ?? "warning"}: ${place}${warning.message}`);
}

// Used so often that a name of their own pays: some ten bytes a use, for two variables each. The
// interpreter finds them in one step, and early among all names.
const often = [
  ..."abs exp floor log max min sqrt".split(" ").map((each) => `Math.${each}`),
  ..."Float64Array Uint8Array Uint32Array".split(" "),
];

/** The same with these under names that can be shortened. */
function nameOften(code: string): string {
  const used = often.filter((each) => code.split(`${each}(`).length > 3);
  const short = (each: string): string => each.replace("Math.", "math_") + "_";
  const names = used.map((each) => `const ${short(each)} = ${each};\n`).join("");
  const text = used.reduce((all, each) => {
    return all.replaceAll(new RegExp(`\\b${each}\\(`, "g"), `${short(each)}(`);
  }, code);
  return names + text;
}

/** Leaves nothing of what asks for a voltage or an impedance where a board carries neither. */
function without(board: string, code: string): string {
  const features = BOARD_CAPABILITIES.find((each) => each.name === board)?.features ?? [];
  if (features.includes("potential") || features.includes("impedance")) return code;
  return code
    .replaceAll(/\b(?:[\w$]+\.)*(?:loop\.tracking|limits\.kinds)\b/g, "0")
    .replaceAll(/\bfeatures\.(?:potential|impedance)\b/g, "undefined");
}

function shrink(board: string, whole: boolean): Plugin {
  const kept = board === smallest ? keptFunctions : [...keptFunctions, ...keptBeside];
  const compress = { ...compressOptions, top_retain: kept };
  return {
    name: "terser",
    async renderChunk(code) {
      const lost = kept.filter((each) => !code.includes(`\nfunction ${each}(`));
      if (whole && lost.length > 0) throw new Error(`no such function to keep: ${lost.join(", ")}`);
      const text = writeInPlace(nameOften(without(board, code)), kept);
      const named = { ...terserOptions, compress, mangle: { ...mangle, properties: false } };
      const props = shortNames((await minify(text, named)).code ?? "", platformNames);
      // A board's own: terser keeps the names of the last text in the options that it was given.
      const properties = { builtins: true, reserved: platformNames, cache: { props } };
      const options = { ...terserOptions, compress, mangle: { ...mangle, properties } };
      const { code: small } = await minify(text, options);
      return { code: small ?? "", map: null };
    },
  };
}

/** The exact file that is uploaded, beside the text. */
function tokens(board: string): Plugin {
  return {
    name: "tokens",
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type !== "chunk") continue;
        const source = pretokenise(file.code);
        this.emitFile({ type: "asset", fileName: `${board}.bin`, source });
      }
    },
  };
}

/** The bundle of one device board: bare statements in dependency order, no wrapper, no export.
 *  `input` is another script in the board's place. */
export function deviceOptions(board: string, input?: string): RollupOptions {
  const plugins = [typescript({ tsconfig: "tsconfig.device.json" })];
  plugins.push(shrink(board, input === undefined));
  if (input === undefined) plugins.push(tokens(board));
  return {
    input: input ?? `boards/${board}.ts`,
    preserveEntrySignatures: false,
    external: [],
    onwarn: refuse,
    plugins,
    output: { file: `dist/boards/${board}.js`, format: "es" },
  };
}

/** Types are checked by `npm run lint`; here they are only removed, so that builds are quick. */
function stripTypes(): Plugin {
  return typescript({ tsconfig: "tsconfig.build.json", sourceMap: true });
}

function cliOptions(): RollupOptions {
  return {
    input: "host/cli.ts",
    external: isInstalled,
    onwarn: refuse,
    plugins: [stripTypes()],
    output: {
      file: "dist/cyclet.js",
      format: "es",
      banner: "#!/usr/bin/env node",
      inlineDynamicImports: true,
      sourcemap: true,
    },
  };
}

function benchOptions(): RollupOptions {
  const names = readdirSync("bench").filter((name) => name.endsWith(".ts"));
  return {
    input: names.map((name) => `bench/${name}`),
    external: isInstalledHere,
    onwarn: refuse,
    plugins: [stripTypes()],
    output: {
      dir: "dist/bench",
      format: "es",
      chunkFileNames: "shared/[name].js",
      sourcemap: true,
    },
  };
}

function paperOptions(): RollupOptions {
  return {
    input: "paper/run.ts",
    external: isInstalledHere,
    onwarn: refuse,
    plugins: [stripTypes()],
    output: { file: "dist/paper/run.js", format: "es", sourcemap: true },
  };
}

function rocOptions(): RollupOptions {
  return {
    input: "tests/corpus/run.ts",
    external: isInstalledHere,
    onwarn: refuse,
    plugins: [stripTypes()],
    output: { file: "dist/roc/run.js", format: "es", sourcemap: true },
  };
}

const parts: Record<string, () => RollupOptions[]> = {
  device: () => deviceBoards.map((board) => deviceOptions(board)),
  cli: () => [cliOptions()],
  bench: () => [benchOptions()],
  paper: () => [paperOptions()],
  roc: () => [rocOptions()],
};

export default function select(args: Record<string, unknown>): RollupOptions[] {
  const only = args["configOnly"];
  if (only === undefined) return Object.values(parts).flatMap((options) => options());
  const options = typeof only === "string" ? parts[only] : undefined;
  if (!options) throw new Error(`--configOnly expects ${Object.keys(parts).join(", ")}`);
  return options();
}
