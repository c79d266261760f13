/** What the scheduler said about a pod, read again from the evidence of its finding. */
import type { ClusterSnapshot, Pod } from '@aia/cluster';
import type { Finding } from '../finding.ts';
import type { SchedulingClass, SchedulingMessage, SchedulingReason } from '../messages/message.ts';
import { parseScheduling } from '../messages/scheduling.ts';
import { boundNode } from '../nodes/node-pods.ts';
import { isTransientTaint, repellingTaints, toleratesTaint } from '../nodes/taints.ts';

/** By which Kubernetes marks nodes that are lost or short of something. */
export const NODE_STATES = [
  'not-ready',
  'unreachable',
  'network-unavailable',
  'memory-pressure',
  'disk-pressure',
  'pid-pressure',
] as const;

const known = new WeakMap<Finding, SchedulingMessage | undefined>();

/** The parsed message; `undefined` where none is there or no row knows it. */
export function schedulingOf(finding: Finding): SchedulingMessage | undefined {
  if (!known.has(finding)) known.set(finding, parseScheduling(textOf(finding)));
  return known.get(finding);
}

/** Reasons of a class, those of the whole pod included. */
export function reasonsOf(finding: Finding, of: SchedulingClass): readonly SchedulingReason[] {
  const said = schedulingOf(finding);
  const all = said?.prefilter === undefined ? (said?.reasons ?? []) : [said.prefilter];
  return all.filter((reason) => reason.class === of);
}

/**
 * Whether a reason speaks of a node's passing state (not ready, under pressure) or of a control plane, which refuse pods by
 * design: never why a workload has no node as long as another reason is there.
 */
export function isIncidental({ taint }: SchedulingReason): boolean {
  return taint !== undefined && isTransientTaint({ ...taint, effect: 'NoSchedule' });
}

/**
 * Reasons of taints with the taint named: from 1.36 on the scheduler only counts them, and the taints that the pod does not
 * tolerate are read from the nodes.
 */
export function taintReasons(finding: Finding, snapshot: ClusterSnapshot): readonly SchedulingReason[] {
  return reasonsOf(finding, 'taint').flatMap((reason) => {
    if (reason.taint !== undefined) return [reason];
    const pod = snapshot.get('Pod', finding.resource.namespace, finding.resource.name);
    const taints = pod === undefined ? [] : untolerated(pod, snapshot);
    return taints.length === 0
      ? [reason]
      : taints.map((taint, i) => ({ ...reason, count: i === 0 ? reason.count : 0, taint }));
  });
}

/** Reasons of one class, with taints named, those left out that only say of other nodes that the pod is not for them. */
export function saidOf(finding: Finding, of: SchedulingClass, snapshot: ClusterSnapshot): readonly SchedulingReason[] {
  if (of === 'taint') return taintReasons(finding, snapshot);
  return of === 'affinity' && hasOneNode(finding, snapshot) ? [] : reasonsOf(finding, of);
}

/** Whether the pod is a DaemonSet's for one node, and the scheduler says something else of that node. */
function hasOneNode(finding: Finding, snapshot: ClusterSnapshot): boolean {
  const reasons = schedulingOf(finding)?.reasons ?? [];
  if (!reasons.some((reason) => reason.class !== 'affinity' && !isIncidental(reason))) return false;
  const { namespace, name } = finding.resource;
  return boundNode(snapshot.get('Pod', namespace, name)) !== undefined;
}

/** Lasting ones first: they are what somebody has to decide about. */
function untolerated(pod: Pod, snapshot: ClusterSnapshot): readonly { key: string; value: string }[] {
  const all = snapshot
    .list('Node')
    .flatMap((node) => repellingTaints(node).filter((taint) => !toleratesTaint(pod, taint)));
  const keys = new Map(all.map(({ key, value = '' }) => [`${key}=${value}`, { key, value }]));
  const passing = (taint: { key: string }): number => Number(isTransientTaint({ ...taint, effect: 'NoSchedule' }));
  return [...keys].sort(([a, x], [b, y]) => passing(x) - passing(y) || (a < b ? -1 : 1)).map(([, taint]) => taint);
}

/** Whether the scheduler names a taint by which Kubernetes marks the state of a node. */
export function namesNodeState(finding: Finding, states: readonly string[], snapshot: ClusterSnapshot): boolean {
  return taintReasons(finding, snapshot).some(({ taint }) =>
    states.some((state) => taint?.key === `node.kubernetes.io/${state}`),
  );
}

function textOf({ evidence }: Finding): string {
  const field = evidence.find((one) => one.kind === 'field' && one.path.endsWith('.message'));
  if (field?.kind === 'field') return field.value;
  const event = evidence.find((one) => one.kind === 'event' && one.reason === 'FailedScheduling');
  return event?.kind === 'event' ? event.message : '';
}
