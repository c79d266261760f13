/** Which unfinished pods stand on which node, grouped once. */
import { isFinished, type Pod } from '@aia/cluster';
import { conditionOf } from '../conditions.ts';
import type { Examination } from '../examination.ts';
import { podsText } from '../wording.ts';

const known = new WeakMap<Examination, ReadonlyMap<string, readonly Pod[]>>();

/** Pods of all namespaces, judged or not, that are bound to the node and not finished. */
export function podsOnNode(examination: Examination, node: string): readonly Pod[] {
  let groups = known.get(examination);
  if (groups === undefined) known.set(examination, (groups = group(examination.snapshot.list('Pod'))));
  return groups.get(node) ?? [];
}

/** `; 12 pods are on it`; nothing when pods were not read. */
export function boundText({ snapshot }: Examination, count: number): string {
  if (snapshot.missing.some(({ input }) => input === 'pods')) return '';
  return `; ${podsText(count)} ${count === 1 ? 'is' : 'are'} on it`;
}

/** Neither finished nor on its way out. */
export function isLiving(pod: Pod): boolean {
  return pod.metadata.deletionTimestamp === undefined && !isFinished(pod);
}

/** Whether a node has been found for it; a part of an object may hold only what that node's kubelet says. */
export function hasNode({ spec, status }: Pod): boolean {
  if (spec?.nodeName !== undefined) return true;
  const reports = (status?.containerStatuses?.length ?? 0) + (status?.initContainerStatuses?.length ?? 0);
  return reports > 0 && conditionOf(status?.conditions, 'PodScheduled') === undefined;
}

/** Placed on every node by a DaemonSet or by the node itself: says nothing about who chose the node. */
export function isNodePod({ metadata }: Pod): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet' || kind === 'Node') ?? false;
}

/** The one node that a pod may run on, as its DaemonSet has it; `undefined` for pods that may run on several. */
export function boundNode(pod: Pod | undefined): string | undefined {
  const terms =
    pod?.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const field = terms.length === 1 ? terms[0]?.matchFields?.find(({ key }) => key === 'metadata.name') : undefined;
  return field?.operator === 'In' && field.values?.length === 1 ? field.values[0] : undefined;
}

/** Pods that the scheduler found no node for. */
export function unschedulablePods(examination: Examination): readonly Pod[] {
  return examination.troubledPods.filter(({ spec, status, metadata }) => {
    if ((spec?.nodeName ?? '') !== '' || metadata.deletionTimestamp !== undefined) return false;
    const scheduled = conditionOf(status?.conditions, 'PodScheduled');
    return scheduled !== undefined && scheduled.status !== 'True' && scheduled.reason === 'Unschedulable';
  });
}

function group(pods: readonly Pod[]): ReadonlyMap<string, readonly Pod[]> {
  const groups = new Map<string, Pod[]>();
  for (const pod of pods) {
    const node = pod.spec?.nodeName;
    if (node === undefined || node === '' || isFinished(pod)) continue;
    const known = groups.get(node);
    if (known === undefined) groups.set(node, [pod]);
    else known.push(pod);
  }
  return groups;
}
