/** The KPIs of a production-ready cluster, each with formula, target and value, or what is missing to compute it. */
import { readableBytes, type CertificateFacts, type ClusterSnapshot, type SchedulingWorld } from '@aia/cluster';
import type { Kpi } from '@aia/contract';
import { covers, usedAt } from '../diagnose/certificates/certificates.ts';
import type { Thresholds } from '../diagnose/examination.ts';
import { hasAddress } from '../diagnose/services/load-balancers.ts';
import { percent } from '../diagnose/wording.ts';
import type { PodCount } from './pod-success.ts';
import { shareOf, utilisationOf, type ResourceSums } from './utilisation.ts';

interface Measured {
  readonly value: number | undefined;
  readonly met: boolean;
  /** The numbers behind the value, or what is missing. */
  readonly basis: string;
}

type Described = Pick<Kpi, 'id' | 'name' | 'group' | 'formula' | 'target' | 'unit'>;

/** Computes all KPIs of a cluster. `pods` counts the judged namespaces; the other figures are of the whole cluster. */
export function computeKpis(
  snapshot: ClusterSnapshot,
  thresholds: Thresholds,
  pods: PodCount,
  world?: SchedulingWorld,
): readonly Kpi[] {
  return [
    ...podKpis(pods),
    ...utilisationKpis(snapshot, thresholds, world),
    ...edgeKpis(snapshot, thresholds),
    ...UNMEASURED.map(({ basis, ...described }) => kpi(described, { value: undefined, met: false, basis })),
    ...endpointKpis(snapshot),
  ];
}

function infrastructure(id: string, name: string, formula: string, target: string, unit: Kpi['unit']): Described {
  return { id, name, group: 'infrastructure', formula, target, unit };
}

function podKpis(pods: PodCount): readonly Kpi[] {
  const formula =
    'pods that are Ready or completed ÷ all pods, without those being deleted, just starting, or superseded by their Job';
  return [kpi(infrastructure('pod-success-rate', 'Pod success rate', formula, '> 98 %', 'share'), podSuccess(pods))];
}

function utilisationKpis(
  snapshot: ClusterSnapshot,
  { utilisation: band }: Thresholds,
  world: SchedulingWorld | undefined,
): readonly Kpi[] {
  const target = `${Math.round(band.min * 100)}–${percent(band.max)}`;
  const { cpu, memory } = utilisationOf(snapshot, world);
  const measured = (value: number | undefined, basis: string): Measured => ({
    value,
    met: value !== undefined && value >= band.min && value <= band.max,
    basis,
  });
  const used = (sums: ResourceSums, format: Format) =>
    measured(shareOf(sums.used, sums.measured?.allocatable ?? 0), usedBasis(sums, format));
  const unread = unreadPods(snapshot);
  const requested = (sums: ResourceSums, format: Format) =>
    unread === undefined
      ? measured(shareOf(sums.requested, sums.allocatable), requestedBasis(sums, format))
      : measured(undefined, unread);
  const row = (id: string, name: string, formula: string, value: Measured) =>
    kpi(infrastructure(id, name, `${formula} of all nodes`, target, 'share'), value);
  return [
    row('cpu-usage', 'CPU used', 'CPU usage ÷ allocatable CPU', used(cpu, cores)),
    row('memory-usage', 'Memory used', 'working set ÷ allocatable memory', used(memory, readableBytes)),
    row('cpu-requests', 'CPU requested', 'CPU requests of placed pods ÷ allocatable CPU', requested(cpu, cores)),
    row(
      'memory-requests',
      'Memory requested',
      'memory requests of placed pods ÷ allocatable memory',
      requested(memory, readableBytes),
    ),
  ];
}

function edgeKpis(snapshot: ClusterSnapshot, thresholds: Thresholds): readonly Kpi[] {
  const valid = 'certificates valid now, for their host and with a chain that holds ÷ all known';
  const active = 'Services of type LoadBalancer, with or without an address';
  const target = `< ${thresholds.loadBalancers}`;
  return [
    kpi(infrastructure('certificate-health', 'Certificate health', valid, '100 %', 'share'), certificates(snapshot)),
    kpi(
      infrastructure('active-load-balancers', 'Active load balancers', active, target, 'count'),
      loadBalancers(snapshot, thresholds),
    ),
  ];
}

type Format = (value: number) => string;

/** Pods that were not read hold unknown shares of the nodes. */
function unreadPods(snapshot: ClusterSnapshot): string | undefined {
  if (isMissing(snapshot, 'pods')) return 'pods were not read';
  return isMissing(snapshot, 'other-namespaces') ? 'the pods of other namespaces were not read' : undefined;
}

function isMissing(snapshot: ClusterSnapshot, input: string): boolean {
  return snapshot.missing.some((missing) => missing.input === input);
}

const NO_NODE = 'no node with allocatable resources was read';

function requestedBasis(sums: ResourceSums, format: Format): string {
  if (sums.allocatable === 0) return NO_NODE;
  return `${format(sums.requested)} of ${format(sums.allocatable)} requested`;
}

function kpi(described: Described, { value, met, basis }: Measured): Kpi {
  if (value === undefined) return { ...described, status: 'unknown', basis };
  return { ...described, value: Math.round(value * 10_000) / 10_000, status: met ? 'met' : 'missed', basis };
}

function podSuccess({ total, succeeding }: PodCount): Measured {
  if (total === 0) return { value: undefined, met: false, basis: 'no pod that counts was read' };
  const value = succeeding / total;
  return {
    value,
    met: value > 0.98,
    basis: `${succeeding} of ${total} ${total === 1 ? 'pod succeeds' : 'pods succeed'}`,
  };
}

