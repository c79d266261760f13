/** NetworkPolicies let through the calls that programs are made to make. */
import {
  compare,
  matchesSelector,
  refKey,
  refOf,
  refText,
  type KindMap,
  type KubeObject,
  type Labels,
  type Pod,
  type Service,
} from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { hostsIn } from '../../../diagnose/root-cause/dependencies.ts';
import { portNamed } from '../../../diagnose/services/network-policies.ts';
import { targetOf } from '../../../diagnose/services/target-ports.ts';
import type { Planning } from '../../planning.ts';
import type { ActionKind, Remedy } from '../../remedy.ts';

type NetworkPolicy = KindMap['NetworkPolicy'];
type Peer = Readonly<Record<string, unknown>>;
type PolicyPort = { readonly protocol: string; readonly port: number };

const MINUTE = 60_000;
const NAME = 'kubernetes.io/metadata.name';

/** One end of calls that a policy keeps apart. */
interface End {
  readonly namespace: string;
  readonly labels: Labels;
  readonly text: string;
}

/** Proposes the rule that is missing in a policy. */
export const allowTraffic: ActionKind = {
  kind: 'allow-traffic',
  title: 'Let calls through a NetworkPolicy',
  explanation:
    'Adds to a NetworkPolicy the rule that is missing for the calls of which programs say that they are not answered: for a policy before the pods that are called, the callers as peer; for one of the callers, the pods behind the Service. Peers are named by the labels by which their workload selects them, ports by the Service. Nothing else is let through, and no rule is taken away.',
  capability: 'networking',
  prior: { alpha: 17, beta: 3, basis: 'a rule takes effect within seconds' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 15 * MINUTE },
  baseRisk: 0.06,
  propose: (planning) =>
    planning.causesOf('network-policy-blocks').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const policy = planning.object(cause.resource) as NetworkPolicy | undefined;
  const pods = callersOf(cause, planning);
  if (policy?.kind !== 'NetworkPolicy' || pods.length === 0) return undefined;
  const services = calledServices(cause, pods, planning);
  const isBefore = !pods.some((pod) => selects(policy, pod));
  const targets = services.flatMap((service) => endsBehind(service, planning));
  const peers = isBefore ? unique(pods.map((pod) => endOf(pod, planning))) : unique(targets);
  const ports = unique(services.flatMap((service) => portsBehind(service, planning)));
  if (peers.length === 0) return undefined;
  const rule = {
    ...(ports.length > 0 && { ports }),
    [isBefore ? 'from' : 'to']: peers.map((end) => peerFor(end, policy)),
  };
  const [direction, field] = isBefore ? (['Ingress', 'ingress'] as const) : (['Egress', 'egress'] as const);
  const before: readonly unknown[] = policy.spec?.[field] ?? [];
  const ref = refOf(policy);
  const callers = unique(pods.map((pod) => endOf(pod, planning).text));
  const title = `Let ${callers.join(' and ')} through ${refText(ref)}`;
  return {
    title,
    resolves: [cause.id],
    fit: 1,
    drafts: [
      {
        kind: allowTraffic.kind,
        title,
        target: ref,
        reason: `${cause.title}. Calls to ${services.map((one) => refText(refOf(one))).join(', ') || 'the pods behind it'} are made on purpose, as the configuration and the last words of the callers say, and no rule of the policy names them.`,
        evidence: [
          fieldEvidence(policy, `spec.${field}`, `${before.length} ${before.length === 1 ? 'rule' : 'rules'}`),
          ...cause.evidence.slice(0, 3),
        ],
        confidence: services.length > 0 ? 0.9 : 0.7,
        changes: [
          {
            kind: 'patch',
            target: ref,
            patch: { type: 'merge', patch: { spec: { [field]: [...before, rule] } } },
          },
        ],
        probe: { conditions: workloadsOf(pods, planning).map((target) => ({ kind: 'available', target })) },
        risks: [
          {
            reason: `${direction} of ${callers.join(', ')} is let through that somebody may have shut out`,
            adds: 0.05,
          },
        ],
        durationMs: { optimistic: MINUTE, likely: 6 * MINUTE, pessimistic: 20 * MINUTE },
      },
    ],
  };
}

