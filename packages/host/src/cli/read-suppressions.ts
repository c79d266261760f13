/** Reads the file of suppressions: YAML or JSON, checked against its schema, every fault with its line. */
import { suppressionsSchema } from '@aia/contract';
import { suppressionFault, type Suppression } from '@aia/operations';
import { readCheckedYaml } from './read-checked-yaml.ts';

const DAY_MS = 86_400_000;

/**
 * The suppressions of a file, in its order.
 * @throws HostError for a file that cannot be read, UsageError for one that is no file of suppressions
 */
export function readSuppressions(file: string): readonly Suppression[] {
  const { suppressions } = readCheckedYaml(file, suppressionsSchema, (content) =>
    content.suppressions.flatMap((entry, i) => {
      const message = suppressionFault(entry);
      return message === undefined ? [] : [{ path: ['suppressions', i], message }];
    }),
  );
  return suppressions.map(({ expires, ...rest }) => ({ ...rest, expiresAt: momentOf(expires) }));
}

/** A day counts to its end. */
function momentOf(expires: string): number {
  const at = Date.parse(expires);
  return expires.length === '2026-12-31'.length ? at + DAY_MS : at;
}
