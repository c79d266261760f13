/** Reads the strategy that `--diff` compares with. */
import { strategySchema, type Strategy } from '@aia/contract';
import { readSchemaFile } from './read-schema-file.ts';

/**
 * A strategy that an earlier run wrote with `--format json`, by this or an older AIA of the same schema version.
 * @throws HostError when it cannot be read, UsageError when it is no strategy
 */
export function readStrategy(file: string): Strategy {
  return readSchemaFile(file, strategySchema, 'no strategy as "aia plan --format json" writes it');
}