function callersOf(cause: AssessedRootCause, planning: Planning): readonly Pod[] {
  return planning
    .findingsOf(cause)
    .filter(({ resource }) => resource.kind === 'Pod')
    .map(({ resource }) => planning.object(resource) as Pod | undefined)
    .filter((pod) => pod !== undefined);
}

function workloadsOf(pods: readonly Pod[], planning: Planning) {
  const all = pods.flatMap((pod) => planning.workloadOf(refOf(pod)) ?? []).filter(({ kind }) => kind !== 'Pod');
  const byKey = new Map(all.map((workload) => [refKey(refOf(workload)), refOf(workload)]));
  return [...byKey.entries()].sort(([a], [b]) => compare(a, b)).map(([, ref]) => ref);
}

/** Services that the callers' last words name. */
function calledServices(cause: AssessedRootCause, pods: readonly Pod[], { snapshot }: Planning): readonly Service[] {
  const home = pods[0]?.metadata.namespace ?? '';
  const lines = cause.evidence.flatMap((one) =>
    one.kind === 'log' ? one.lines : one.kind === 'field' ? [one.value] : one.kind === 'event' ? [one.message] : [],
  );
  const services = lines.flatMap(hostsIn).flatMap((host) => {
    const [name = '', namespace = home] = host.split('.');
    return snapshot.get('Service', namespace, name) ?? byAddress(snapshot.list('Service'), host) ?? [];
  });
  return [...new Map(services.map((service) => [refKey(refOf(service)), service])).values()];
}

function byAddress(services: readonly Service[], host: string): Service | undefined {
  return services.find(({ spec }) => spec?.clusterIP === host);
}

function selects({ metadata, spec }: NetworkPolicy, pod: Pod): boolean {
  return metadata.namespace === pod.metadata.namespace && matchesSelector(spec?.podSelector ?? {}, pod.metadata.labels);
}

function endsBehind({ metadata: { namespace = '' }, spec }: Service, planning: Planning): readonly End[] {
  const selector = spec?.selector ?? {};
  return Object.keys(selector).length === 0
    ? []
    : planning.snapshot.withLabels('Pod', namespace, selector).map((pod) => endOf(pod, planning));
}

/** A pod by the labels by which its workload finds it. */
function endOf(pod: Pod, planning: Planning): End {
  const workload = planning.workloadOf(refOf(pod)) as (KubeObject & { spec?: Selecting }) | undefined;
  const labels = workload?.spec?.selector?.matchLabels ?? pod.metadata.labels ?? {};
  return { namespace: pod.metadata.namespace ?? '', labels, text: refText(refOf(workload ?? pod)) };
}

interface Selecting {
  readonly selector?: { readonly matchLabels?: Labels };
}

function peerFor({ namespace, labels }: End, { metadata }: NetworkPolicy): Peer {
  return {
    ...(namespace !== metadata.namespace && { namespaceSelector: { matchLabels: { [NAME]: namespace } } }),
    podSelector: { matchLabels: labels },
  };
}

/** Policies speak of the ports of pods, not of Services. */
function portsBehind({ metadata: { namespace = '' }, spec }: Service, { snapshot }: Planning): readonly PolicyPort[] {
  const [pod] = snapshot.withLabels('Pod', namespace, spec?.selector ?? {});
  return (spec?.ports ?? []).flatMap((port) => {
    const target = targetOf(port);
    const number = typeof target === 'number' ? target : pod === undefined ? undefined : portNamed(target, pod);
    return number === undefined ? [] : [{ protocol: port.protocol ?? 'TCP', port: number }];
  });
}

function unique<T>(all: readonly T[]): readonly T[] {
  const byText = new Map(all.map((one) => [JSON.stringify(one), one]));
  return [...byText.entries()].sort(([a], [b]) => compare(a, b)).map(([, one]) => one);
}
