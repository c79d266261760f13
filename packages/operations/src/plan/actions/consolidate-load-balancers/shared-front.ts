/** One front for HTTP Services that are known by host names: a Gateway where the cluster has a class for it, else an Ingress. */
import { compare, refOf, refText, type KubeObject, type ResourceRef } from '@aia/cluster';
import type { Change, Condition } from '@aia/contract';
import { conditionsIn } from '../../../diagnose/open-fields.ts';
import { GATEWAY_GROUP } from '../../../diagnose/services/gateway-routes.ts';
import { isGke } from '../../../diagnose/services/ingress-classes.ts';
import type { Balancer } from '../../network/balancers.ts';
import type { Planning } from '../../planning.ts';
import { draftId, type ActionDraft } from '../../remedy.ts';
import { cutoverDrafts, KIND } from './cutover.ts';
import { listed, NEG } from '../internalise-service/internalise-service.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A Service that can be routed, and how. */
interface Routed {
  readonly balancer: Balancer;
  readonly port: number;
  readonly secrets: readonly string[];
}

/** What makes the front: its objects, and the one that gets the address. */
interface Front {
  readonly objects: readonly Fields[];
  readonly ref: ResourceRef;
}

const NAME = 'shared-front';
const GKE_CLASSES = ['gke-l7-global-external-managed', 'gke-l7-regional-external-managed'];

/** Services of one namespace that one front can stand before; at least two, else nothing is gained. */
export function shareableGroups(all: readonly Balancer[], planning: Planning): readonly (readonly Balancer[])[] {
  const owned = ownedHosts(planning);
  const open = all.filter(
    (one) => one.hosts.every((host) => !owned.has(host)) && routedOf(one, planning) !== undefined,
  );
  const distinct = open.filter(
    (one) => !open.some((other) => other.key < one.key && other.hosts.some((host) => one.hosts.includes(host))),
  );
  return [...Map.groupBy(distinct, ({ ref }) => ref.namespace).entries()]
    .sort(([a], [b]) => compare(a, b))
    .map(([, group]) => group)
    .filter((group) => group.length > 1 && frontFor(group, planning) !== undefined);
}

/** Makes the front, has clients pointed to it, and only then takes the load balancers away. */
export function frontDrafts(group: readonly Balancer[], planning: Planning): readonly ActionDraft[] {
  const front = frontFor(group, planning);
  const [first] = group;
  if (front === undefined || first === undefined) return [];
  const text = refText(front.ref);
  const make: ActionDraft = {
    kind: KIND,
    title: `Make ${text} for ${group.length} HTTP Services`,
    target: front.ref,
    part: 'front',
    reason: `${listed(group)} speak HTTP and are known by host names, so that one front can tell their requests apart. It is made first and has to have an address and healthy backends before any client is sent there; nothing is taken away by it.`,
    evidence: group
      .slice(0, 12)
      .map(({ key, hosts }) => ({ kind: 'calculation', text: `${key}: ${hosts.join(', ')}` })),
    confidence: 0.8,
    changes: [
      ...(front.ref.kind === 'Ingress' && isGke(planning.examination) ? group.flatMap(withEndpointGroup) : []),
      ...front.objects.map((object): Change => ({ kind: 'create', object })),
    ],
    probe: {
      conditions: [
        { kind: 'address', target: front.ref },
        ...(front.ref.kind === 'Gateway'
          ? [{ kind: 'condition', target: front.ref, type: 'Programmed', status: 'True' } as const]
          : []),
        ...group.map(({ ref }): Condition => ({ kind: 'endpoints', target: ref })),
      ],
      withinMs: 20 * 60_000,
    },
  };
  return [make, ...cutoverDrafts(group, () => ({ text: `${text} by host name`, after: [draftId(make)] }), planning)];
}

/** Before the front is made: its backends must not change once the Service becomes ClusterIP, which GKE's Ingresses reach by groups of endpoints alone. */
function withEndpointGroup({ service: { metadata }, ref }: Balancer): readonly Change[] {
  if (metadata.annotations?.[NEG] !== undefined) return [];
  const patch = { metadata: { annotations: { [NEG]: '{"ingress":true}' } } };
  return [{ kind: 'patch', target: ref, patch: { type: 'merge', patch } }];
}

function frontFor(group: readonly Balancer[], planning: Planning): Front | undefined {
  const routed = group.map((one) => routedOf(one, planning)).filter((one) => one !== undefined);
  const [first] = group;
  if (first === undefined || routed.length < group.length) return undefined;
  const { namespace } = first.ref;
  const gatewayClass = gatewayClassIn(planning);
  return gatewayClass === undefined
    ? ingressFront(namespace, routed, planning)
    : gatewayFront(namespace, gatewayClass, routed, planning);
}

