// Runs the parts on as many threads as there are processors. Each part is seeded and on its own, so
// that the order in which they end does not matter.
import { availableParallelism } from "node:os";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Result } from "./result.ts";

/** What a thread is told, and what it answers. */
interface Order {
  part: string;
}

type Parts = Readonly<Record<string, () => Result>>;

/** In a thread: runs its part, tells the result and says true; false in the main thread. */
export function work(parts: Parts): boolean {
  if (isMainThread) return false;
  const { part } = workerData as Order;
  parentPort?.postMessage(parts[part]());
  return true;
}

function runOne(file: string, part: string): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: { part } satisfies Order });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => {
      if (code !== 0) reject(new Error(`${part}: its thread ended with ${code}`));
    });
  });
}

/** Runs `names` in threads of `file`; results in the order of the names. `tell` hears of each
 *  end. */
export async function runAll(
  file: string,
  names: readonly string[],
  tell: (name: string) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const serve = async (): Promise<void> => {
    while (next < names.length) {
      const n = next++;
      results[n] = await runOne(file, names[n]);
      tell(names[n]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, serve));
  return results;
}
