// The bundle of a device board as rollup makes it, and the same before terser touches it.
import type { OutputAsset, OutputChunk, OutputOptions, Plugin, RollupOptions } from "rollup";
import { rollup } from "rollup";
import { deviceOptions } from "../../rollup.config.ts";

type Output = [OutputChunk, ...(OutputChunk | OutputAsset)[]];

/** All that rollup makes of a board: the script, and beside it what is uploaded. */
export async function outputOf(options: RollupOptions): Promise<Output> {
  const build = await rollup(options);
  const { output } = await build.generate(options.output as OutputOptions);
  await build.close();
  return output;
}

/** What is shipped, as text. */
export async function shippedBundle(board: string): Promise<string> {
  return (await outputOf(deviceOptions(board)))[0].code;
}

/** What is uploaded: the same as tokens of the interpreter. */
export function uploadedBytes(output: Output): Buffer {
  const assets = output.filter((each) => each.type === "asset");
  if (assets.length !== 1) throw new Error(`${assets.length} files beside the script`);
  return Buffer.from(assets[0].source as Uint8Array);
}

/** The TypeScript of the same board, only compiled: names and statements as they were written. */
export async function plainBundle(board: string): Promise<string> {
  const options = deviceOptions(board);
  const made = ["terser", "tokens"];
  const plugins = (options.plugins as Plugin[]).filter((plugin) => !made.includes(plugin.name));
  return (await outputOf({ ...options, plugins }))[0].code;
}