/** `undefined` where HTTPS is spoken and no certificate for its names is there, or no port is plain HTTP. */
function routedOf(balancer: Balancer, { snapshot }: Planning): Routed | undefined {
  const ports = balancer.service.spec?.ports ?? [];
  const plain =
    ports.find(({ name, port }) => name === 'http' || port === 80) ??
    ports.find(({ name, port }) => port !== 443 && name !== 'https');
  if (plain === undefined) return undefined;
  const isSecure = ports.some(({ name, port }) => port === 443 || name === 'https');
  const secrets = balancer.hosts.flatMap((host) => {
    const found = snapshot.certificates.find(
      ({ source, names, notAfterAt }) =>
        source.kind === 'secret' &&
        source.ref.namespace === balancer.ref.namespace &&
        notAfterAt > snapshot.observedAt &&
        names.some(
          (name) => name === host || (name.startsWith('*.') && host.split('.').slice(1).join('.') === name.slice(2)),
        ),
    );
    return found?.source.kind === 'secret' ? [found.source.ref.name] : [];
  });
  if (isSecure && secrets.length < balancer.hosts.length) return undefined;
  return { balancer, port: plain.port, secrets: [...new Set(secrets)] };
}

function gatewayClassIn({ snapshot, examination }: Planning): string | undefined {
  const accepted = snapshot
    .listCustom('gateway.networking.k8s.io/GatewayClass')
    .filter((one) => conditionsIn(one).every(({ type, status }) => type !== 'Accepted' || status === 'True'))
    .map(({ metadata }) => metadata.name)
    .sort(compare);
  const known = GKE_CLASSES.find((name) => accepted.includes(name));
  return known ?? (isGke(examination) || accepted.length !== 1 ? undefined : accepted[0]);
}

function gatewayFront(
  namespace: string,
  gatewayClassName: string,
  routed: readonly Routed[],
  { snapshot }: Planning,
): Front | undefined {
  const ref = { group: GATEWAY_GROUP, kind: 'Gateway', namespace, name: NAME };
  if (snapshot.resolve(ref) !== undefined) return undefined;
  const secrets = [...new Set(routed.flatMap((one) => one.secrets))].sort(compare);
  const https = { name: 'https', protocol: 'HTTPS', port: 443 };
  const gateway = {
    ...{ apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'Gateway', metadata: { name: NAME, namespace } },
    spec: {
      gatewayClassName,
      listeners: [
        { name: 'http', protocol: 'HTTP', port: 80 },
        ...(secrets.length === 0
          ? []
          : [
              {
                ...https,
                tls: { mode: 'Terminate', certificateRefs: secrets.map((name) => ({ kind: 'Secret', name })) },
              },
            ]),
      ],
    },
  };
  const routes = routed.map(({ balancer, port }) => ({
    ...{ apiVersion: `${GATEWAY_GROUP}/v1`, kind: 'HTTPRoute' },
    metadata: { name: balancer.ref.name, namespace },
    spec: {
      parentRefs: [{ name: NAME }],
      hostnames: balancer.hosts,
      rules: [{ backendRefs: [{ name: balancer.ref.name, port }] }],
    },
  }));
  const isTaken = routes.some(
    ({ metadata: { name } }) =>
      snapshot.resolve({ group: GATEWAY_GROUP, kind: 'HTTPRoute', namespace, name }) !== undefined,
  );
  return isTaken ? undefined : { objects: [gateway, ...routes], ref };
}

function ingressFront(namespace: string, routed: readonly Routed[], planning: Planning): Front | undefined {
  const { snapshot, examination } = planning;
  const ref = { group: 'networking.k8s.io', kind: 'Ingress', namespace, name: NAME };
  if (snapshot.resolve(ref) !== undefined) return undefined;
  const classes = snapshot.list('IngressClass').map(({ metadata }) => metadata.name);
  const own = isGke(examination) ? undefined : classes.length === 1 ? classes[0] : '';
  if (own === '') return undefined;
  const tls = routed
    .filter(({ secrets }) => secrets.length > 0)
    .map(({ balancer, secrets }) => ({ hosts: balancer.hosts, secretName: secrets[0] }));
  const object = {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: {
      ...{ name: NAME, namespace },
      ...(own === undefined && { annotations: { 'kubernetes.io/ingress.class': 'gce' } }),
    },
    spec: {
      ...(own !== undefined && { ingressClassName: own }),
      ...(tls.length > 0 && { tls }),
      rules: routed.flatMap(({ balancer, port }) =>
        balancer.hosts.map((host) => {
          const backend = { service: { name: balancer.ref.name, port: { number: port } } };
          return { host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } };
        }),
      ),
    },
  };
  return { objects: [object], ref: refOf(object as unknown as KubeObject) };
}

/** Host names that an Ingress or a route answers for: a path must not have two owners. */
function ownedHosts({ snapshot }: Planning): ReadonlySet<string> {
  const hosts = new Set<string>();
  for (const { spec } of snapshot.list('Ingress')) for (const { host } of spec?.rules ?? []) if (host) hosts.add(host);
  for (const { spec } of snapshot.listCustom('gateway.networking.k8s.io/HTTPRoute'))
    for (const host of spec?.hostnames ?? []) hosts.add(host);
  return hosts;
}
