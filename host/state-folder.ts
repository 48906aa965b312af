// Where what has to outlive a run is kept: the memory of channels that run on this computer.
import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

function base(): string {
  const { CYCLET_STATE, LOCALAPPDATA, XDG_STATE_HOME } = process.env;
  if (CYCLET_STATE) return CYCLET_STATE;
  const home = homedir();
  if (process.platform === "win32") {
    return join(LOCALAPPDATA ?? join(home, "AppData", "Local"), "cyclet");
  }
  if (process.platform === "darwin") return join(home, "Library", "Application Support", "cyclet");
  return join(XDG_STATE_HOME ?? join(home, ".local", "state"), "cyclet");
}

/** The path of the file `name` there; the folder is made. Throws the system's error. */
export function stateFile(name: string): string {
  const folder = base();
  mkdirSync(folder, { recursive: true });
  return join(folder, name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^-+/, ""));
}
