// Rollup loads its own configuration through this plugin: types are only removed, and only what
// the bundles need is read, because every `npm start` waits for it.
import typescript from "@rollup/plugin-typescript";

export default function stripTypes() {
  return typescript({ tsconfig: "tsconfig.build.json" });
}
