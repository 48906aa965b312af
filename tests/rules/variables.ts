// What a bundle's text alone says of the variables that it takes at rest, by the costs of
// bench/espruino.md: its functions, constants and literal objects. What functions make when they
// run is not in it.
import ts from "typescript";

const FUNCTION = 4;
const CLOSURE = 5;
/** A name goes with its variable up to so many letters. */
const NAME_LENGTH = 4;
/** Whole numbers beyond are doubles. */
const SMALL = 2000;
const BYTES = 13;
const TYPED_ARRAY = 4;

function nameCost(name: string): number {
  return name.length > NAME_LENGTH ? 1 : 0;
}

function sum<T>(list: readonly T[], cost: (one: T) => number): number {
  return list.reduce((total, one) => total + cost(one), 0);
}

function isFunction(node: ts.Node): node is ts.ArrowFunction | ts.FunctionExpression {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

/** Of a value, the variable of its name or element included. */
function valueCost(node: ts.Expression): number {
  if (ts.isNumericLiteral(node)) {
    const value = Number(node.text);
    return Number.isInteger(value) && value <= SMALL ? 1 : 2;
  }
  if (ts.isPrefixUnaryExpression(node)) return valueCost(node.operand);
  if (ts.isStringLiteralLike(node)) return 2 + Math.floor(node.text.length / BYTES);
  if (ts.isArrayLiteralExpression(node)) return 1 + sum(node.elements, valueCost);
  if (ts.isObjectLiteralExpression(node)) return 1 + sum(node.properties, fieldCost);
  if (isFunction(node)) return CLOSURE + node.parameters.length;
  if (ts.isNewExpression(node)) {
    const [first] = node.arguments ?? [];
    const count = first !== undefined && ts.isNumericLiteral(first) ? Number(first.text) : 0;
    return TYPED_ARRAY + Math.ceil((8 * count) / BYTES);
  }
  return 2;
}

function fieldCost(field: ts.ObjectLiteralElementLike): number {
  const name = field.name?.getText() ?? "";
  if (ts.isPropertyAssignment(field)) return nameCost(name) + valueCost(field.initializer);
  return nameCost(name) + 2;
}

function statementCost(node: ts.Statement): number {
  if (ts.isFunctionDeclaration(node)) {
    return FUNCTION + node.parameters.length + nameCost(node.name?.text ?? "");
  }
  if (!ts.isVariableStatement(node)) return 0;
  return sum(node.declarationList.declarations, (one) => {
    const value = one.initializer === undefined ? 1 : valueCost(one.initializer);
    return nameCost(one.name.getText()) + value;
  });
}

/** Variables of what stands at the top of a bundle. */
export function globalVariables(code: string): number {
  const file = ts.createSourceFile("bundle.js", code, ts.ScriptTarget.ES2015, true);
  return sum(file.statements, statementCost);
}
