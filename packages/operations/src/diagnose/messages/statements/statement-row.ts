/** Rows of what controllers and conditions state in one sentence, each with the sentence as a version writes it. */
import type { Row } from '../row.ts';

export interface StatementRow extends Row<string> {
  /** Reasons of events and conditions that go with it. */
  readonly reasons: readonly string[];
  /** The sentence, with neutral names. */
  readonly example: string;
}

/** Writes a row in one line. */
export function states(
  versions: string,
  reasons: string,
  cause: string,
  pattern: RegExp,
  example: string,
): StatementRow {
  return { versions, reasons: reasons.split(' '), cause, pattern, example };
}
