/** State that changes put at risk: pods with claims that restart, and what is deleted together with what it stores. */
import { refText, type KubeObject, type Pod } from '@aia/cluster';
import type { Change } from '@aia/contract';
import type { ObjectChange } from './changed-objects.ts';
import { lossesOf } from './losses.ts';
import type { RiskFactors } from './risk.ts';
import type { Standing } from './standing.ts';

/** Kinds whose deletion takes along what is stored. */
export const STORED: ReadonlySet<string> = new Set([
  'PersistentVolumeClaim',
  'PersistentVolume',
  'Namespace',
  'VolumeSnapshot',
]);

/** For the score of the risk. */
export function storageAtRisk(
  changes: readonly Change[],
  objects: readonly ObjectChange[],
  standing: Standing,
): Pick<RiskFactors, 'isStateful' | 'stored'> {
  return {
    isStateful: lossesOf(changes, objects, standing).some(({ pods }) => pods.some(hasState)),
    stored: objects
      .filter(({ before, after }) => before !== undefined && after === undefined && isStored(before))
      .map(({ ref }) => refText(ref)),
  };
}

function isStored({ kind }: KubeObject): boolean {
  return STORED.has(kind);
}

function hasState({ spec, metadata }: Pod): boolean {
  const isNumbered = (metadata.ownerReferences ?? []).some(({ kind }) => kind === 'StatefulSet');
  return isNumbered || (spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim !== undefined);
}
