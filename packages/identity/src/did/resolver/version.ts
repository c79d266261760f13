/** Which version of a document a DID URL asks for. Source: https://identity.foundation/didwebvh/v1.0/#reading-didwebvh-did-urls */
import { parseTime } from '../../proof/time.ts';
import type { DidUrl } from '../did.ts';
import type { DidVersion } from '../webvh/log.ts';
import type { Known } from './methods.ts';
import type { DidMetadata } from './resolution.ts';

/** A version that is asked for; nothing asks for the newest. */
export interface VersionQuery {
  readonly versionId?: string | undefined;
  readonly versionAt?: number | undefined;
  readonly versionNumber?: number | undefined;
}

/** How the value of each parameter is read; `undefined` where it is none. */
const READERS: Readonly<Record<string, (value: string) => VersionQuery | undefined>> = {
  versionId: (versionId) => ({ versionId }),
  versionNumber: (value) => (/^(?:0|[1-9]\d*)$/.test(value) ? { versionNumber: Number(value) } : undefined),
  versionTime: (value) => {
    const versionAt = parseTime(value);
    return versionAt === undefined ? undefined : { versionAt };
  },
};

/** What the query of a DID URL asks for; `undefined` where it asks for anything else, for something twice, or for a version by its name and by a time, which exclude each other. */
export function versionQuery({ query }: DidUrl): VersionQuery | undefined {
  let wanted: VersionQuery = {};
  // A plus sign is one, and no space as in forms.
  for (const [name, value] of new URLSearchParams(query?.replaceAll('+', '%2B'))) {
    const read = Object.hasOwn(READERS, name) ? READERS[name]?.(value) : undefined;
    if (read === undefined || Object.keys(read).some((one) => one in wanted)) return undefined;
    wanted = { ...wanted, ...read };
  }
  return wanted.versionId !== undefined && wanted.versionAt !== undefined ? undefined : wanted;
}

/** Whether the answer will be the same for ever: it is asked for by its name, or another version has taken its place. */
export function isSettled(
  versions: readonly DidVersion[],
  { versionId, versionNumber, versionAt }: VersionQuery,
): boolean {
  const version = selectVersion(versions, { versionId, versionNumber, versionAt });
  if (version === undefined) return false;
  if (versionId !== undefined || versionNumber !== undefined) return true;
  return versionAt !== undefined && version.number < versions.length;
}

/** The version of which all that is asked for is true, if there is one. */
export function selectVersion(versions: readonly DidVersion[], query: VersionQuery): DidVersion | undefined {
  const { versionId, versionNumber, versionAt = Infinity } = query;
  const active = versions.findLast((version) => version.versionAt <= versionAt);
  if (versionId === undefined && versionNumber === undefined) return active;
  const named = versions.find(
    (version) =>
      version.versionId === (versionId ?? version.versionId) && version.number === (versionNumber ?? version.number),
  );
  return query.versionAt === undefined || named === active ? named : undefined;
}

/** How long did:web documents go without being asked for again: the method says nothing. */
const WEB_TTL_MS = 3_600_000;

/** What is said of a version; of what has no versions, nothing but the defaults. */
export function metadataOf({ log }: Pick<Known, 'log'>, version: DidVersion | undefined): DidMetadata {
  const [first, last] = [log?.versions[0], log?.versions.at(-1)];
  const active = last?.parameters;
  return {
    versionId: version?.versionId,
    versionNumber: version?.number,
    versionAt: version?.versionAt,
    createdAt: first?.versionAt,
    updatedAt: last?.versionAt,
    supersededAt: version && log?.versions[version.number]?.versionAt,
    scid: active?.scid,
    portable: active?.portable ?? false,
    deactivated: active?.deactivated ?? false,
    ttlMs: active?.ttlMs ?? WEB_TTL_MS,
    witness: active?.witness,
    watchers: active?.watchers ?? [],
    concessions: log?.concessions ?? [],
  };
}
