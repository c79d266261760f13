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
    isTime(collectedAt) &&
    (serverVersion === undefined || typeof serverVersion === 'string') &&
    haveTexts(missing, ['input', 'reason', 'consequence']) &&
    (problems === undefined || (haveTexts(problems, ['source', 'place', 'message']) && haveSeverity(problems)))
  );
}

/** The whole moments that a `Date` can hold. */
function isTime(value: unknown): boolean {
  return Number.isSafeInteger(value) && !Number.isNaN(new Date(value as number).getTime());
}

function haveSeverity(problems: readonly Readonly<Record<string, unknown>>[]): boolean {
  return problems.every(({ severity }) => severity === 'error' || severity === 'warning');
}

function haveTexts(list: unknown, fields: readonly string[]): list is readonly Readonly<Record<string, unknown>>[] {
  return (
    Array.isArray(list) &&
    list.every((item: unknown) => {
      const record = (item ?? {}) as Record<string, unknown>;
      return fields.every((field) => typeof record[field] === 'string');
    })
  );
}
