// Writes a function that is called in one place alone as a block of statements there. What
// interprets text as it reads it then neither makes the function, nor reads its body twice, nor
// calls it; terser does that for the smallest alone, and with an order of statements that Espruino
// does not take. Moves are made where the order of what is evaluated stays as it is.
import { bodyText, isMovable } from "./body.ts";
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
} from "./syntax.ts";
import { ownLocalsOf, treeOf, walk, writtenIn } from "./syntax.ts";

/** Rounds: functions in functions are moved from the inside. */
const ROUNDS_MAX = 30;
const STATEMENT = /Statement|VariableDeclaration$/;

interface Call {
  made: Node;
  call: Node;
  parents: Node[];
}

/** Functions at the top that are called once, with that call; no other mention of their name. */
function callsOf(tree: Node, kept: ReadonlySet<string>): Call[] {
  const made = new Map<string, Node>();
  for (const node of list(tree, "body")) {
    const name = node.type === "FunctionDeclaration" ? (part(node, "id")["name"] as string) : "";
    if (name !== "" && !kept.has(name)) made.set(name, node);
  }
  const mentions = new Map<string, number>();
  const calls = new Map<string, Call>();
  walk(tree, (node, parents) => {
    if (!isVariable(node, parents.at(-1))) return;
    const name = node["name"] as string;
    const call = parents[parents.length - 1];
    const called = call.type === "CallExpression" && call["callee"] === node;
    if (!called && parents.some((each) => isFunction(each) && ownLocalsOf(each).has(name))) return;
    mentions.set(name, (mentions.get(name) ?? 0) + 1);
    const home = made.get(name);
    if (home !== undefined && called) {
      calls.set(name, { made: home, call, parents: parents.slice(0, -1) });
    }
  });
  return [...calls].filter(([name]) => mentions.get(name) === 2).map(([, call]) => call);
}

/** What an expression evaluates first, but for the caller's own variables, which no call
 *  changes where no function inside the caller can. */
function firstOf(node: Node, caller: Node): Node {
  if (node.type === "BinaryExpression") {
    const left = part(node, "left");
    const own = left.type === "Identifier" && ownLocalsOf(caller).has(left["name"] as string);
    return firstOf(own && !holdsFunctions(caller) ? part(node, "right") : left, caller);
  }
  if (node.type === "LogicalExpression") return firstOf(part(node, "left"), caller);
  if (node.type === "UnaryExpression") return firstOf(part(node, "argument"), caller);
  return node.type === "ConditionalExpression" ? firstOf(part(node, "test"), caller) : node;
}

/** The expression of a statement whose first part can be evaluated before the statement. */
function valueOf(statement: Node): Node | null {
  if (statement.type === "IfStatement") return part(statement, "test");
  if (statement.type === "ReturnStatement") return optional(statement, "argument");
  if (statement.type === "VariableDeclaration") {
    const made = list(statement, "declarations");
    return made.length === 1 ? optional(made[0], "init") : null;
  }
  if (statement.type !== "ExpressionStatement") return null;
  const expression = part(statement, "expression");
  if (expression.type !== "AssignmentExpression") return expression;
  const left = part(expression, "left");
  const plain = left.type === "Identifier" || expression["operator"] === "=";
  let simple = plain;
  walk(left, (node) => {
    if (node.type === "CallExpression" || node.type === "UpdateExpression") simple = false;
  });
  return simple ? part(expression, "right") : null;
}

interface Places {
  code: string;
  call: Call;
  statement: Node;
  tag: number;
}

/** Names for what the function declares, and the declarations of its parameters; null = the call
 *  does not fit. */
function bind(places: Places, caller: Node): { names: Map<string, string>; text: string } | null {
  const { made, call } = places.call;
  const params = list(made, "params");
  const given = list(call, "arguments");
  if (given.length !== params.length) return null;
  const names = new Map([...localsOf(made)].map((name) => [name, `${name}_${places.tag}`]));
  const written = writtenIn(made);
  const unstable = writtenIn(caller);
  let text = "";
  params.forEach((param, i) => {
    const name = param["name"] as string;
    const value = places.code.slice(given[i].start, given[i].end);
    const fixed =
      given[i].type === "Literal" || (given[i].type === "Identifier" && !unstable.has(value));
    if (fixed && !written.has(name)) names.set(name, value);
    else text += `${written.has(name) ? "let" : "const"} ${names.get(name) ?? name} = ${value};\n`;
  });
  return { names, text };
}

/** Whether a name that the function takes from outside means something else in the caller. */
function clashes(made: Node, caller: Node): boolean {
  const own = localsOf(made);
  const there = localsOf(caller);
  let found = false;
  walk(made, (node, parents) => {
    const name = node["name"] as string;
    if (isVariable(node, parents.at(-1)) && !own.has(name) && there.has(name)) found = true;
  });
  return found;
}

