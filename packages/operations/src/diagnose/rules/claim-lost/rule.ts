/** A PersistentVolumeClaim has lost the volume that it was bound to. */
import { refOf } from '@aia/cluster';
import { absenceEvidence, eventEvidence, fieldEvidence } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { podKeys, usersOf } from '../../storage/claim-users.ts';
import { isOfStatefulSet } from '../../storage/stateful-claims.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: volume, pods (at most 20 keys). */
export const rule: Rule = {
  code: 'claim-lost',
  title: 'PersistentVolumeClaim has lost its volume',
  severity: 'critical',
  explanation:
    'The claim was bound to a PersistentVolume whose object is gone, so Kubernetes no longer knows where the data is. A claim never leaves ' +
    'this phase by itself. The disk may still exist at the provider, if only the object was deleted or its policy is Retain. It is critical ' +
    'where a pod or a StatefulSet needs the claim, and high otherwise. The rule stays silent for claims that are being deleted.',
  remediation: {
    class: 'repair-storage',
    text: 'Find the disk at the provider, make a PersistentVolume for it with a claimRef to a new claim of this name; or restore a backup.',
  },
  aliases: { k8sgpt: ['Storage'], popeye: ['1004'] },
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
      if (claim.status?.phase !== 'Lost') continue;
      const { namespace = '', name } = claim.metadata;
      const volume = claim.spec?.volumeName ?? '';
      const pods = usersOf(snapshot, claim);
      const [event] = examination.warnings(claim, 'ClaimLost', 'ClaimMisbound');
      const isGone = volume !== '' && snapshot.get('PersistentVolume', '', volume) === undefined;
      yield {
        resource: refOf(claim),
        severity: pods.length > 0 || isOfStatefulSet(snapshot, claim) ? 'critical' : 'high',
        message: `Claim ${namespace}/${name} has lost its volume${volume === '' ? '' : ` ${volume}`}; its data is out of reach.`,
        evidence: [
          fieldEvidence(claim, 'status.phase', 'Lost'),
          ...(event === undefined ? [] : [eventEvidence(event)]),
          ...(isGone && snapshot.list('PersistentVolume').length > 0
            ? [absenceEvidence('PersistentVolume', '', volume, 'not among the volumes of the cluster')]
            : []),
        ],
        facts: knownFacts({ volume: volume === '' ? undefined : volume, pods: podKeys(pods) }),
      };
    }
  },
};
