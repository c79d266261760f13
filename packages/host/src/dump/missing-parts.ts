/** Names what a dump does not hold, and what cannot be judged therefore. */
import { missingSurroundings } from '@aia/cluster';
import type { ClusterSnapshot, MissingInput, SnapshotParts } from '@aia/cluster';
import { NAMED_KINDS, missingResource, tidyMissing } from '../live/missing.ts';

/**
 * A kind counts as read when an object or a list of it was seen, or when the dump's manifest does not name it. A cluster always
 * has nodes, pods, namespaces and ConfigMaps, so none of them means that they were left out; of other kinds there may be none,
 * which is why an empty typed list counts as read.
 */
export function missingParts(
  snapshot: Pick<ClusterSnapshot, 'listOf'>,
  parts: Pick<SnapshotParts, 'cloud' | 'usage' | 'certificates'>,
  listedKinds: ReadonlySet<string>,
  declared: readonly MissingInput[] | undefined,
): readonly MissingInput[] {
  const kinds =
    declared ??
    NAMED_KINDS.filter(({ group, kind }) => snapshot.listOf(group, kind).length === 0 && !listedKinds.has(kind)).map(
      (named) => missingResource(named, 'not in the dump'),
    );
  return tidyMissing([...kinds, ...missingSurroundings(parts, 'not in the dump')]);
}