/** The statement with the function's body before it, or in its place. */
function moved(places: Places, caller: Node): string | null {
  const { code, call, statement, tag } = places;
  const value = valueOf(statement);
  if (value === null || firstOf(value, caller) !== call.call) return null;
  const bound = bind(places, caller);
  if (bound === null) return null;
  const whole = value === call.call;
  const body = (target: ((text: string) => string) | null, needed: boolean): string | null => {
    const text = bodyText(code, call.made, bound.names, target, needed);
    return text === null ? null : `{\n${bound.text}${text}\n}`;
  };
  if (whole && statement.type === "ReturnStatement") return body(null, false);
  if (
    whole &&
    statement.type === "ExpressionStatement" &&
    part(statement, "expression") === value
  ) {
    return body((text) => `${text};`, false);
  }
  const before = code.slice(statement.start, value.start);
  if (whole && statement.type === "ExpressionStatement") {
    return body((text) => `${before}${text};`, true);
  }
  const declared = statement.type === "VariableDeclaration" && whole;
  const name = declared
    ? code.slice(...idOf(statement))
    : `${String(part(call.made, "id")["name"])}_${tag}`;
  const block = body((text) => `${name} = ${text};`, true);
  if (block === null) return null;
  const after = declared
    ? ""
    : `\n${code.slice(statement.start, call.call.start)}${name}` +
      code.slice(call.call.end, statement.end);
  return `let ${name};\n${block}${after}`;
}

function idOf(statement: Node): [number, number] {
  const id = part(list(statement, "declarations")[0], "id");
  return [id.start, id.end];
}

/** A statement whose call is evaluated only sometimes, as a statement with a branch. */
function branched({ code, call: { call }, statement }: Places, caller: Node): string | null {
  const value = valueOf(statement);
  if (value === null) return null;
  const cut = (node: Node): string => code.slice(node.start, node.end);
  const begins = (node: Node): boolean => firstOf(node, caller) === call;
  const declared = statement.type === "VariableDeclaration";
  const name = declared ? code.slice(...idOf(statement)) : "";
  if (value.type === "LogicalExpression" && begins(part(value, "right"))) {
    const [left, right] = [cut(part(value, "left")), cut(part(value, "right"))];
    const and = value["operator"] === "&&";
    if (declared)
      return `let ${name} = ${left};\nif (${and ? "" : "!"}${name}) {\n${name} = ${right};\n}`;
    if (statement.type !== "IfStatement" || !and || optional(statement, "alternate")) return null;
    return `if (${left}) {\nif (${right}) ${cut(part(statement, "consequent"))}\n}`;
  }
  if (value.type !== "ConditionalExpression") return null;
  const ways = [part(value, "consequent"), part(value, "alternate")];
  if (!ways.some(begins)) return null;
  const before = declared ? `${name} = ` : code.slice(statement.start, value.start);
  if (before === "") return null;
  const [one, other] = ways.map((each) => `{\n${before}${cut(each)};\n}`);
  const head = declared ? `let ${name};\n` : "";
  return `${head}if (${cut(part(value, "test"))}) ${one} else ${other}`;
}

/** Where one call goes; null = it stays. `rest` = the function is still needed. */
function place(code: string, call: Call, tag: number): (Edit & { rest: boolean }) | null {
  const around = call.parents.filter(isFunction);
  if (around.length !== 1) return null;
  const at = call.parents.map((each) => STATEMENT.test(each.type)).lastIndexOf(true);
  const [statement, holder] = [call.parents[at], call.parents[at - 1]];
  if (/^(For|While|DoWhile|Switch)/.test(statement.type) || /^For/.test(holder.type)) return null;
  if (!isMovable(call.made) || clashes(call.made, around[0])) return null;
  const places = { code, call, statement, tag };
  const text = moved(places, around[0]);
  const other = text ?? branched(places, around[0]);
  if (other === null) return null;
  const listed = holder.type === "BlockStatement" || holder.type === "SwitchCase";
  const { start, end } = statement;
  return { start, end, text: listed ? other : `{\n${other}\n}`, rest: text === null };
}

/** The script with functions that are called once in the place of their calls, but `kept`. */
export function writeInPlace(code: string, kept: readonly string[]): string {
  let text = code;
  for (let round = 0, tag = 0; round < ROUNDS_MAX; round++) {
    const edits: Edit[] = [];
    const homes = new Set<Node>();
    const gone = new Set<Node>();
    for (const call of callsOf(treeOf(text), new Set(kept))) {
      const home = call.parents.find(isFunction);
      // In one round a function gives its place up, or takes others in.
      if (home === undefined || gone.has(home) || homes.has(call.made)) continue;
      const edit = place(text, call, ++tag);
      if (edit === null) continue;
      if (edits.some((each) => each.start < edit.end && edit.start < each.end)) continue;
      edits.push(edit);
      homes.add(home);
      if (edit.rest) continue;
      gone.add(call.made);
      edits.push({ start: call.made.start, end: call.made.end, text: "" });
    }
    if (edits.length === 0) break;
    text = applied(text, edits);
  }
  return text;
}
