// A bundle as the interpreter reads it fastest and smallest: reserved words, whole numbers and
// strings are tokens of its lexer. The Espruino tools' own tokeniser does it; of them only that
// file is read, in a context of its own, since the whole package fills the global object.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";

/** Reserved words, strings and numbers alike, whatever the firmware: `cyclet flash` asks for one
 *  that knows them. */
const ALWAYS = 2;

type Tokeniser = (code: string) => string;

function loadTokeniser(): Tokeniser {
  const ours = createRequire(import.meta.url);
  const theirs = createRequire(ours.resolve("espruino/package.json"));
  const Espruino = {
    Config: { PRETOKENISE: ALWAYS },
    Core: { Env: { getBoardData: () => ({}) } },
    Plugins: {} as { Pretokenise: { tokenise: Tokeniser } },
  };
  const script = readFileSync(theirs.resolve("./plugins/pretokenise.js"), "utf8");
  runInNewContext(script, { Espruino, acorn: theirs("acorn") as unknown, console });
  return (code) => Espruino.Plugins.Pretokenise.tokenise(code);
}

/** The bytes that are uploaded. Throws for code that is not ASCII: each character is a byte. */
export function pretokenise(code: string): Uint8Array {
  const strange = /[^\n -~]/.exec(code);
  if (strange) throw new Error(`not ASCII at ${strange.index}: ${JSON.stringify(strange[0])}`);
  return Buffer.from(loadTokeniser()(code.trim()), "latin1");
}
