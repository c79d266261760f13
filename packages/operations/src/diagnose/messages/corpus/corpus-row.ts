/** Rows of the corpus. */

/** One text with what it must give: `undefined`, or the fields that are asserted. */
export type Row<T> = readonly [versions: string, text: string, expected: Partial<T> | undefined];

/** Who wrote it, the event's reason, its text, and what must be read from it. */
export type FieldRow<T> = readonly [from: string, reason: string, text: string, expected: T];
