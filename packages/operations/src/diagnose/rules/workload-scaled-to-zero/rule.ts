/** A workload that is told to run nothing. */
import { controllingReference, refKey, refOf, type ClusterSnapshot, type KubeObject } from '@aia/cluster';
import { autoscalers, leastReplicas, targetKey } from '../../workloads/autoscalers.ts';
import { fieldEvidence, type Examination } from '../../examination.ts';
import type { Rule } from '../../rule.ts';
import { livingOf } from '../../workloads/workload-templates.ts';
import { knownFacts } from '../../finding.ts';

/** Facts: autoscaler (that is switched off by it, absent when there is none). */
export const rule: Rule = {
  code: 'workload-scaled-to-zero',
  title: 'Workload is scaled to zero',
  severity: 'info',
  explanation:
    'The workload has replicas set to 0, so it runs nothing. That is a setting and no fault; it is often forgotten after maintenance or an ' +
    'incident, and a HorizontalPodAutoscaler of it is switched off as well. The rule stays silent where something scales the workload by itself (KEDA, Knative, an ' +
    'autoscaler with minReplicas 0), and for the old ReplicaSets of Deployments and rollouts.',
  remediation: { class: 'none', text: 'Scale it up if it should run, or delete it when it is not wanted any more.' },
  aliases: { popeye: ['500'] },
  needs: [],
  *check(examination) {
    const asleep = (['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController'] as const)
      .flatMap((kind): readonly Scalable[] => livingOf(examination, kind))
      .filter(({ spec }) => spec?.replicas === 0);
    if (asleep.length === 0) return;
    const scaled = scaledByItself(examination);
    const off = new Map(autoscalers(examination).map((one) => [targetKey(one), one.hpa.metadata.name]));
    for (const workload of asleep) {
      const key = refKey(refOf(workload));
      // What a controller owns, that controller scales.
      if (controllingReference(workload) !== undefined || scaled.has(key)) continue;
      const autoscaler = off.get(key);
      const { namespace = 'default', name } = workload.metadata;
      yield {
        resource: refOf(workload),
        message: `${workload.kind} ${namespace}/${name} is scaled to zero${autoscaler === undefined ? '' : `, which switches off autoscaler ${autoscaler}`}.`,
        evidence: [fieldEvidence(workload, 'spec.replicas', 0)],
        facts: knownFacts({ autoscaler }),
      };
    }
  },
};

type Scalable = KubeObject & { readonly spec?: { readonly replicas?: number } };

/** Keys of workloads that go to zero and come back without anybody's doing. */
function scaledByItself(examination: Examination): ReadonlySet<string> {
  const fromZero = autoscalers(examination).filter(({ hpa }) => leastReplicas(hpa) === 0);
  return new Set([...fromZero.flatMap((one) => targetKey(one) ?? []), ...kedaTargets(examination.snapshot)]);
}

/** Read without types. */
interface ScaledObject extends KubeObject {
  readonly spec?: { readonly scaleTargetRef?: { readonly kind?: unknown; readonly name?: unknown } };
}

function kedaTargets(snapshot: ClusterSnapshot): readonly string[] {
  return snapshot.listOf('keda.sh', 'ScaledObject').flatMap((object) => {
    const { kind = 'Deployment', name } = (object as ScaledObject).spec?.scaleTargetRef ?? {};
    const { namespace = '' } = object.metadata;
    return typeof kind === 'string' && typeof name === 'string'
      ? [refKey({ group: 'apps', kind, namespace, name })]
      : [];
  });
}
