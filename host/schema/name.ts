// The name of a cell or a protocol: it stands in headings and in the names of files.
import { PLAIN_TEXT } from "../printable.ts";

/** JSON Schema of a name. */
export const NAME_SCHEMA = {
  type: "string",
  minLength: 1,
  maxLength: 80,
  pattern: PLAIN_TEXT,
  accepts: "1 to 80 characters, none of them a control character",
} as const;
