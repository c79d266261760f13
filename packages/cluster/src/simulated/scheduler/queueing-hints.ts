/**
 * Which events in the cluster may make room for a pod that a plugin refused.
 * Source: https://kubernetes.io/docs/concepts/scheduling-eviction/scheduling-framework/#queueinghint; `EventsToRegister` of the plugins
 */
import { matchesSelector } from '../../model/selector.ts';
import type { Node } from '../../model/kinds.ts';
import { nodeResourcesShort } from '../../scheduling/filters/node-capacity.ts';
import { nodeAffinity, nodeName, nodeUnschedulable, taintToleration } from '../../scheduling/filters/node-selection.ts';
import type { FilterName, Refusal } from '../../scheduling/filters/refusal.ts';
import { termMatches, type HostPort, type PodProfile, type PodTerm } from '../../scheduling/pod-profile.ts';
import { resourcesOf } from '../../scheduling/resources.ts';

/** Something that happened. */
export type ClusterEvent =
  /** `previous` is absent for a node that is new. */
  | { readonly kind: 'node'; readonly node: Node; readonly previous?: Node }
  | { readonly kind: 'node-gone'; readonly node: Node }
  /** A pod began to run somewhere, or one that does changed. */
  | { readonly kind: 'pod'; readonly pod: PodProfile; readonly previous?: PodProfile }
  /** A pod that ran, or was to, is gone or finished. */
  | { readonly kind: 'pod-gone'; readonly pod: PodProfile }
  /** Claims, volumes, classes, attachment limits; `claim` is `namespace/name` where it is about one claim. */
  | { readonly kind: 'storage'; readonly claim?: string };

type Hint = (event: ClusterEvent, pod: PodProfile) => boolean;

/** Whether trying the pod again may be worth it; also for plugins that are not known. */
export function mayHelp(plugin: string, event: ClusterEvent, pod: PodProfile): boolean {
  return HINTS[plugin as FilterName](event, pod);
}

/** Namespaces are judged by name here; a term with a selector of them is taken to mean all. */
const anywhere = (): Readonly<Record<string, string>> => ({});

const volumes: Hint = (event, pod) => {
  if (event.kind === 'storage')
    return event.claim === undefined || pod.claims.some(({ name }) => event.claim === `${pod.namespace}/${name}`);
  if (event.kind === 'pod-gone') return event.pod.claims.length > 0;
  return event.kind === 'node' && (event.previous === undefined || hasOtherLabels(event.node, event.previous));
};

const HINTS: Readonly<Record<FilterName, Hint>> = {
  NodeUnschedulable: selection(nodeUnschedulable),
  NodeName: selection(nodeName),
  TaintToleration: selection(taintToleration),
  NodeAffinity: selection(nodeAffinity),
  NodePorts: (event, pod) =>
    (event.kind === 'node' && event.previous === undefined) ||
    (event.kind === 'pod-gone' &&
      pod.hostPorts.some((port) => event.pod.hostPorts.some((other) => meets(port, other)))),
  NodeResourcesFit: (event, pod) => {
    if (event.kind === 'pod-gone') return true;
    if (event.kind === 'pod') return event.previous !== undefined && isLess(event.pod, event.previous);
    if (event.kind !== 'node' || nodeResourcesShort(pod.requests, event.node)) return false;
    return event.previous === undefined || hasMore(event.node, event.previous);
  },
  VolumeRestrictions: volumes,
  NodeVolumeLimits: volumes,
  VolumeBinding: volumes,
  VolumeZone: volumes,
  PodTopologySpread: (event, pod) => {
    const { spread } = pod.traits;
    if (event.kind === 'storage') return false;
    if (event.kind === 'node' || event.kind === 'node-gone') {
      const has = ({ metadata }: Node) =>
        spread.every(({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined);
      const { node } = event;
      if (event.kind === 'node-gone' || event.previous === undefined) return has(node);
      return (
        (has(node) || has(event.previous)) &&
        (hasOtherLabels(node, event.previous) || hasOtherTaints(node, event.previous))
      );
    }
    const counts = (other: PodProfile) =>
      other.namespace === pod.namespace && spread.some(({ selector }) => matchesSelector(selector, other.labels));
    return counts(event.pod) || (event.kind === 'pod' && event.previous !== undefined && counts(event.previous));
  },
  InterPodAffinity: (event, pod) => {
    const isAbout = (terms: readonly PodTerm[], other: PodProfile) =>
      terms.some(
        (term) => term.namespaceSelector !== undefined || termMatches(term, other.namespace, other.labels, anywhere),
      );
    if (event.kind === 'node')
      return event.previous === undefined ? hasKey(event.node, pod) : hasOtherLabels(event.node, event.previous);
    if (event.kind === 'pod')
      return (
        isAbout(pod.affinity, event.pod) || (event.previous !== undefined && isAbout(pod.antiAffinity, event.previous))
      );
    if (event.kind !== 'pod-gone') return false;
    return isAbout(pod.antiAffinity, event.pod) || isAbout(event.pod.antiAffinity, pod);
  },
};

/** A node that passes now, and did not before. */
function selection(filter: (pod: PodProfile, node: Node) => Refusal | undefined): Hint {
  return (event, pod) =>
    event.kind === 'node' &&
    filter(pod, event.node) === undefined &&
    (event.previous === undefined || filter(pod, event.previous) !== undefined);
}

function meets(a: HostPort, b: HostPort): boolean {
  return a.port === b.port && a.protocol === b.protocol;
}

function isLess(now: PodProfile, before: PodProfile): boolean {
  const [a, b] = [now.requests, before.requests];
  return a.cpuMillis < b.cpuMillis || a.memoryBytes < b.memoryBytes;
}

function hasMore(now: Node, before: Node): boolean {
  const [a, b] = [resourcesOf(now.status?.allocatable), resourcesOf(before.status?.allocatable)];
  if (a.cpuMillis > b.cpuMillis || a.memoryBytes > b.memoryBytes) return true;
  return [...a.others].some(([name, amount]) => amount > (b.others.get(name) ?? 0));
}

function hasKey({ metadata }: Node, { affinity, antiAffinity }: PodProfile): boolean {
  const terms = [...affinity, ...antiAffinity];
  return terms.length === 0 || terms.some(({ topologyKey }) => metadata.labels?.[topologyKey] !== undefined);
}

export function hasOtherLabels(a: Node, b: Node): boolean {
  return JSON.stringify(a.metadata.labels) !== JSON.stringify(b.metadata.labels);
}

export function hasOtherTaints(a: Node, b: Node): boolean {
  return JSON.stringify(a.spec?.taints) !== JSON.stringify(b.spec?.taints);
}
