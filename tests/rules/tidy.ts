// Size, names and leftovers of the sources. Each check returns its complaints; empty = nothing.
import ts from "typescript";
import { parse, type Import } from "./sources.ts";

const fileLines = 250;
const functionLines = 40;
const columns = 100;

const vagueWords = ["manager", "handler", "helper", "util", "service", "data", "process"];

/** Sources held to the size rules; tests are exempt from them. */
export function isProduct(path: string): boolean {
  return !path.startsWith("tests/");
}

/** Lines that are too wide, and for products files and functions that are too long. */
export function sizeComplaints(path: string, text: string): string[] {
  const lines = text.replace(/\n$/, "").split("\n");
  const wide = lines.flatMap((line, i) =>
    [...line].length > columns ? [`${path}:${i + 1} is wider than ${columns} columns`] : [],
  );
  if (!isProduct(path)) return wide;
  const long = lines.length > fileLines ? [`${path} has ${lines.length} lines`] : [];
  return [...wide, ...long, ...longFunctions(path, text)];
}

function longFunctions(path: string, text: string): string[] {
  const found: string[] = [];
  const source = parse(path, text);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) {
      const first = source.getLineAndCharacterOfPosition(node.getStart()).line;
      const last = source.getLineAndCharacterOfPosition(node.end).line;
      const count = last - first + 1;
      if (count > functionLines) found.push(`${path}:${first + 1} a function of ${count} lines`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** File names with a word that says nothing, and barrels. */
export function nameComplaints(paths: string[]): string[] {
  const vague = new RegExp(`(^|[^a-z])(${vagueWords.join("|")})(s|es)?([^a-z]|$)`, "i");
  return paths.filter((path) => {
    const name = path.replace(/^.*\//, "").replace(/([a-z])([A-Z])/g, "$1-$2");
    return vague.test(name) || /^index\.[jt]s$/.test(name);
  });
}

/** Tests that are singled out, or switched off without a comment or text that says why. */
export function switchedOff(path: string, text: string): string[] {
  const lines = text.split("\n");
  const found: string[] = [];
  const source = parse(path, text);
  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isPropertyAccessExpression(node)) return;
    if (!/^(test|it|describe|suite)\b/.test(node.expression.getText())) return;
    const word = node.name.text;
    const line = source.getLineAndCharacterOfPosition(node.name.getStart()).line;
    const comment = [line, line - 1].some((i) => /\/\/\s*\S|\*\/\s*$/.test(lines[i] ?? ""));
    const reason = ["skip", "skipIf", "runIf", "todo", "fails"].includes(word) && !comment;
    if (word === "only" || reason) found.push(`${path}:${line + 1} .${word}`);
  };
  visit(source);
  return found;
}

/** The sources that no entry reaches through imports of any kind. */
export function deadFiles(sources: string[], entries: string[], imports: Import[]): string[] {
  const alive = new Set(entries);
  for (const path of alive) {
    for (const each of imports) if (each.from === path && each.local) alive.add(each.target);
  }
  return sources.filter((path) => !alive.has(path));
}
