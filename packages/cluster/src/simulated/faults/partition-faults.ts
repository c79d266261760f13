/** Callers that do not reach what they call. Source: https://kubernetes.io/docs/concepts/services-networking/ */
import type { Deployment, KindMap, Service } from '../../model/kinds.ts';
import { matchesSelector, type LabelSelector } from '../../model/selector.ts';
import { CONFIG_MAPS, DEPLOYMENTS, ENDPOINT_SLICES, NAMESPACES, NETWORK_POLICIES } from '../api/built-in-types.ts';
import { entityOf } from '../entity.ts';
import type { ContainerBehaviour } from '../kubelet/behaviour.ts';
import type { BehaviourRow } from '../kubelet/behaviour-table.ts';
import type { SimulatedCluster } from '../simulated-cluster.ts';
import type { FaultKind } from './fault.ts';
import type { FaultSite } from './fault-site.ts';
import { NoTargetError } from './no-target-error.ts';
import { byEntity, serviceOf } from './targets.ts';

type NetworkPolicy = KindMap['NetworkPolicy'];

const SETTLES_MS = 600_000;
/** How long a caller waits for an answer before it gives up. */
const GIVES_UP_MS = 15_000;

/** One that calls, and one that is called through a Service. */
interface Call {
  readonly caller: Deployment;
  readonly callee: Deployment;
  readonly service: Service;
  readonly port: number;
}

export const NETWORK_POLICY_BLOCKS: FaultKind = {
  name: 'network-policy-blocks',
  family: 'policy',
  summary: 'A NetworkPolicy lets nobody but the monitoring reach pods that others call.',
  source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
  parameters: {},
  bring: (site) => {
    const { caller, callee, service, port } = drawCall(site);
    const { namespace = '', name } = callee.metadata;
    const policy = site.create({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: `${name}-ingress`, namespace },
      spec: {
        podSelector: callee.spec?.selector,
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }] }],
      },
    });
    const isBlocked = () => {
      const now = site.cluster.api.store.get(NETWORK_POLICIES, namespace, policy.metadata.name);
      return now !== undefined && !letsIn(now, caller, site.cluster);
    };
    site.behave(failing(caller, isBlocked, timeoutWords(service, port)));
    return {
      truth: { entities: [entityOf(policy)], classes: ['network-policy-blocks'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: `Let ${caller.metadata.name} in by the policy.`,
      repair: () => site.remove(NETWORK_POLICIES, policy),
    };
  },
};

const meshPartition: FaultKind = {
  name: 'mesh-partition',
  family: 'network',
  summary: 'The proxies of a service mesh no longer let a caller reach a Service behind which all is well.',
  source: 'https://istio.io/latest/docs/ops/common-problems/network-issues/',
  parameters: {},
  bring: (site) => {
    const { caller, service } = drawCall(site);
    const { namespace = '', name } = service.metadata;
    let isRepaired = false;
    const words = `call to http://${name}.${namespace}.svc.cluster.local failed: 503 upstream connect error or disconnect/reset before headers. reset reason: connection timeout`;
    const takeBack = site.behave(failing(caller, () => true, words));
    site.touchOutside(`mesh between ${entityOf(caller)} and ${entityOf(service)}`);
    return {
      truth: { entities: [entityOf(service)], classes: ['service-unreachable'] },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: 'Restore the routes of the mesh between the two.',
      repair: () => {
        isRepaired = true;
        takeBack();
      },
      isGone: () => isRepaired,
    };
  },
};

const dnsDown: FaultKind = {
  name: 'dns-down',
  family: 'network',
  summary:
    'The name service of the cluster does not start after its configuration was changed, and callers resolve no name.',
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  parameters: {
    callers: { type: 'number', summary: 'workloads that cannot do without names', min: 1, max: 4, default: 2 },
  },
  bring: (site, { callers }) => {
    const server = nameServer(site);
    const { namespace = '', name } = server.metadata;
    const service = serviceOf(site.cluster, server);
    const victims = drawCallers(site, Number(callers));
    const [container] = server.spec?.template.spec?.containers ?? [];
    const words = ['plugin/forward: not an IP address or file: "10.0.0.2:5x3"'];
    const takeBack = site.behave({
      container: (place) =>
        place.workload === `Deployment/${name}` && place.namespace === namespace && place.container === container?.name
          ? { exitsAfterMs: 500, exitCode: 1, lastWords: words }
          : undefined,
    });
    const isDown = () => service === undefined || !isAnswered(site.cluster, service);
    for (const victim of victims) site.behave(failing(victim, isDown, namesWords()));
    site.touchOutside(`configuration of ${entityOf(server)}`);
    // Callers that hold connections notice only when they open the next.
    site.later(60_000, () => site.cluster.kubelets.reconsider());
    return {
      truth: {
        entities: [entityOf(server), ...(service === undefined ? [] : [entityOf(service)])],
        classes: ['program-fails'],
      },
      touched: site.takeTouched(),
      settlesMs: SETTLES_MS,
      remedy: `Correct the configuration of ${name}.`,
      repair: takeBack,
    };
  },
};

export const PARTITIONS: readonly FaultKind[] = [meshPartition, dnsDown];

