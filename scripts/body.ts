// A function's body as a block of statements in another function: where it returned, its value goes
// elsewhere, and what would have followed stands in the other branch.
import type { Edit, Node } from "./syntax.ts";
import {
  applied,
  holdsFunctions,
  isFunction,
  isVariable,
  list,
  localsOf,
  optional,
  part,
  walk,
} from "./syntax.ts";

/** What becomes of a returned value, as a statement; null = it is returned here, too. */
export type Target = ((value: string) => string) | null;

const LOOP = /^(For|While|DoWhile|Switch|Try)/;

function contains(node: Node, type: string): boolean {
  let found = false;
  walk(node, (each) => {
    if (each.type === type) found = true;
    return !isFunction(each) || each === node;
  });
  return found;
}

/** Statements of a block, or the one that stands in a block's place. */
function statementsOf(node: Node | null): Node[] {
  if (node === null) return [];
  return node.type === "BlockStatement" ? list(node, "body") : [node];
}

/** Whether nothing that follows these statements is reached. */
function alwaysReturns(statements: readonly Node[]): boolean {
  const last = statements.at(-1);
  if (last === undefined) return false;
  if (last.type === "ReturnStatement") return true;
  if (last.type === "BlockStatement") return alwaysReturns(statementsOf(last));
  if (last.type !== "IfStatement") return false;
  const other = statementsOf(optional(last, "alternate"));
  return alwaysReturns(statementsOf(part(last, "consequent"))) && alwaysReturns(other);
}

/** Text of statements with their values sent to the target; null = they cannot be put so. */
function rewrite(
  statements: readonly Node[],
  text: (node: Node) => string,
  target: (value: string) => string,
): string | null {
  const at = statements.findIndex((each) => contains(each, "ReturnStatement"));
  if (at < 0) return statements.map(text).join("\n");
  const before = statements.slice(0, at).map(text).join("\n");
  const node = statements[at];
  if (node.type === "ReturnStatement") {
    const value = optional(node, "argument");
    return `${before}\n${value === null ? "" : target(text(value))}`;
  }
  const rest = statements.slice(at + 1);
  if (node.type === "BlockStatement") {
    const inner = rewrite([...statementsOf(node), ...rest], text, target);
    return inner === null ? null : `${before}\n${inner}`;
  }
  if (node.type !== "IfStatement") return null;
  const one = statementsOf(part(node, "consequent"));
  const other = statementsOf(optional(node, "alternate"));
  const [inOne, inOther] = [alwaysReturns(one), alwaysReturns(other)];
  // What follows can stand in one place alone.
  if (rest.length > 0 && !inOne && !inOther) return null;
  const first = rewrite(inOne ? one : [...one, ...rest], text, target);
  const second = rewrite(inOne ? [...other, ...rest] : other, text, target);
  if (first === null || second === null) return null;
  const test = text(part(node, "test"));
  if (first.trim() === "") return `${before}\nif (!(${test})) {\n${second}\n}`;
  const otherwise = second.trim() === "" ? "" : ` else {\n${second}\n}`;
  return `${before}\nif (${test}) {\n${first}\n}${otherwise}`;
}

/** Whether the body can stand elsewhere: nothing in it belongs to its function alone. */
export function isMovable(made: Node): boolean {
  let movable = list(made, "params").every((each) => each.type === "Identifier");
  movable &&= !holdsFunctions(made);
  walk(made, (node) => {
    if (
      node.type === "ThisExpression" ||
      (node.type === "VariableDeclaration" && node["kind"] === "var")
    ) {
      movable = false;
    }
    if (node.type === "Property" && node["shorthand"] === true) movable = false;
    if (node.type === "Identifier" && node["name"] === "arguments") movable = false;
  });
  return movable;
}

/** The body of `made` in the text `code`, its own names replaced by `names`. `needed` says that a
 *  value is waited for at each end. */
export function bodyText(
  code: string,
  made: Node,
  names: ReadonlyMap<string, string>,
  target: Target,
  needed: boolean,
): string | null {
  const edits: Edit[] = [];
  const own = localsOf(made);
  walk(part(made, "body"), (node, parents) => {
    const name = node["name"] as string;
    if (!isVariable(node, parents.at(-1)) || !own.has(name)) return;
    edits.push({ start: node.start, end: node.end, text: names.get(name) ?? name });
  });
  const text = (node: Node): string => applied(code, edits, node.start, node.end);
  const statements = list(part(made, "body"), "body");
  const ends = alwaysReturns(statements);
  if (target === null) return statements.map(text).join("\n") + (ends ? "" : "\nreturn;");
  if (needed && !ends) return null;
  return rewrite(statements, text, target) ?? loopOnce(code, made, edits, target);
}

/** The body as a loop that is run once and left where it returned; null = it returns from a loop of
 *  its own. */
function loopOnce(
  code: string,
  made: Node,
  renamed: readonly Edit[],
  target: (value: string) => string,
): string | null {
  const body = part(made, "body");
  const edits = [...renamed];
  let inLoop = false;
  walk(body, (node, above) => {
    if (node.type !== "ReturnStatement") return;
    inLoop ||= above.some((each) => LOOP.test(each.type));
    const value = optional(node, "argument");
    // What it returns keeps its own renamed places.
    if (value === null) edits.push({ start: node.start, end: node.end, text: "break;" });
    else {
      edits.push({ start: node.start, end: value.start, text: `{ ${target("").slice(0, -1)}` });
      edits.push({ start: value.end, end: node.end, text: "; break; }" });
    }
  });
  if (inLoop) return null;
  return `do ${applied(code, edits, body.start, body.end)} while (false);`;
}
