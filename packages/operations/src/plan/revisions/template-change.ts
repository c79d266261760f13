/** Changes of pod templates, with what else it takes for the pods to follow. */
import { refOf, type ClusterSnapshot, type KubeObject, type Pod } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { isReady } from '../../diagnose/conditions.ts';
import type { PodTemplate } from './revisions.ts';

interface Strategies {
  readonly spec?: { readonly updateStrategy?: { readonly type?: string } };
}

/** The template as a whole, in place of the present one. */
export function templateReplaced(
  workload: KubeObject,
  template: PodTemplate,
  snapshot: ClusterSnapshot,
): readonly Change[] {
  const path = workload.kind === 'CronJob' ? '/spec/jobTemplate/spec/template' : '/spec/template';
  const patch: Change = {
    kind: 'patch',
    target: refOf(workload),
    patch: { type: 'json', operations: [{ op: 'replace', path, value: template }, ...resumed(workload)] },
  };
  return [patch, ...blockersGone(workload, snapshot)];
}

/** Nothing follows a template while the Deployment is paused. */
function resumed(workload: KubeObject) {
  const { paused = false } = (workload as { readonly spec?: { readonly paused?: boolean } }).spec ?? {};
  return paused ? [{ op: 'remove' as const, path: '/spec/paused' }] : [];
}

/** Fields of the pod's spec, merged as kubectl does. */
export function templateMerged(
  workload: KubeObject,
  fields: Readonly<Record<string, unknown>>,
  snapshot: ClusterSnapshot,
): readonly Change[] {
  const template = { template: { spec: fields } };
  const spec = workload.kind === 'CronJob' ? { jobTemplate: { spec: template } } : template;
  const patch: Change = { kind: 'patch', target: refOf(workload), patch: { type: 'strategic', patch: { spec } } };
  return [patch, ...blockersGone(workload, snapshot)];
}

/**
 * Failing pods that the controller does not replace by itself: a StatefulSet waits for a broken pod for ever, with `Parallel` as well where
 * broken pods count as what may be unavailable (Kubernetes 1.35), and with OnDelete whoever deletes them decides. Sources:
 * https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback, https://github.com/kubernetes/kubernetes/issues/137409
 */
export function blockersGone(workload: KubeObject, snapshot: ClusterSnapshot): readonly Change[] {
  const { updateStrategy } = (workload as Strategies).spec ?? {};
  if (workload.kind !== 'StatefulSet' && updateStrategy?.type !== 'OnDelete') return [];
  return snapshot
    .ownedBy(workload)
    .filter(
      (one): one is Pod => one.kind === 'Pod' && one.metadata.deletionTimestamp === undefined && !isReady(one as Pod),
    )
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((pod) => ({ kind: 'delete', target: refOf(pod) }));
}
