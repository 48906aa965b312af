// Espruino does not hoist: a name exists from its declaration on, and a write before it goes to
// the outer scope. This ESLint rule refuses every use that runs, or may run, before that.
import type { Rule, Scope } from "eslint";

type FunctionNode = Scope.Scope["block"];

const later = Number.POSITIVE_INFINITY;

/** From where on a variable exists; null = a parameter or the like, which always does. */
function existsFrom(variable: Scope.Variable): number | null {
  let from: number | null = null;
  for (const definition of variable.defs) {
    if (definition.type !== "Variable" && definition.type !== "FunctionName") return null;
    if (variable.scope.type === "function-expression-name") return null;
    const end = definition.node.range?.[1] ?? 0;
    from = from === null ? end : Math.min(from, end);
  }
  return from;
}

/** The function directly inside `scope` through which `reference` is reached; null = none. */
function enclosing(reference: Scope.Reference, scope: Scope.Scope): FunctionNode | null {
  let current: Scope.Scope | null = reference.from.variableScope;
  let inner: FunctionNode | null = null;
  while (current !== null && current !== scope) {
    inner = current.block;
    current = current.upper?.variableScope ?? null;
  }
  return inner;
}

/** The name by which a function is called; null = it stands inside an expression. */
function nameOf(block: FunctionNode, variables: Scope.Variable[]): Scope.Variable | null {
  for (const variable of variables) {
    for (const definition of variable.defs) {
      if (definition.type === "FunctionName" && definition.node === block) return variable;
      if (definition.type === "Variable" && definition.node.init === block) return variable;
    }
  }
  return null;
}

/** Everything declared in one function (or the program), its blocks included. */
function declaredIn(scope: Scope.Scope): Scope.Variable[] {
  const inner = scope.childScopes.filter((child) => child.variableScope === scope.variableScope);
  return [...scope.variables, ...inner.flatMap(declaredIn)];
}

/** A function that is only put into a literal runs when the variable that gets the literal exists,
 *  not before; any other anonymous one may run where it stands. */
function earliestOf(block: FunctionNode): number {
  let node: Rule.Node | null = (block as Rule.Node).parent;
  while (node && (node.type === "Property" || node.type === "ObjectExpression")) node = node.parent;
  const held = node?.type === "VariableDeclarator" && node.init !== block;
  return (held ? node?.range?.[1] : block.range?.[0]) ?? 0;
}

/** When a function may run first: where its name is first used, or where it stands itself. */
function firstRuns(scope: Scope.Scope, variables: Scope.Variable[]) {
  const runs = new Map<FunctionNode, number>();
  const uses = variables.flatMap((variable) => variable.references);
  const blocks = new Set(uses.map((use) => enclosing(use, scope)));
  for (let changed = true; changed;) {
    changed = false;
    for (const block of blocks) {
      if (block === null) continue;
      const name = nameOf(block, variables);
      const calls = name ? name.references.filter((use) => use.isRead()) : [];
      const times = calls.map((use) => timeOf(use, scope, runs));
      const first = name ? Math.min(later, ...times) : earliestOf(block);
      if (first >= (runs.get(block) ?? later)) continue;
      runs.set(block, first);
      changed = true;
    }
  }
  return runs;
}

function timeOf(use: Scope.Reference, scope: Scope.Scope, runs: Map<FunctionNode, number>) {
  const block = enclosing(use, scope);
  return block === null ? (use.identifier.range?.[0] ?? 0) : (runs.get(block) ?? later);
}

function tooEarly(scope: Scope.Scope): Scope.Reference[] {
  const variables = declaredIn(scope);
  const runs = firstRuns(scope, variables);
  return variables.flatMap((variable) => {
    const from = existsFrom(variable);
    if (from === null) return [];
    const uses = variable.references.filter((use) => !use.init);
    return uses.filter((use) => timeOf(use, scope, runs) < from);
  });
}

/** ESLint rule: no name is used at a time when its declaration has not run. */
export const declarationOrder: Rule.RuleModule = {
  create(context) {
    return {
      "Program:exit"() {
        const scopes = context.sourceCode.scopeManager.scopes;
        for (const scope of scopes.filter((each) => each.variableScope === each)) {
          for (const use of tooEarly(scope)) {
            const name = use.identifier.name;
            context.report({ node: use.identifier, message: `${name} is used before it exists` });
          }
        }
      },
    };
  },
};
