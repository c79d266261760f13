/** Reads the report that `--since` compares with. */
import { assessmentSchema, type Assessment } from '@aia/contract';
import { readSchemaFile } from './read-schema-file.ts';

/**
 * An assessment that an earlier run wrote with `--format json`, by this or an older AIA of the same schema version.
 * @throws HostError when it cannot be read, UsageError when it is no assessment
 */
export function readBaseline(file: string): Assessment {
  return readSchemaFile(file, assessmentSchema, 'no assessment as "aia assess --format json" writes it');
}
