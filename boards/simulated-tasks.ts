// What a simulated rig needs of the board's parts to fork a run, and a real board does not.
import type { Part, Task } from "../hal/port.ts";

/** The functions that a part hands to ports: its fields `on…`, in the order of their creation. */
export function tasksOf(part: Part): Task[] {
  const names = Object.keys(part).filter((name) => /^on[A-Z]/.test(name));
  return names.map((name) => part[name as `on${string}`] as Task);
}
