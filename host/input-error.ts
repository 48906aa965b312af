// The one kind of error whose text the user can act on.

/** Wrong usage or input. Its message is one line: where, what, and what would be accepted. */
export class InputError extends Error {}
