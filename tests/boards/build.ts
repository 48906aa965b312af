// The bundle of a device board as rollup makes it, and the same before terser touches it.
import type { OutputOptions, Plugin, RollupOptions } from "rollup";
import { rollup } from "rollup";
import { deviceOptions } from "../../rollup.config.ts";

async function codeOf(options: RollupOptions): Promise<string> {
  const build = await rollup(options);
  const { output } = await build.generate(options.output as OutputOptions);
  await build.close();
  return output[0].code;
}

/** What is shipped. */
export async function shippedBundle(board: string): Promise<string> {
  return codeOf(deviceOptions(board));
}

/** The TypeScript of the same board, only compiled: names and statements as they were written. */
export async function plainBundle(board: string): Promise<string> {
  const options = deviceOptions(board);
  const plugins = (options.plugins as Plugin[]).filter((plugin) => plugin.name !== "terser");
  return codeOf({ ...options, plugins });
}
