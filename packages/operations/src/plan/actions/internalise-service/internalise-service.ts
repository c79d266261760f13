/** Services that need no address from outside become ClusterIP. */
import { compare, refText, type Service } from '@aia/cluster';
import type { AssessedRootCause, Change, Condition, Patch } from '@aia/contract';
import { fieldEvidence } from '../../../diagnose/examination.ts';
import { balancersOf, covers, type Balancer } from '../../network/balancers.ts';
import { escapedStep } from '../../network/json-pointer.ts';
import type { Planning } from '../../planning.ts';
import type { ActionDraft, ActionKind, Remedy } from '../../remedy.ts';

const MINUTE = 60_000;
/** Has GKE make groups of endpoints for a Service. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/container-native-load-balancing */
export const NEG = 'cloud.google.com/neg';

type Operations = Extract<Patch, { type: 'json' }>['operations'];

/** Turns Services of type LoadBalancer that wait into ClusterIP, where nobody can be using them from outside. */
export const internaliseService: ActionKind = {
  kind: 'internalise-service',
  title: 'Turn a load balancer into a Service of the cluster',
  explanation:
    'Gives Services of type LoadBalancer the type ClusterIP: those that never had an address, which nobody can have used from outside, and those whose workload is reached in another way that stays. Name, selector and ports stay as they are; node ports and what only load balancers may have are taken out in the open, so that the inverse restores them. Never the last way into a live workload: a Service with an address and ready endpoints is taken to carry traffic, and goes only once its clients were pointed elsewhere. Services that the policy protects or an operator keeps are left alone.',
  capability: 'networking',
  prior: { alpha: 19, beta: 1, basis: 'the type of a Service changes at once' },
  durationMs: { optimistic: MINUTE, likely: 3 * MINUTE, pessimistic: 10 * MINUTE },
  baseRisk: 0.03,
  propose: (planning) => planning.causesOf('load-balancer-*').flatMap((cause) => remedyFor(cause, planning) ?? []),
};

/** All Services that wait for one reason become ClusterIP; a full answer only where none of them is the only way in. */
function remedyFor(cause: AssessedRootCause, planning: Planning): Remedy | undefined {
  const findings = planning.findingsOf(cause).filter(({ code }) => code === 'load-balancer-pending');
  const keys = new Set(findings.map(({ resource }) => `${resource.namespace}/${resource.name}`));
  const all = balancersOf(planning);
  const waiting = all.filter(({ key, isWaiting, isOpen }) => keys.has(key) && isWaiting && isOpen);
  if (waiting.length === 0 || waiting.length < keys.size) return undefined;
  const others = all.filter(({ key }) => !keys.has(key));
  const isReached = (one: Balancer) =>
    one.route !== undefined || others.some((other) => other.addresses.length > 0 && covers(other, one));
  const isSpare = waiting.every(isReached);
  // What is wanted and only lacks a permission, or an answer in time, is not to be talked out of it.
  if (!isSpare && LEAVES_WANTED.has(cause.class)) return undefined;
  const drafts = grouped(waiting).map((group) =>
    internaliseDraft(group, {
      part: 'waiting',
      why: isSpare
        ? 'What they lead to is reached in another way already, and they never had an address.'
        : 'They never had an address, so that nobody outside can be using them.',
      confidence: isSpare ? 0.9 : 0.55,
    }),
  );
  return {
    title: `Turn ${listed(waiting)} into ClusterIP`,
    resolves: [cause.id],
    fit: isSpare ? 0.95 : 0.4,
    drafts,
  };
}

/** Causes that go away without anything being given up. */
export const LEAVES_WANTED: ReadonlySet<string> = new Set([
  'load-balancer-permission',
  'load-balancer-not-ready',
  'load-balancer-timeout',
  'load-balancer-throttled',
]);

/** By namespace and by who keeps them, so that one action has one owner. */
export function grouped(balancers: readonly Balancer[]): readonly (readonly Balancer[])[] {
  const groups = Map.groupBy(balancers, ({ service: { metadata } }) =>
    JSON.stringify([
      metadata.namespace,
      ...KEEPERS.map((name) => metadata.labels?.[name] ?? metadata.annotations?.[name] ?? ''),
    ]),
  );
  return [...groups.entries()].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}

