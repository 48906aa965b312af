// Threads that take jobs one after another until none is left. A job is seeded and on its own, so
// that the order in which they end does not matter.
import { availableParallelism } from "node:os";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { Section } from "./section.ts";

const MARK = "cyclet corpus";

interface Order {
  section: string;
  job: unknown;
}

/** Whether this thread was started by `runJobs`. */
export function isThread(): boolean {
  return workerData === MARK;
}

/** In a thread: does what it is told, until it is stopped. */
export function serve(sections: readonly Section[]): void {
  parentPort?.on("message", ({ section, job }: Order) => {
    const found = sections.find((each) => each.name === section);
    parentPort?.postMessage(found?.work(job));
  });
}

function ask(worker: Worker, order: Order): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners();
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a thread ended with ${code}`)));
    worker.postMessage(order);
  });
}

async function empty(
  file: string,
  orders: readonly Order[],
  take: () => number,
  keep: (n: number, result: unknown) => void,
): Promise<void> {
  const worker = new Worker(file, { workerData: MARK });
  try {
    for (let n = take(); n < orders.length; n = take()) keep(n, await ask(worker, orders[n]));
  } finally {
    worker.removeAllListeners();
    await worker.terminate();
  }
}

/** Does `orders` in threads of `file`; results in the order of the orders. `tell` hears how many
 *  are done. */
export async function runJobs(
  file: string,
  orders: readonly Order[],
  tell: (done: number) => void,
): Promise<unknown[]> {
  const results: unknown[] = [];
  let nextOne = 0;
  let done = 0;
  const threads = Math.min(availableParallelism(), orders.length);
  const take = (): number => nextOne++;
  const keep = (n: number, result: unknown): void => {
    results[n] = result;
    tell(++done);
  };
  await Promise.all(Array.from({ length: threads }, () => empty(file, orders, take, keep)));
  return results;
}
