// What no program of ours may do: turn text into code, start a shell, wait for strangers on the
// network. Read from the syntax, so that neither comments nor strings count.
import ts from "typescript";
import { parse } from "./sources.ts";

/** Modules that a bundle may ask the interpreter for; the sources name it by a constant. */
const MODULES = ['"Storage"', "'Storage'", "STORAGE", '"firmata-io"', '"johnny-five"'];
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];
/** Espruino's own ways to take text for a program, or to change what runs at power-on. */
const INTERPRETER = ["dumpStr", "setBootCode", "mapInPlace", "asm", "compiledC", "nativeCall"];
/** Ways to put text into a page as markup. */
const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML", "writeln"];
const SHELLS = ["exec", "execSync"];
const LISTENERS = ["createServer", "listen", "createSocket"];

function isText(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node));
}

/** Last name of a callee: `b` of `a.b(…)`, `a` of `a(…)`. */
function nameOf(callee: ts.Node): string {
  if (ts.isPropertyAccessExpression(callee)) return callee.name.text;
  return ts.isIdentifier(callee) ? callee.text : "";
}

function judgeCall(node: ts.CallExpression | ts.NewExpression): string {
  const name = nameOf(node.expression);
  const first = node.arguments?.[0];
  if (name === "eval" || name === "Function") return `${name}(…)`;
  if (TIMERS.includes(name) && isText(first)) return `${name} with a text`;
  const known = MODULES.includes(first?.getText() ?? "");
  const bare = ts.isIdentifier(node.expression);
  if (name === "require" && bare && !known) return `require(${first?.getText() ?? ""})`;
  return INTERPRETER.includes(name) ? `${name}(…)` : "";
}

function collect(path: string, text: string, judge: (node: ts.Node) => string): string[] {
  const found: string[] = [];
  const source = parse(path, text);
  const visit = (node: ts.Node): void => {
    const complaint = judge(node);
    if (complaint !== "") {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${path}:${line + 1} ${complaint}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Where a script takes text for code, or loads what it does not carry; empty = nowhere. */
export function codeFromText(path: string, text: string): string[] {
  return collect(path, text, (node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return judgeCall(node);
    // A name that is only handed on can be called by whoever gets it.
    const named = ts.isIdentifier(node) && (node.text === "eval" || node.text === "Function");
    const called =
      ts.isCallExpression(node.parent ?? node) || ts.isNewExpression(node.parent ?? node);
    return named && !called && !isType(node) ? `${node.text} as a value` : "";
  });
}

function isType(node: ts.Node): boolean {
  return ts.isTypeReferenceNode(node.parent) || ts.isPropertyAccessExpression(node.parent);
}

/** Where a program on a computer starts a shell, waits for connections, or writes markup. */
export function reachesOut(path: string, text: string): string[] {
  return collect(path, text, (node) => {
    if (ts.isPropertyAccessExpression(node) && MARKUP.includes(node.name.text)) {
      return node.name.text;
    }
    if (ts.isPropertyAssignment(node) && node.name.getText() === "shell") {
      return node.initializer.kind === ts.SyntaxKind.FalseKeyword ? "" : "a shell";
    }
    if (!ts.isCallExpression(node)) return "";
    const name = nameOf(node.expression);
    const owner = node.expression;
    // A pattern's `exec` is none of a shell.
    const bare = ts.isIdentifier(owner) || /child_?process/i.test(owner.getText());
    if (SHELLS.includes(name) && bare) return `${name}(…)`;
    return LISTENERS.includes(name) && !isOwnListen(node, name) ? `${name}(…)` : "";
  });
}

/** `listen` of ours takes no port: a function, or an object that is told what it hears. */
function isOwnListen(node: ts.CallExpression, name: string): boolean {
  if (name !== "listen") return false;
  const first = node.arguments[0];
  return first !== undefined && !ts.isNumericLiteral(first) && !ts.isObjectLiteralExpression(first);
}
