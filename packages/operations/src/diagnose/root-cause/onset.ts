/** When what findings say began: the earliest moment that anything still tells of. */
import { refKey, refOf, timeOf, type ClusterSnapshot, type Event, type Pod } from '@aia/cluster';
import { unreadySince } from '../conditions.ts';
import { severityRank, type Finding } from '../finding.ts';

/**
 * Since when a finding's trouble has been seen, in epoch milliseconds. Of a pod also by the first of the events that the
 * finding rests on and by when it ceased to be ready: a restart is only the latest sign of a crash loop.
 */
export function onsetOf(finding: Finding, snapshot: ClusterSnapshot): number | undefined {
  const { resource, since } = finding;
  const pod = resource.kind === 'Pod' ? snapshot.get('Pod', resource.namespace, resource.name) : undefined;
  const times = [since, ...(pod === undefined ? [] : [unreadySince(pod), ...firstEvents(pod, finding, snapshot)])];
  return least(times);
}

/** Kinds whose findings are dated by what happened to them, and not by when they were made. */
const DATED: ReadonlySet<string> = new Set([
  'CronJob',
  'DaemonSet',
  'Deployment',
  'Job',
  'Node',
  'Pod',
  'ReplicaSet',
  'StatefulSet',
]);

/** When the first of a cause's findings began: of those that are dated best, and of those above low where there are any. */
export function onsetOfAll(findings: readonly Finding[], snapshot: ClusterSnapshot): number | undefined {
  const dated = preferred(findings, ({ resource }) => DATED.has(resource.kind));
  const serious = preferred(dated, ({ severity }) => severityRank(severity) < severityRank('low'));
  return least(serious.map((finding) => onsetOf(finding, snapshot)));
}

function preferred(findings: readonly Finding[], wanted: (finding: Finding) => boolean): readonly Finding[] {
  const found = findings.filter(wanted);
  return found.length > 0 ? found : findings;
}

/**
 * The moment before which a finding's trouble cannot have been; `undefined` where it may have been there longer than
 * anything tells. Exact are pods that never started or only ceased to be ready; those that restart may have done so since they
 * were made.
 */
function notBefore(finding: Finding, snapshot: ClusterSnapshot): number | undefined {
  const object = snapshot.resolve(finding.resource);
  if (object === undefined) return undefined;
  const pods = object.kind === 'Pod' ? [object as Pod] : failingPods(finding, snapshot);
  const times = pods.map((pod) => (hasRestarted(pod) ? timeOf(pod.metadata.creationTimestamp) : unreadySince(pod)));
  return times.includes(undefined) ? undefined : least(times);
}

/** What is reported later than it happens: the node controller waits, kubelets report in turns. */
const LAG_MS = 5 * 60_000;

/** Whether a cause can have been there before its effect; only a dated beginning speaks against it. */
export function precedes(cause: Finding, effect: Finding, snapshot: ClusterSnapshot): boolean {
  const start = notBefore(cause, snapshot);
  if (start === undefined) return true;
  const onset = onsetOf(effect, snapshot);
  return onset === undefined || start <= onset + LAG_MS;
}

/** Pods that are not ready of a workload, or behind a Service. */
function failingPods({ resource }: Finding, snapshot: ClusterSnapshot): readonly Pod[] {
  const { kind, namespace, name } = resource;
  const { selector = {} } = (kind === 'Service' ? snapshot.get(kind, namespace, name)?.spec : undefined) ?? {};
  const pods =
    kind === 'Service'
      ? snapshot.withLabels('Pod', namespace, selector)
      : snapshot
          .listIn('Pod', namespace)
          .filter((pod) => refKey(refOf(snapshot.rootOwnerOf(pod))) === refKey(resource));
  return pods.filter((pod) => unreadySince(pod) !== undefined);
}

function hasRestarted({ status }: Pod): boolean {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].some(
    ({ restartCount }) => (restartCount ?? 0) > 0,
  );
}

function firstEvents(pod: Pod, { evidence }: Finding, snapshot: ClusterSnapshot): readonly (number | undefined)[] {
  const reasons = new Set(evidence.flatMap((one) => (one.kind === 'event' ? [one.reason] : [])));
  return snapshot
    .eventsOf(pod)
    .filter(({ reason = '', type }) => type !== 'Normal' && (reasons.has(reason) || reason === 'BackOff'))
    .map(firstTime);
}

function firstTime({ firstTimestamp, eventTime, metadata }: Event): number | undefined {
  return timeOf(firstTimestamp) ?? timeOf(eventTime) ?? timeOf(metadata.creationTimestamp);
}

function least(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined && time > 0);
  return known.length === 0 ? undefined : Math.min(...(known as number[]));
}