/** A Service with pods, and a Deployment that is configured to call it, else any other. @throws NoTargetError */
function drawCall(site: FaultSite): Call {
  const { cluster } = site;
  const callee = site.deployment(
    (one) => serviceOf(cluster, one) !== undefined && callersOf(site, serviceOf(cluster, one) as Service).length > 0,
  );
  const service = serviceOf(cluster, callee) as Service;
  const caller = site.pick('caller', callersOf(site, service));
  site.take(caller);
  return { caller, callee, service, port: service.spec?.ports?.[0]?.port ?? 80 };
}

/** Sound Deployments whose environment names a Service. */
function callersOf(site: FaultSite, { metadata: { name, namespace = '' } }: Service): readonly Deployment[] {
  return byEntity(site.cluster.api.store.list(DEPLOYMENTS)).filter((one) => {
    const { spec, status, metadata } = one;
    const wanted = spec?.replicas ?? 1;
    if (site.isTaken(one) || wanted === 0 || (status?.readyReplicas ?? 0) < wanted) return false;
    const host = metadata.namespace === namespace ? `${name}(\\.${namespace})?` : `${name}\\.${namespace}`;
    const names = new RegExp(`(^|[/@,])${host}(\\.svc(\\.cluster\\.local)?)?(:|/|,|$)`);
    return environmentOf(site.cluster, one).some((value) => names.test(value));
  });
}

/** Values of the variables of a Deployment's first container, as far as objects tell. */
function environmentOf({ api: { store } }: SimulatedCluster, { metadata, spec }: Deployment): readonly string[] {
  const { env = [], envFrom = [] } = spec?.template.spec?.containers[0] ?? {};
  const map = (name: string | undefined) => store.get(CONFIG_MAPS, metadata.namespace ?? '', name ?? '')?.data ?? {};
  return [
    ...env.flatMap(
      ({ value, valueFrom }) =>
        value ?? map(valueFrom?.configMapKeyRef?.name)[valueFrom?.configMapKeyRef?.key ?? ''] ?? [],
    ),
    ...envFrom.flatMap(({ configMapRef }) => (configMapRef === undefined ? [] : Object.values(map(configMapRef.name)))),
  ];
}

function drawCallers(site: FaultSite, count: number): readonly Deployment[] {
  const victims: Deployment[] = [];
  while (victims.length < count)
    try {
      victims.push(site.deployment((one) => (one.spec?.template.spec?.containers ?? []).length > 0));
    } catch (error) {
      if (!(error instanceof NoTargetError) || victims.length === 0) throw error;
      break;
    }
  return victims;
}

/** The Deployment behind the cluster's name service. @throws NoTargetError */
function nameServer(site: FaultSite): Deployment {
  const found = ['coredns', 'kube-dns']
    .map((name) => site.cluster.api.store.get(DEPLOYMENTS, 'kube-system', name))
    .filter((one) => one !== undefined && (one.status?.readyReplicas ?? 0) > 0 && site.take(one));
  return site.pick('name service', found as readonly Deployment[]);
}

/** Programs of a workload that end while something does not answer them. */
function failing({ metadata, spec }: Deployment, isCutOff: () => boolean, words: string): BehaviourRow {
  const [first] = spec?.template.spec?.containers ?? [];
  const behaviour: ContainerBehaviour = { exitsAfterMs: GIVES_UP_MS, exitCode: 1, lastWords: [words] };
  return {
    container: (place) =>
      place.namespace === metadata.namespace &&
      place.workload === `Deployment/${metadata.name}` &&
      place.container === first?.name &&
      isCutOff()
        ? behaviour
        : undefined,
  };
}

function timeoutWords({ metadata: { name, namespace = '' }, spec }: Service, port: number): string {
  return `Get "http://${name}.${namespace}.svc.cluster.local:${port}/": dial tcp ${spec?.clusterIP ?? ''}:${port}: i/o timeout`;
}

function namesWords(): string {
  return 'Error: getaddrinfo EAI_AGAIN metadata.internal.example.com';
}

function isAnswered({ api: { store } }: SimulatedCluster, { metadata }: Service): boolean {
  return [...store.list(ENDPOINT_SLICES, metadata.namespace)].some(
    (slice) =>
      slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name &&
      (slice.endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
  );
}

/** Whether a policy lets pods of a workload in, by its peers. */
function letsIn(
  { metadata, spec }: NetworkPolicy,
  { metadata: from, spec: of }: Deployment,
  cluster: SimulatedCluster,
): boolean {
  const labels = of?.template.metadata?.labels ?? {};
  const space = cluster.api.store.get(NAMESPACES, '', from.namespace ?? '')?.metadata.labels ?? {};
  const selects = (selector: LabelSelector | undefined, all: Readonly<Record<string, string>>) =>
    selector === undefined || matchesSelector(selector, all);
  return (spec?.ingress ?? []).some(
    ({ from: peers = [] }) =>
      peers.length === 0 ||
      peers.some(
        ({ podSelector, namespaceSelector, ipBlock }) =>
          ipBlock === undefined &&
          selects(podSelector, labels) &&
          (namespaceSelector === undefined
            ? from.namespace === metadata.namespace
            : matchesSelector(namespaceSelector, space)),
      ),
  );
}
