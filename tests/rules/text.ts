// What no file of the repository may say. The words are put together here, so that this file and
// its test may be judged as well.

const folders = ["work", "root", "home"].join("|");
const machinePath = new RegExp(`(^|[\\s"'\`(=:,])/(${folders})/`, "m");
const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);

/** Paths of one particular machine and notes of unfinished work, as text; empty = nothing. */
export function textComplaints(path: string, text: string): string[] {
  return text.split("\n").flatMap((line, i) => {
    const place = `${path}:${i + 1}`;
    if (machinePath.test(line)) return [`${place} names a path of one machine`];
    return unfinished.test(line) ? [`${place} is unfinished`] : [];
  });
}
