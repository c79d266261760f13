/** Reads earlier reports: JSON that a schema describes. */
import { UsageError } from './exit.ts';
import { readInput } from './read-input.ts';

interface Schema<T> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: T }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** Reports of clusters with 100 000 pods stay far below. */
const LARGEST_BYTES = 500_000_000;

/**
 * The value of a JSON file. `otherwise` says what a file is that the schema does not describe: `no strategy as … writes it`.
 * @throws HostError when it cannot be read, UsageError when the schema does not describe it
 */
export function readSchemaFile<T>(file: string, schema: Schema<T>, otherwise: string): T {
  const text = readInput(file, LARGEST_BYTES);
  const wrong = (why: string) => new UsageError(`${file} is ${otherwise}: ${why}`);
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch (error) {
    throw wrong((error as Error).message);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(issue === undefined ? 'unknown form' : `${issue.path.join('.') || 'document'}: ${issue.message}`);
}
