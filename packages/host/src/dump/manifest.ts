/** The head of a dump that `aia collect` wrote: `aia-dump.json` at its root. */
import type { InputProblem, MissingInput } from '@aia/cluster';

/** Name of the file inside the dump. */
export const MANIFEST_NAME = 'aia-dump.json';

/** What no object of the dump says about the moment it was taken. */
export interface DumpManifest {
  readonly format: 'aia.dump';
  readonly version: 1;
  /** Epoch milliseconds of the observation. */
  readonly collectedAt: number;
  /** Name of the kubeconfig context it was read with. */
  readonly context: string;
  readonly serverVersion: string | undefined;
  readonly missing: readonly MissingInput[];
  /** What could not be read of the answers; what could is in the dump, without it. */
  readonly problems?: readonly InputProblem[];
}

/** Whether a parsed file is a manifest that this version understands. */
export function isManifest(value: object): value is DumpManifest {
  const { format, version, collectedAt, serverVersion, missing, problems } = value as Partial<
    Record<keyof DumpManifest, unknown>
  >;
  return (
    format === 'aia.dump' &&
    version === 1 &&
    Number.isFinite(collectedAt) &&
    (serverVersion === undefined || typeof serverVersion === 'string') &&
    haveTexts(missing, ['input', 'reason', 'consequence']) &&
    (problems === undefined || haveTexts(problems, ['source', 'place', 'message', 'severity']))
  );
}

function haveTexts(list: unknown, fields: readonly string[]): boolean {
  return (
    Array.isArray(list) &&
    list.every((item: unknown) => {
      const record = (item ?? {}) as Record<string, unknown>;
      return fields.every((field) => typeof record[field] === 'string');
    })
  );
}
