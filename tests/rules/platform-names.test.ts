// Properties of the interpreter keep their names in a bundle: each that the device's sources use is
// on the list of those that are not shortened.
import ts from "typescript";
import { expect, test } from "vitest";
import { platformNames } from "../../rollup.config.ts";

const OURS_OF_THEIRS = "hal/espruino/platform.ts";

function isPlatforms(symbol: ts.Symbol | undefined): boolean {
  return (symbol?.declarations ?? []).some((declaration) => {
    const { fileName, isDeclarationFile } = declaration.getSourceFile();
    return isDeclarationFile || fileName.endsWith(OURS_OF_THEIRS);
  });
}

/** Names of the platform's properties in a file, read or handed over in an object. */
function namesIn(file: ts.SourceFile, checker: ts.TypeChecker): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node)) {
      if (isPlatforms(checker.getSymbolAtLocation(node.name))) names.add(node.name.text);
    } else if (ts.isObjectLiteralExpression(node)) {
      const type = checker.getContextualType(node);
      for (const property of type?.getProperties() ?? []) {
        if (isPlatforms(property)) names.add(property.name);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

test("every name of the interpreter's that a bundle uses stays as it is", () => {
  const { config } = ts.readConfigFile("tsconfig.device.json", (path) => ts.sys.readFile(path));
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
  const program = ts.createProgram(fileNames, options);
  const checker = program.getTypeChecker();
  const ours = program.getSourceFiles().filter((file) => !file.isDeclarationFile);
  const used = new Set(ours.flatMap((file) => [...namesIn(file, checker)]));
  expect(used.size).toBeGreaterThan(40);
  expect([...used].filter((name) => !platformNames.includes(name)).sort()).toEqual([]);
});
