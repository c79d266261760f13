/** Reads the report that `--since` compares with. */
import { assessmentSchema, type Assessment } from '@aia/contract';
import { UsageError } from './exit.ts';
import { readInput } from './read-input.ts';

/** Reports of clusters with 100 000 pods stay far below. */
const LARGEST_BYTES = 500_000_000;

/**
 * An assessment that an earlier run wrote with `--format json`, by this or an older AIA of the same schema version.
 * @throws HostError when it cannot be read, UsageError when it is no assessment
 */
export function readBaseline(file: string): Assessment {
  const text = readInput(file, LARGEST_BYTES);
  const wrong = (why: string) =>
    new UsageError(`${file} is no assessment as "aia assess --format json" writes it: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const parsed = assessmentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(issue === undefined ? 'unknown form' : `${issue.path.join('.') || 'document'}: ${issue.message}`);
}
