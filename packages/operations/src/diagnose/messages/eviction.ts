/**
 * Pods that the kubelet, the taint manager or the scheduler ended or did not let in: `status.reason` and `status.message` of
 * failed pods, events Evicted, Preempting, Preempted, TaintManagerEviction, and the condition DisruptionTarget, 1.14–1.36.
 * Sources: `pkg/kubelet/eviction`, `pkg/kubelet/lifecycle`, `pkg/kubelet/nodeshutdown`.
 */
import { plainText } from './event-text.ts';
import type { EvictionMessage } from './message.ts';
import { firstMatch, groupsOf, type Row } from './row.ts';

type EvictionCause = EvictionMessage['cause'];
type EvictedContainer = EvictionMessage['containers'][number];

const row = (versions: string, cause: EvictionCause, pattern: RegExp): Row<EvictionCause> => ({
  versions,
  cause,
  pattern,
});

const ROWS: readonly Row<EvictionCause>[] = [
  row(
    'all',
    'node-pressure',
    /^The node was low on (?:compute resources|resource): (?:\[?(?<resource>[\w./-]{1,320}?)(?=\]|\.(?: |$)))?/,
  ),
  row('all', 'node-pressure', /^The node had condition: \[(?<condition>\w{1,60})/),
  row(
    'all',
    'storage-limit',
    /^(?:Container (?<container>\S{1,320}) exceeded its|Usage of EmptyDir volume|Pod ephemeral local storage usage exceeds|pod ephemeral local storage usage exceeds)/,
  ),
  row(
    '1.20–',
    'node-shutdown',
    /^Pod was (?:rejected as the node is shutting down|terminated in response to imminent node shutdown)/,
  ),
  row('1.20–1.22', 'node-shutdown', /^Node is (?:shutting, evicting pods|in progress of shutting down)/i),
  row('all', 'taint', /^Marking for deletion Pod |^Taint manager: deleting due to NoExecute taint/),
  row('all', 'preempted', /^Preempted (?:by|in order to admit)|preempting to accommodate a higher priority pod/i),
  row(
    'all',
    'admission',
    /^(?:Pod was rejected: )?(?:Node didn't have enough (?:resource|capacity): (?<resource>[\w./-]{1,320})(?=,)|Predicate \w{1,80} failed|Pod Allocate failed|Allocate failed)/,
  ),
  row('all', 'admission', /^Pod was rejected: |^Predicate \w{1,80} failed/),
];

/** Event of a node about to evict; the word behind it is what it reclaims. */
const RECLAIM = /^Attempting to reclaim (?<resource>[\w./-]{1,320})$/;

/** Reasons that say it by themselves. */
const REASONS: ReadonlyMap<string, EvictionCause> = new Map([
  ['UnexpectedAdmissionError', 'admission'],
  ['NodeAffinity', 'admission'],
  ['NodePorts', 'admission'],
  ['TaintToleration', 'admission'],
  ['PodOSSelectorNodeLabelDoesNotMatch', 'admission'],
  ['PodOSNotSupported', 'admission'],
  ['InitContainerRestartPolicyForbidden', 'admission'],
  ['SupplementalGroupsPolicyNotSupported', 'admission'],
  ['UnexpectedPredicateFailureType', 'admission'],
  ['PodFeatureUnsupported', 'admission'],
  ['NodeShutdown', 'node-shutdown'],
  ['Shutdown', 'node-shutdown'],
  ['Terminated', 'node-shutdown'],
  ['Preempting', 'preempted'],
  ['Preempted', 'preempted'],
  ['PreemptionByScheduler', 'preempted'],
  ['DeletionByTaintManager', 'taint'],
  ['Evicted', 'other'],
  ['EvictionByEvictionAPI', 'other'],
  ['DeletionByPodGC', 'other'],
  ['TerminationByKubelet', 'other'],
]);

/** What a condition of a node is short of. */
const CONDITION_RESOURCE: ReadonlyMap<string, string> = new Map([
  ['MemoryPressure', 'memory'],
  ['DiskPressure', 'ephemeral-storage'],
  ['PIDPressure', 'pids'],
]);

const OUT_OF = /^OutOf(?<resource>[\w./-]{1,320})$/;

/**
 * Reads why a pod was ended or not let in. `reason` is the pod's, the event's or the condition's; empty where there is none.
 * Quantities stay as written. A taint manager's `Cancelling deletion` is no eviction and gives `undefined`.
 */
export function parseEviction(reason: string, message: string): EvictionMessage | undefined {
  const text = plainText(message);
  const found = firstMatch(ROWS, text);
  if (found === undefined) return readReason(reason, text);
  const { resource, condition, container } = groupsOf(found.match, 'resource', 'condition', 'container');
  const { cause } = found.row;
  // A condition may be written where a resource belongs (1.14); an unknown one names no resource.
  const short =
    CONDITION_RESOURCE.get(condition ?? resource ?? '') ?? (cause === 'storage-limit' ? 'ephemeral-storage' : resource);
  const containers = container === undefined ? containersIn(text) : [{ name: container }];
  return { cause, ...(short === undefined ? {} : { resource: short }), containers, text };
}

function readReason(reason: string, text: string): EvictionMessage | undefined {
  const reclaimed = reason === 'EvictionThresholdMet' ? RECLAIM.exec(text)?.groups?.['resource'] : undefined;
  if (reclaimed !== undefined) return { cause: 'node-pressure', resource: reclaimed, containers: [], text };
  const resource = OUT_OF.exec(reason)?.groups?.['resource'];
  if (resource !== undefined) return { cause: 'admission', resource, containers: [], text };
  const cause = REASONS.get(reason);
  return cause === undefined ? undefined : { cause, containers: [], text };
}

/** 1.26 on first; until 1.25 `which exceeds its request of`. A sentence without its end is left out. */
const CONTAINER =
  /\bContainer (?<name>[\w.-]{1,320}) was using (?<used>[\w.+-]{1,40}), (?:request is (?<now>[\w.+-]{1,40})(?:, has larger consumption of [\w./-]{1,320})?|which exceeds its request of (?<before>[\w.+-]{1,40}))\.(?= |$)/g;

function containersIn(text: string): readonly EvictedContainer[] {
  return [...text.matchAll(CONTAINER)].map((match) => {
    const { name = '', used, now, before } = groupsOf(match, 'name', 'used', 'now', 'before');
    const request = now ?? before;
    return { name, ...(used === undefined ? {} : { used }), ...(request === undefined ? {} : { request }) };
  });
}
