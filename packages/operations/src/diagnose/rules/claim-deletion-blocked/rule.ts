/** A PersistentVolumeClaim was deleted and is still there. */
import { refOf, timeOf } from '@aia/cluster';
import { fieldEvidence } from '../../examination.ts';
import { isLiving } from '../../nodes/node-pods.ts';
import { podName } from '../../pods/pod-wording.ts';
import type { Rule } from '../../rule.ts';
import { podKeys, usersOf } from '../../storage/claim-users.ts';
import { forText, listText } from '../../wording.ts';

const PROTECTION = 'kubernetes.io/pvc-protection';

/** Facts: finalizers, pods (at most 20 keys). */
export const rule: Rule = {
  code: 'claim-deletion-blocked',
  title: 'Deleted claim is kept by a finalizer',
  severity: 'medium',
  explanation:
    'The claim was deleted more than ten minutes ago, but a finalizer keeps it. With pvc-protection a pod still uses it: the claim and, ' +
    'with reclaim policy Delete, its data go away the moment the last such pod ends, and until then no new pod can use it (a Deployment that ' +
    'loses its pod does not come back). Other finalizers belong to a controller that has not finished or is gone. The rule stays silent ' +
    'in namespaces that are being deleted as a whole.',
  remediation: {
    class: 'repair-storage',
    text: 'Decide whether the data is wanted: save it and make a new claim, or end the pods that use this one; a deletion cannot be taken back.',
  },
  aliases: {},
  needs: [],
  *check(examination) {
    const { snapshot } = examination;
    for (const claim of snapshot.list('PersistentVolumeClaim')) {
      const { namespace = '', name, deletionTimestamp, finalizers = [] } = claim.metadata;
      const age = examination.ageMs(deletionTimestamp);
      if (age === undefined || age < examination.thresholds.terminatingMs || !examination.judges(namespace)) continue;
      if (snapshot.get('Namespace', '', namespace)?.status?.phase === 'Terminating') continue;
      const pods = usersOf(snapshot, claim);
      const [holder] = [...pods.filter(isLiving), ...pods];
      const others = finalizers.filter((one) => one !== PROTECTION).sort();
      if (holder === undefined && others.length === 0 && finalizers.length === 0) continue;
      const since = timeOf(deletionTimestamp);
      const why =
        holder === undefined
          ? `finalizers ${listText(finalizers.toSorted())} are left`
          : `pod ${podName(holder)} uses it${pods.length === 1 ? '' : ` and ${pods.length - 1} more`}`;
      yield {
        resource: refOf(claim),
        message: `Claim ${namespace}/${name} was deleted and has been kept${forText(examination, since)}: ${why}.`,
        evidence: [
          fieldEvidence(claim, 'metadata.deletionTimestamp', deletionTimestamp ?? ''),
          fieldEvidence(claim, 'metadata.finalizers', finalizers.join(', ')),
          ...(holder === undefined ? [] : [fieldEvidence(holder, 'spec.volumes', name)]),
        ],
        facts: { finalizers: finalizers.toSorted(), pods: podKeys(pods) },
        since,
      };
    }
  },
};
