// The repository as the rule tests see it: which files there are and what they import.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import ts from "typescript";

const generated = new Set(["node_modules", "dist", "runs", "coverage", ".git"]);

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (generated.has(entry.name)) return [];
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** Paths of all files that git tracks or would add; without git, of all not generated. */
export function listFiles(): string[] {
  try {
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const paths = execFileSync("git", args, { encoding: "utf8", stdio: "pipe" }).split("\0");
    return paths.filter((path) => path !== "" && existsSync(path));
  } catch {
    return walk(".");
  }
}

/** Paths of the TypeScript sources, tests included. */
export function listSources(): string[] {
  return listFiles().filter((path) => path.endsWith(".ts"));
}

export function readText(path: string): string {
  return readFileSync(path, "utf8");
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** One import: of a file in the repository (`local`) or of a package. */
export interface Import {
  from: string;
  target: string;
  local: boolean;
  typeOnly: boolean;
}

function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const clause = node.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name || !bindings || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((each) => each.isTypeOnly);
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return node.argument.literal;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const callee = node.expression;
  const loads = callee.kind === ts.SyntaxKind.ImportKeyword || callee.getText() === "require";
  return loads ? node.arguments[0] : undefined;
}

/** Everything a source imports or re-exports, dynamically and as a type too. */
export function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier && ts.isStringLiteralLike(specifier)) {
      const local = specifier.text.startsWith(".");
      const target = local ? posix.join(posix.dirname(path), specifier.text) : specifier.text;
      found.push({ from: path, target, local, typeOnly: isTypeOnly(node) });
    }
    ts.forEachChild(node, visit);
  };
  visit(parse(path, text));
  return found;
}

/** The imports of all given sources. */
export function readImports(paths: string[]): Import[] {
  return paths.flatMap((path) => importsOf(path, readText(path)));
}
