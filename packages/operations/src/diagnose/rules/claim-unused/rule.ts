/** A bound PersistentVolumeClaim that nothing uses. */
import { refOf, type PodSpec } from '@aia/cluster';
import { isReadIn } from '../../absence.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { sizeText } from '../../storage/claim-size.ts';
import { usersOf } from '../../storage/claim-users.ts';
import { isOfStatefulSet } from '../../storage/stateful-claims.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { knownFacts } from '../../finding.ts';

const DAY = 24 * 60 * 60_000;

/** Facts: capacity, volume. */
export const rule: Rule = {
  code: 'claim-unused',
  title: 'PersistentVolumeClaim is not used',
  severity: 'info',
  explanation:
    'No pod mounts the claim, and no workload names it in its template, those that are scaled to zero and CronJobs included. It may be kept on ' +
    'purpose (the data of a StatefulSet that was scaled down stays), but its disk is paid for and counts against quotas. The rule stays silent ' +
    'for claims younger than a day, for those that are not bound, and where the pods of the namespace were not read.',
  remediation: { class: 'none', text: 'Keep it if the data is wanted; otherwise save the data and delete the claim.' },
  aliases: { popeye: ['400'] },
  needs: ['pods'],
  *check(examination) {
    const named = namedInTemplates(examination);
    for (const claim of livingOf(examination, 'PersistentVolumeClaim')) {
      const { namespace = '', name, creationTimestamp } = claim.metadata;
      const age = examination.ageMs(creationTimestamp);
      if (claim.status?.phase !== 'Bound' || (age !== undefined && age < DAY)) continue;
      const isUsed =
        usersOf(examination.snapshot, claim).length > 0 ||
        named.has(`${namespace}/${name}`) ||
        isOfStatefulSet(examination.snapshot, claim);
      if (isUsed || !isReadIn(examination.snapshot, 'Pod', namespace)) continue;
      const capacity = claim.status.capacity?.['storage'];
      yield {
        resource: refOf(claim),
        message: `Claim ${namespace}/${name}${capacity === undefined ? '' : ` of ${sizeText(String(capacity))}`} is used by no pod and no workload.`,
        evidence: [
          fieldEvidence(claim, 'status.phase', 'Bound'),
          { kind: 'calculation', text: `no pod and no template in ${namespace} names claim ${name}` },
        ],
        facts: knownFacts({ capacity, volume: claim.spec?.volumeName }),
      };
    }
  },
};

/** Also of what is scaled to zero or suspended: it names its claims all the same. */
function namedInTemplates({ snapshot }: Examination): ReadonlySet<string> {
  const named = new Set<string>();
  const add = (namespace: string | undefined, spec: PodSpec | undefined): void => {
    for (const { persistentVolumeClaim } of spec?.volumes ?? [])
      if (persistentVolumeClaim !== undefined) named.add(`${namespace ?? ''}/${persistentVolumeClaim.claimName}`);
  };
  for (const kind of ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'ReplicationController', 'Job'] as const)
    for (const { metadata, spec } of snapshot.list(kind)) add(metadata.namespace, spec?.template?.spec);
  for (const { metadata, spec } of snapshot.list('CronJob'))
    add(metadata.namespace, spec?.jobTemplate?.spec?.template?.spec);
  return named;
}
