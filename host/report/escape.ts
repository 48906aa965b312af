// Text of any origin inside a page.

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as HTML, inside an element or a quoted attribute. */
export function html(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter]);
}

/** A value as JSON that cannot end the script element it stands in. */
export function inlineJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (letter) => {
    return "\\u" + letter.charCodeAt(0).toString(16).padStart(4, "0");
  });
}
