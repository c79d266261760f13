/** A StatefulSet's rolling update does not go on. */
import { refOf, type StatefulSet } from '@aia/cluster';
import { unreadySince, conditionOf } from '../../conditions.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import { knownFacts, type FindingDraft } from '../../finding.ts';
import type { Rule } from '../../rule.ts';
import { livingPodsOf } from '../../workloads/shortfall.ts';
import { livingOf, wantedReplicas } from '../../workloads/workload-templates.ts';
import { forText } from '../../wording.ts';

/** What a Deployment is given by default; StatefulSets have no deadline of their own. */
const DEADLINE_MS = 600_000;
const REVISION = 'controller-revision-hash';

/** Facts: desired (replicas that the update should reach), updated, updateRevision, blockedBy (pod), blockedByOldRevision. */
export const rule: Rule = {
  code: 'stateful-set-update-stuck',
  title: 'StatefulSet update is stuck',
  severity: 'medium',
  explanation:
    'A rolling update has not reached every replica that it should, and a pod of the set has not been ready for ten minutes, which ' +
    'the controller waits for without end. A pod that is broken by an earlier revision is not replaced by a corrected one: it has ' +
    'to be deleted by hand (a known limitation of StatefulSets). The rule stays silent for updateStrategy OnDelete, for replicas ' +
    'held back by a partition, and while every pod became ready or unready within the last ten minutes.',
  remediation: {
    class: 'roll-back',
    text: 'Mend or revert the template; then delete the pod that blocks, so that it is made anew from the current revision.',
  },
  aliases: { mixin: ['KubeStatefulSetUpdateNotRolledOut'] },
  needs: ['kind:apps/StatefulSet', 'pods'],
  *check(examination) {
    for (const set of livingOf(examination, 'StatefulSet')) {
      const { updateRevision, currentRevision } = set.status ?? {};
      if (updateRevision === undefined || updateRevision === currentRevision) continue;
      const draft = stuck(examination, set, updateRevision);
      if (draft !== undefined) yield draft;
    }
  },
};

function stuck(examination: Examination, set: StatefulSet, updateRevision: string): FindingDraft | undefined {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const desired = Math.max(0, wantedReplicas(set) - (rollingUpdate?.partition ?? 0));
  const updated = set.status?.updatedReplicas ?? 0;
  if (type === 'OnDelete' || updated >= desired) return undefined;
  const blocking = livingPodsOf(examination, set).find(
    (pod) => examination.now - (unreadySince(pod) ?? examination.now) >= DEADLINE_MS,
  );
  if (blocking === undefined) return undefined;
  const since = unreadySince(blocking);
  const ready = conditionOf(blocking.status?.conditions, 'Ready');
  const { namespace = '', name } = set.metadata;
  const isOld = blocking.metadata.labels?.[REVISION] !== updateRevision;
  return {
    resource: refOf(set),
    message: `The update of StatefulSet ${namespace}/${name} has stopped at ${updated} of ${desired} replicas: it waits for pod ${blocking.metadata.name}${isOld ? ' of the old revision' : ''}, which has not been ready${forText(examination, since)}.`,
    evidence: [
      fieldEvidence(set, 'status.updatedReplicas', updated),
      fieldEvidence(set, 'status.updateRevision', updateRevision),
      ...(ready === undefined ? [] : [fieldEvidence(blocking, `${ready.path}.status`, ready.status)]),
      fieldEvidence(blocking, `metadata.labels.${REVISION}`, blocking.metadata.labels?.[REVISION] ?? ''),
    ],
    facts: knownFacts({
      desired,
      updated,
      updateRevision,
      blockedBy: blocking.metadata.name,
      blockedByOldRevision: isOld,
    }),
    since,
  };
}
