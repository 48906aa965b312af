// Of a script's syntax tree, as rollup's parser gives it, what `write-in-place.ts` needs.
import { parseAst } from "rollup/parseAst";

/** A node of the tree: where it stands in the text, and its parts by name. */
export interface Node {
  type: string;
  start: number;
  end: number;
  [part: string]: unknown;
}

/** A piece of text to be put in place of another. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** The tree of a script. */
export function treeOf(code: string): Node {
  return parseAst(code) as unknown as Node;
}

function isNode(part: unknown): part is Node {
  return typeof part === "object" && part !== null && "type" in part;
}

/** Visits a node and all below it, in the text's order, with those above it; a visit that answers
 *  false goes no deeper. The list of those above is only lent. */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => boolean | void,
): void {
  const above: Node[] = [];
  const go = (each: unknown): void => {
    if (Array.isArray(each)) for (const one of each) go(one);
    else if (isNode(each) && visit(each, above) !== false) {
      above.push(each);
      for (const name in each) {
        const part = each[name];
        if (typeof part === "object" && part !== null) go(part);
      }
      above.pop();
    }
  };
  go(node);
}

/** Whether the node makes a function. */
export function isFunction(node: Node): boolean {
  return /Function/.test(node.type);
}

/** Whether there are functions inside one. */
export function holdsFunctions(made: Node): boolean {
  let found = false;
  walk(made, (node) => {
    found ||= node !== made && isFunction(node);
  });
  return found;
}

/** Whether an identifier below `parent` names a variable, not a property. */
export function isVariable(node: Node, parent: Node | undefined): boolean {
  if (node.type !== "Identifier" || parent === undefined) return false;
  if (parent.type === "MemberExpression")
    return node === parent["object"] || isTrue(parent, "computed");
  if (parent.type === "Property") return node === parent["value"] || isTrue(parent, "computed");
  return true;
}

function isTrue(node: Node, part: string): boolean {
  return node[part] === true;
}

/** A part that is a node. */
export function part(node: Node, name: string): Node {
  return node[name] as Node;
}

/** A part that is a list of nodes. */
export function list(node: Node, name: string): Node[] {
  return node[name] as Node[];
}

/** A part that may be missing. */
export function optional(node: Node, name: string): Node | null {
  return (node[name] ?? null) as Node | null;
}

const locals = new WeakMap<Node, ReadonlySet<string>>();
const owns = new WeakMap<Node, ReadonlySet<string>>();
const writes = new WeakMap<Node, ReadonlySet<string>>();

/** Names of a function's parameters and of what it declares, functions inside it included. */
export function localsOf(made: Node): ReadonlySet<string> {
  return named(made, locals, true);
}

/** The same without those of functions inside it. */
export function ownLocalsOf(made: Node): ReadonlySet<string> {
  return named(made, owns, false);
}

function named(
  made: Node,
  known: WeakMap<Node, ReadonlySet<string>>,
  inside: boolean,
): ReadonlySet<string> {
  const before = known.get(made);
  if (before !== undefined) return before;
  const names = new Set<string>();
  known.set(made, names);
  const add = (id: Node | null): void => {
    if (id?.type === "Identifier") names.add(id["name"] as string);
  };
  walk(made, (node) => {
    if (node !== made && node.type === "FunctionDeclaration") add(part(node, "id"));
    if (node !== made && isFunction(node) && !inside) return false;
    if (isFunction(node)) for (const each of list(node, "params")) add(each);
    if (node.type === "VariableDeclarator") add(part(node, "id"));
    if (node.type === "CatchClause") add(optional(node, "param"));
    return true;
  });
  return names;
}

/** Names of variables that are written to somewhere below a node. */
export function writtenIn(node: Node): ReadonlySet<string> {
  const known = writes.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  writes.set(node, names);
  walk(node, (each) => {
    const target = each.type === "AssignmentExpression" ? part(each, "left") : null;
    const counted = each.type === "UpdateExpression" ? part(each, "argument") : null;
    for (const id of [target, counted]) {
      if (id?.type === "Identifier") names.add(id["name"] as string);
    }
  });
  return names;
}

/** The text with its edits, which do not overlap. */
export function applied(code: string, edits: readonly Edit[], from = 0, to = code.length): string {
  let text = "";
  let at = from;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    if (edit.start < from || edit.end > to) continue;
    text += code.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + code.slice(at, to);
}