const KEEPERS = [
  'meta.helm.sh/release-name',
  'app.kubernetes.io/managed-by',
  'argocd.argoproj.io/instance',
  'argocd.argoproj.io/tracking-id',
  'kustomize.toolkit.fluxcd.io/name',
  'helm.toolkit.fluxcd.io/name',
];

/** What is said of a group of Services that become ClusterIP. */
export interface Internalising {
  readonly part: string;
  /** Why nobody will miss them, in full sentences. */
  readonly why: string;
  readonly confidence: number;
  readonly after?: readonly string[];
  readonly preconditions?: readonly Condition[];
  readonly risks?: ActionDraft['risks'];
}

/** One action for Services of one namespace. `group`: not empty. */
export function internaliseDraft(group: readonly Balancer[], said: Internalising): ActionDraft {
  const [first] = group as readonly [Balancer];
  const { part, why, confidence, after, preconditions, risks = [] } = said;
  const title =
    group.length === 1
      ? `Turn ${refText(first.ref)} into ClusterIP`
      : `Turn ${group.length} load balancers of namespace ${first.ref.namespace} into ClusterIP`;
  return {
    kind: internaliseService.kind,
    title,
    target: first.ref,
    part,
    reason: `${listed(group)}: ${why} Their names, selectors and ports inside the cluster stay as they are.`,
    evidence: group
      .slice(0, 12)
      .map(({ service, addresses }) =>
        fieldEvidence(service, 'status.loadBalancer.ingress', addresses.join(', ') || '(none)'),
      ),
    confidence,
    changes: group.map(({ service, ref, route }): Change => ({
      kind: 'patch',
      target: ref,
      patch: { type: 'json', operations: asClusterIp(service, route !== undefined) },
    })),
    probe: {
      conditions: group.flatMap(({ ref }): readonly Condition[] => [
        { kind: 'field', target: ref, path: 'spec.type', value: 'ClusterIP' },
        { kind: 'no-address', target: ref },
      ]),
    },
    ...(after !== undefined && { after }),
    ...(preconditions !== undefined && { preconditions }),
    risks: [{ reason: 'whoever reaches them by the ports of nodes does so no more', adds: 0.02 }, ...risks],
  };
}

/** `Service shop/a, shop/b and 3 more`. */
export function listed(group: readonly Balancer[]): string {
  const keys = group.map(({ key }) => key);
  return `${keys.length === 1 ? 'Service' : 'Services'} ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ` and ${keys.length - 5} more` : ''}`;
}

/** Fields that only Services of type LoadBalancer or NodePort may have. Source: `validation.go` and `strategy.go` of core/service */
const OF_BALANCERS = [
  'allocateLoadBalancerNodePorts',
  'externalTrafficPolicy',
  'healthCheckNodePort',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
] as const;

/** `isRouted`: GKE's Ingresses reach a ClusterIP only by network endpoint groups. */
function asClusterIp({ spec, metadata }: Service, isRouted: boolean): Operations {
  const fields = (spec ?? {}) as Readonly<Record<string, unknown>>;
  const { annotations } = metadata;
  const needsGroups = isRouted && annotations?.[NEG] === undefined;
  return [
    { op: 'test', path: '/spec/type', value: 'LoadBalancer' },
    { op: 'replace', path: '/spec/type', value: 'ClusterIP' },
    ...OF_BALANCERS.filter((name) => fields[name] !== undefined).map((name) => ({
      op: 'remove' as const,
      path: `/spec/${name}`,
    })),
    ...(spec?.ports ?? []).flatMap(({ nodePort }, at) =>
      nodePort === undefined ? [] : [{ op: 'remove' as const, path: `/spec/ports/${at}/nodePort` }],
    ),
    ...(needsGroups
      ? annotations === undefined
        ? [{ op: 'add' as const, path: '/metadata/annotations', value: { [NEG]: '{"ingress":true}' } }]
        : [{ op: 'add' as const, path: `/metadata/annotations/${escapedStep(NEG)}`, value: '{"ingress":true}' }]
      : []),
  ];
}
