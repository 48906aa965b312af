// Which function a number in an event list means. The list is the rig's, not the world's: the
// same functions, declared in the same order, give every copy of a world its own.

/** A timer's or a completion's function; events hold its number in the declared list. */
export type TaskFunction = (bytes: ArrayLike<number> | null) => void;

export interface Registry {
  readonly tasks: TaskFunction[];
  readonly ids: Map<TaskFunction, number>;
}

export function createRegistry(): Registry {
  return { tasks: [], ids: new Map() };
}

/** Appends `tasks`. Throws a RangeError on one that is there already. */
export function declare(registry: Registry, tasks: readonly TaskFunction[]): void {
  for (const task of tasks) {
    if (registry.ids.has(task)) throw new RangeError("port: a task is declared twice");
    registry.ids.set(task, registry.tasks.length);
    registry.tasks.push(task);
  }
}

/** Drops all tasks: those of a firmware that is no more. */
export function forget(registry: Registry): void {
  registry.tasks.length = 0;
  registry.ids.clear();
}

/** The task with number `id`; a RangeError if there is none. */
export function taskOf(registry: Registry, id: number): TaskFunction {
  const task = registry.tasks[id] as TaskFunction | undefined;
  if (task === undefined) throw new RangeError("port: no task declared with id " + id);
  return task;
}

/** The number of `task`; a RangeError if it was not declared. */
export function idOf(registry: Registry, task: TaskFunction): number {
  const id = registry.ids.get(task);
  if (id === undefined) throw new RangeError("port: undeclared task " + task.name);
  return id;
}
