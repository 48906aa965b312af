// What belongs into a device bundle.

const core = /^firmware\//;
const sharedAcquisition = /^hal\/[^/]+\.ts$/;

/** The modules in a board's bundle that are neither core nor named by the board; a named file's
 *  own helpers, `name-….ts` beside it, belong to it. */
export function foreignModules(modules: string[], board: string, named: string[]): string[] {
  const chips = named.filter((path) => path.startsWith("hal/") || path.startsWith("boards/"));
  return modules.filter((path) => {
    if (path === board || core.test(path) || sharedAcquisition.test(path)) return false;
    return !chips.some((chip) => path === chip || path.startsWith(chip.replace(/\.ts$/, "-")));
  });
}
