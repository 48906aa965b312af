// Text of any origin on a terminal: control characters would move the cursor, colour what follows,
// or turn the direction of writing, and so make a line say what it does not.

// C0, C1 and DEL; line and paragraph separators; marks that embed, override or isolate a direction
// (Unicode 15, tables 23-1 and 23-3).
const CONTROL = "\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069";
const CONTROLS = new RegExp(`[${CONTROL}]`, "g");

/** What a name may be, as a pattern: no control characters. */
export const PLAIN_TEXT = `^[^${CONTROL}]*$`;

/** `text` with each control character written out as \uXXXX. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (letter) => {
    return "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");
  });
}