function usedBasis({ used, measured, allocatable }: ResourceSums, format: Format): string {
  if (allocatable === 0) return NO_NODE;
  if (used === undefined || measured === undefined)
    return 'needs usage: the metrics API (kubectl get nodemetrics) or a Prometheus history';
  const part =
    measured.nodes < measured.of ? ` on ${measured.nodes} of ${measured.of} nodes; the others have no metrics` : '';
  return `${format(used)} of ${format(measured.allocatable)} used${part}`;
}

/** A certificate found in several places is one certificate, and valid where it is valid in all of them. */
function certificates(snapshot: ClusterSnapshot): Measured {
  // Authorities in CA bundles are served to nobody.
  const served = snapshot.certificates.filter(({ source }) => source.kind !== 'ca-bundle');
  const all = Map.groupBy(served, ({ issuer, serialNumber }) => `${issuer}\n${serialNumber}`);
  if (all.size === 0) return { value: undefined, met: false, basis: 'needs probed endpoints or certificates' };
  const isValid = (certificate: CertificateFacts) =>
    certificate.notBeforeAt <= snapshot.observedAt &&
    snapshot.observedAt < certificate.notAfterAt &&
    certificate.chainError === undefined &&
    certificate.expectedHosts.every((host) => covers(certificate, host));
  const invalid = [...all.values()].flatMap((uses) => uses.filter((use) => !isValid(use)).slice(0, 1));
  const valid = all.size - invalid.length;
  const basis = `${valid} of ${all.size} ${all.size === 1 ? 'certificate is' : 'certificates are'} valid`;
  const places = invalid.slice(0, 3).map(usedAt).join(', ');
  return {
    value: valid / all.size,
    met: invalid.length === 0,
    basis: places === '' ? basis : `${basis}; not ${places}`,
  };
}

function loadBalancers(snapshot: ClusterSnapshot, thresholds: Thresholds): Measured {
  if (isMissing(snapshot, 'services') || isMissing(snapshot, 'other-namespaces'))
    return { value: undefined, met: false, basis: 'not all Services were read' };
  const all = snapshot.list('Service').filter((service) => service.spec?.type === 'LoadBalancer');
  const addressed = all.filter(hasAddress).length;
  return {
    value: all.length,
    met: all.length < thresholds.loadBalancers,
    basis: `${addressed} with an address, ${all.length - addressed} waiting for one`,
  };
}

/** From one round of probes, where one was made: a glimpse, and its basis says so. */
function endpointKpis({ endpoints }: ClusterSnapshot): readonly Kpi[] {
  const row = (id: string, name: string, formula: string, target: string, unit: Kpi['unit']): Described => ({
    ...{ id, name, formula, target, unit },
    group: 'experience',
  });
  const latencies = endpoints.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
  const latency = latencies[Math.ceil(latencies.length * 0.95) - 1];
  const good = endpoints.filter(({ failures, fault }) => failures === 0 && fault === undefined).length;
  const uptime = endpoints.length === 0 ? undefined : good / endpoints.length;
  return [
    kpi(row('api-response-time', 'API response time', '95th percentile of request duration', '< 500 ms', 'ms'), {
      value: latency,
      met: latency !== undefined && latency < 500,
      basis: latency === undefined ? REQUESTS : `one request to each of ${latencies.length} endpoints, from one place`,
    }),
    kpi(row('uptime', 'System uptime', 'good probes ÷ expected probes', '> 99.5 %', 'share'), {
      value: uptime,
      met: uptime !== undefined && uptime > 0.995,
      basis: uptime === undefined ? REQUESTS : `${good} of ${endpoints.length} endpoints answered when asked once`,
    }),
  ];
}

const AGENTS = "needs the metrics of AIA's agents, which run in the cluster only once they are deployed";
const EXPERIENCE = 'needs measurements of the page from a browser';
const REQUESTS = 'needs request metrics, or the endpoints asked with --probe-endpoints';

/** Those that an assessment of a cluster alone cannot give; they are listed so that nobody takes silence for health. */
const UNMEASURED: readonly (Described & { readonly basis: string })[] = [
  {
    id: 'agent-population-stability',
    name: 'Agent population stability',
    group: 'agents',
    formula: 'agents alive ÷ agents wanted, mean over 24 h',
    target: '> 95 %',
    unit: 'share',
    basis: AGENTS,
  },
  {
    id: 'task-completion-rate',
    name: 'Task completion rate',
    group: 'agents',
    formula: 'tasks done ÷ (done + failed + expired)',
    target: '> 90 %',
    unit: 'share',
    basis: AGENTS,
  },
  {
    id: 'llm-validation-accuracy',
    name: 'LLM validation accuracy',
    group: 'agents',
    formula: 'model answers that the deterministic check confirms ÷ all',
    target: '> 85 %',
    unit: 'share',
    basis: AGENTS,
  },
  {
    id: 'security-action-success',
    name: 'Security action success',
    group: 'agents',
    formula: 'security actions whose probe held ÷ all',
    target: '100 %',
    unit: 'share',
    basis: AGENTS,
  },
  {
    id: 'page-load-time',
    name: 'Page load time',
    group: 'experience',
    formula: '75th percentile of the largest contentful paint',
    target: '< 3 s',
    unit: 'ms',
    basis: EXPERIENCE,
  },
  {
    id: 'rendering-rate',
    name: '3D rendering rate',
    group: 'experience',
    formula: 'median frames per second',
    target: '> 30 FPS',
    unit: 'fps',
    basis: EXPERIENCE,
  },
];

function cores(millis: number): string {
  return `${Number((millis / 1000).toFixed(2))} CPU`;
}
