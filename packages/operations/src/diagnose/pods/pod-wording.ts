/** How findings about pods and containers are worded and keyed, so that all rules say it the same way. */
import { formatCpu, refKey, refOf, type Pod, type Resources } from '@aia/cluster';
import { memoryText } from './container-memory.ts';
import type { ContainerCase } from './container-state.ts';
import { fieldEvidence, type Examination } from '../examination.ts';
import type { Evidence } from '../evidence.ts';
import { knownFacts, type Facts, type FindingDraft } from '../finding.ts';

/** `shop/web-1`. */
export function podName(pod: Pod): string {
  return `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
}

/** `container api of pod shop/web-1`, with `Init container` or `Sidecar` where it is one. */
export function containerName(found: ContainerCase): string {
  const kind = !found.init ? 'Container' : found.container.restartPolicy === 'Always' ? 'Sidecar' : 'Init container';
  return `${kind} ${found.container.name} of pod ${podName(found.pod)}`;
}

/** Key of the workload that a pod belongs to; the fact by which findings about its pods are joined. */
export function workloadKey(examination: Examination, pod: Pod): string {
  return refKey(refOf(examination.workloadOf(pod)));
}

/** `1 restart`, `14 restarts`. */
export function restartsText(restarts: number): string {
  return restarts === 1 ? '1 restart' : `${restarts} restarts`;
}

/** A finding about one container; `container` and `workload` are added to the facts. */
export function containerDraft(
  examination: Examination,
  found: ContainerCase,
  draft: Omit<FindingDraft, 'resource' | 'part' | 'facts'> & {
    readonly facts?: Readonly<Record<string, Facts[string] | undefined>>;
  },
): FindingDraft {
  const workload = workloadKey(examination, found.pod);
  return {
    ...draft,
    resource: refOf(found.pod),
    part: found.container.name,
    facts: knownFacts({ container: found.container.name, workload, ...draft.facts }),
  };
}

/** Why a container waits, in its status. */
export function waitingEvidence(found: ContainerCase): readonly Evidence[] {
  const path = `${found.statusPath}.state.waiting`;
  const message = found.waitingMessage;
  if (found.waitingReason === '') return [];
  return [
    fieldEvidence(found.pod, `${path}.reason`, found.waitingReason),
    ...(message === '' ? [] : [fieldEvidence(found.pod, `${path}.message`, message)]),
  ];
}

/** How a container last ended, in its status. */
export function endEvidence(found: ContainerCase): readonly Evidence[] {
  const { last, lastPath, pod } = found;
  if (last === undefined) return [];
  return [
    ...(last.reason === undefined ? [] : [fieldEvidence(pod, `${lastPath}.reason`, last.reason)]),
    fieldEvidence(pod, `${lastPath}.exitCode`, last.exitCode ?? 0),
    ...(last.message === undefined || last.message === ''
      ? []
      : [fieldEvidence(pod, `${lastPath}.message`, last.message)]),
  ];
}

/** How often a container has been restarted. */
export function restartEvidence(found: ContainerCase): Evidence {
  return fieldEvidence(found.pod, `${found.statusPath}.restartCount`, found.restarts);
}

/** `2500m CPU and 4Gi memory`, or `no CPU or memory`. */
export function requestsText({ cpuMillis, memoryBytes }: Pick<Resources, 'cpuMillis' | 'memoryBytes'>): string {
  const parts = [
    cpuMillis > 0 ? `${formatCpu(cpuMillis)} CPU` : '',
    memoryBytes > 0 ? `${memoryText(memoryBytes)} memory` : '',
  ];
  return parts.filter((part) => part !== '').join(' and ') || 'no CPU or memory';
}
