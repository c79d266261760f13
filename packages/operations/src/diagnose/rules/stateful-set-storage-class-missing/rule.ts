/** A StatefulSet asks for volumes of a storage class that does not exist. */
import { refOf, type StatefulSet } from '@aia/cluster';
import { absenceOf } from '../../absence.ts';
import { absenceEvidence, fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';

/** Facts: objectKind, objectName, claimTemplates. */
export const rule: Rule = {
  code: 'stateful-set-storage-class-missing',
  title: 'Storage class of a StatefulSet is missing',
  severity: 'high',
  explanation:
    'A volumeClaimTemplate names a StorageClass that does not exist, so its claims stay Pending and the pods with them. The rule ' +
    'stays silent where no class is named, where PersistentVolumes of that class exist (volumes made by hand need no StorageClass ' +
    'object), where every claim there should be is bound already, for sets scaled to zero, and where StorageClasses could not be read; where merely none was, it is low.',
  remediation: {
    class: 'repair-storage',
    text: 'Create the StorageClass, or recreate the StatefulSet with one that exists (claim templates cannot be changed in place).',
  },
  aliases: { k8sgpt: ['StatefulSet/2'] },
  needs: [],
  *check(examination) {
    const absence = absenceOf(examination.snapshot, 'storage.k8s.io', 'StorageClass', '');
    if (absence === 'unknown') return;
    for (const set of livingOf(examination, 'StatefulSet')) {
      const templates = set.spec?.volumeClaimTemplates ?? [];
      const classes = [...new Set(templates.map(({ spec }) => spec?.storageClassName ?? ''))].sort();
      for (const wanted of classes) {
        if (wanted === '' || wantedReplicas(set) === 0 || canBind(examination, set, wanted)) continue;
        const named = templates.flatMap(({ spec, metadata }, i) =>
          spec?.storageClassName === wanted ? [{ i, name: metadata?.name ?? '' }] : [],
        );
        const { namespace = '', name } = set.metadata;
        yield {
          resource: refOf(set),
          part: wanted,
          ...(absence === 'likely' && { severity: 'low' }),
          message: `StatefulSet ${namespace}/${name} asks for volumes of StorageClass ${wanted}, which ${absence === 'certain' ? 'does not exist' : 'is not among what was read'}.`,
          evidence: [
            ...named.map(({ i }) =>
              fieldEvidence(set, `spec.volumeClaimTemplates[${i}].spec.storageClassName`, wanted),
            ),
            absenceEvidence(
              'StorageClass',
              '',
              wanted,
              'not among the StorageClasses of the cluster',
              'storage.k8s.io',
            ),
          ],
          facts: { objectKind: 'StorageClass', objectName: wanted, claimTemplates: named.map((one) => one.name) },
        };
      }
    }
  },
};

function canBind({ snapshot }: Examination, set: StatefulSet, wanted: string): boolean {
  if (snapshot.get('StorageClass', '', wanted) !== undefined) return true;
  if (snapshot.list('PersistentVolume').some(({ spec }) => spec?.storageClassName === wanted)) return true;
  return claimNames(set, wanted).every(
    (claim) => snapshot.get('PersistentVolumeClaim', set.metadata.namespace ?? '', claim)?.status?.phase === 'Bound',
  );
}

/** More replicas than this do not change the answer, and a hostile number must not cost time. */
const REPLICAS_LOOKED_AT = 1000;

function claimNames(set: StatefulSet, wanted: string): readonly string[] {
  const count = Math.min(wantedReplicas(set), REPLICAS_LOOKED_AT);
  return (set.spec?.volumeClaimTemplates ?? [])
    .filter(({ spec }) => spec?.storageClassName === wanted)
    .flatMap(({ metadata }) =>
      Array.from({ length: count }, (_, i) => `${metadata?.name ?? ''}-${set.metadata.name}-${i}`),
    );
}
