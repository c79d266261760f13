/** The head of a dump that `aia collect` wrote: `aia-dump.json` at its root. */
import type { MissingInput } from '@aia/cluster';

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
}

/** Whether a parsed file is a manifest that this version understands. */
export function isManifest(value: object): value is DumpManifest {
  const { format, version, collectedAt, missing } = value as Partial<Record<keyof DumpManifest, unknown>>;
  return format === 'aia.dump' && version === 1 && typeof collectedAt === 'number' && Array.isArray(missing);
}
