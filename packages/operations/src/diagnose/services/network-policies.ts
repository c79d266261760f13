/** What NetworkPolicies let through: https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
import { matchesSelector, type ClusterSnapshot, type KindMap, type Pod } from '@aia/cluster';

type NetworkPolicy = KindMap['NetworkPolicy'];
type Spec = NonNullable<NetworkPolicy['spec']>;
type Rule = NonNullable<Spec['ingress']>[number] & NonNullable<Spec['egress']>[number];
type Peer = NonNullable<Rule['from']>[number];
type Port = NonNullable<Rule['ports']>[number];
type Direction = 'Ingress' | 'Egress';

/** One call: from a pod, to a port (a number; undefined: not known) of another. */
export interface PodCall {
  readonly from: Pod;
  readonly to: Pod;
  readonly port: number | undefined;
}

/**
 * The first NetworkPolicy that keeps a call from its pod; undefined where the call is let through as far as policies say.
 * Policies add up: a pod that at least one selects takes, or makes, what any of those lets through and nothing else. What only an
 * address range could let through counts as let through, and so does all traffic of pods on their node's own network.
 */
export function blockingPolicy(call: PodCall, snapshot: ClusterSnapshot): NetworkPolicy | undefined {
  if (call.from.spec?.hostNetwork === true || call.to.spec?.hostNetwork === true) return undefined;
  return blocking('Egress', call, snapshot) ?? blocking('Ingress', call, snapshot);
}

function blocking(direction: Direction, call: PodCall, snapshot: ClusterSnapshot): NetworkPolicy | undefined {
  const pod = direction === 'Ingress' ? call.to : call.from;
  const selecting = snapshot
    .list('NetworkPolicy')
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === pod.metadata.namespace &&
        typesOf(spec).includes(direction) &&
        matchesSelector(spec?.podSelector ?? {}, pod.metadata.labels),
    );
  const isOpen = selecting.some((policy) =>
    rulesOf(policy, direction).some((rule) => admits(rule, policy, call, pod, snapshot)),
  );
  return isOpen ? undefined : selecting[0];
}

function typesOf(spec: Spec | undefined): readonly string[] {
  return spec?.policyTypes ?? ['Ingress', ...(spec?.egress === undefined ? [] : ['Egress'])];
}

function rulesOf({ spec }: NetworkPolicy, direction: Direction): readonly Rule[] {
  return (direction === 'Ingress' ? spec?.ingress : spec?.egress) ?? [];
}

function admits(rule: Rule, policy: NetworkPolicy, call: PodCall, pod: Pod, snapshot: ClusterSnapshot): boolean {
  const { from = [], to = [], ports = [] } = rule;
  const peers = pod === call.to ? from : to;
  const other = pod === call.to ? call.from : call.to;
  return (
    (peers.length === 0 || peers.some((peer) => isPeer(peer, other, policy, snapshot))) &&
    (ports.length === 0 || ports.some((port) => isPort(port, call)))
  );
}

function isPeer(peer: Peer, pod: Pod, policy: NetworkPolicy, snapshot: ClusterSnapshot): boolean {
  if (peer.ipBlock !== undefined) return true;
  const { namespace = '', labels } = pod.metadata;
  const isNamespace =
    peer.namespaceSelector === undefined
      ? namespace === policy.metadata.namespace
      : matchesSelector(peer.namespaceSelector, {
          ...snapshot.get('Namespace', '', namespace)?.metadata.labels,
          'kubernetes.io/metadata.name': namespace,
        });
  return isNamespace && (peer.podSelector === undefined || matchesSelector(peer.podSelector, labels));
}

/** A name stands for the port of that name of the pod that is called; a protocol is not looked at. */
function isPort({ port, endPort }: Port, { to, port: called }: PodCall): boolean {
  if (port === undefined || called === undefined) return true;
  const first = typeof port === 'number' ? port : portNamed(String(port), to);
  return first === undefined || (called >= first && called <= (endPort ?? first));
}

/** The number of a pod's port by its name; undefined where it has none of that name. */
export function portNamed(name: string, { spec }: Pod): number | undefined {
  return (spec?.containers ?? []).flatMap(({ ports = [] }) => ports).find((port) => port.name === name)?.containerPort;
}
