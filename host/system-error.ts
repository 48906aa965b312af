// Plain words for what the operating system refuses.

const WORDS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of the path is no folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the device",
  EIO: "the device failed",
  EFBIG: "the file would become too large",
  ENAMETOOLONG: "the name is too long",
  EMFILE: "too many open files",
};

/** The system's code of an error such as "ENOSPC", "" when it is none of the system's. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null || !("code" in error)) return "";
  return typeof error.code === "string" ? error.code : "";
}

/** One line that says why the system refused. */
export function reason(error: unknown): string {
  const code = codeOf(error);
  const words = WORDS[code];
  if (words !== undefined) return `${words} (${code})`;
  return (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, " ");
}
