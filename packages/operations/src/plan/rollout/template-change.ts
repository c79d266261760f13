/** Changes that give a workload another pod spec, whatever kind of workload it is. */
import { refOf, type KubeObject, type PodSpec } from '@aia/cluster';
import type { Change } from '@aia/contract';
import { isReady } from '../../diagnose/conditions.ts';
import { asMadeAgain } from '../effects/inverse.ts';
import { jsonDifference } from '../effects/json-difference.ts';
import { templateOf, type Planning } from '../planning.ts';
import { ownPods } from './placing.ts';

/** Kinds which replace their pods by themselves when their template was changed, unless that is left to whoever deletes pods (OnDelete). */
const ROLLING: ReadonlySet<string> = new Set(['Deployment', 'DaemonSet']);

/**
 * A patch where the template may be changed. What does not replace a pod that waits or fails (StatefulSets, ReplicaSets) gets the pod deleted as well;
 * Jobs and pods without an owner, whose template is immutable, are made anew, and so are the Jobs of a CronJob.
 */
export function templateChanges(workload: KubeObject, spec: PodSpec, planning: Planning): readonly Change[] {
  if (workload.kind === 'Pod') return madeAnew(workload, { ...workload, spec } as KubeObject);
  const template = templateOf(workload);
  if (template === undefined) return [];
  if (workload.kind === 'Job') return madeAnew(workload, withTemplateSpec(workload, spec));
  const path = `/${[...template.path, 'spec'].join('/')}`;
  const operations = jsonDifference(template.spec, spec, path);
  if (operations.length === 0) return [];
  const patch: Change = {
    kind: 'patch',
    target: refOf(workload),
    patch: { type: 'json', operations: [...operations] },
  };
  if (ROLLING.has(workload.kind) && !isOnDelete(workload)) return [patch];
  const stuck = workload.kind === 'CronJob' ? waitingJobs(workload, planning) : failingPods(workload, planning);
  return [
    patch,
    ...stuck.map((one): Change => ({ kind: 'delete', target: refOf(one), propagationPolicy: 'Background' })),
  ];
}

function isOnDelete(workload: KubeObject): boolean {
  const { spec } = workload as { readonly spec?: { readonly updateStrategy?: { readonly type?: string } } };
  return spec?.updateStrategy?.type === 'OnDelete';
}

function failingPods(workload: KubeObject, planning: Planning): readonly KubeObject[] {
  return ownPods(workload, planning).filter((pod) => pod.metadata.deletionTimestamp === undefined && !isReady(pod));
}

function waitingPods(workload: KubeObject, planning: Planning): readonly KubeObject[] {
  return ownPods(workload, planning).filter(({ status }) => status?.phase === 'Pending');
}

function waitingJobs(workload: KubeObject, planning: Planning): readonly KubeObject[] {
  const { snapshot } = planning;
  return snapshot.ownedBy(workload).filter((job) => job.kind === 'Job' && waitingPods(job, planning).length > 0);
}

function madeAnew(before: KubeObject, after: KubeObject): readonly Change[] {
  return [
    { kind: 'delete', target: refOf(before), propagationPolicy: 'Background' },
    { kind: 'create', object: asMadeAgain(after) as unknown as Record<string, unknown> },
  ];
}

/** The Job with another pod spec. */
function withTemplateSpec(job: KubeObject, podSpec: PodSpec): KubeObject {
  const { spec } = job as { readonly spec?: { readonly template?: object } };
  return { ...job, spec: { ...spec, template: { ...spec?.template, spec: podSpec } } } as KubeObject;
}
