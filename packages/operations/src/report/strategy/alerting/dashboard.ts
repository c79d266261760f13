/** A Grafana dashboard of a cluster, as the ConfigMap that the sidecar of Grafana charts loads. */
import { stringify } from 'yaml';
import { percentText } from '../../evidence-text.ts';
import type { StrategyView } from '../strategy-view.ts';
import { watchedQuotas } from './alert-rules.ts';

interface Panel {
  readonly title: string;
  readonly type: 'stat' | 'timeseries';
  readonly unit: string;
  readonly queries: readonly (readonly [legend: string, expr: string])[];
  /** Where yellow and red begin. */
  readonly thresholds?: readonly number[];
  /** Red below the first, green above the second. */
  readonly lowIsBad?: boolean;
}

const KSM = 'job="kube-state-metrics"';
const OF = 'cluster, namespace, service';

const LIVE = `on (cluster, namespace, pod) group_left () max by (cluster, namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Pending|Running"} == 1)`;

function requested(resource: string): string {
  return `sum(kube_pod_container_resource_requests{${KSM}, resource="${resource}"} * ${LIVE}) / sum(kube_node_status_allocatable{${KSM}, resource="${resource}"})`;
}

const SUCCEEDING = `sum(kube_pod_status_ready{${KSM}, condition="true"} or kube_pod_status_phase{${KSM}, phase="Succeeded"}) / count(count by (namespace, pod) (kube_pod_info{${KSM}}))`;
const LOOPING = `max by (namespace, pod) (kube_pod_container_status_waiting_reason{${KSM}, reason="CrashLoopBackOff"})`;
const NODE_CPU = '1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{job="node-exporter", mode="idle"}[5m]))';
const NODE_MEMORY =
  '1 - node_memory_MemAvailable_bytes{job="node-exporter"} / node_memory_MemTotal_bytes{job="node-exporter"}';

/** Panels of every cluster. */
const panels = ({ utilisation: { min, max } }: StrategyView['targets']): readonly Panel[] => [
  {
    title: 'Pods that succeed',
    type: 'stat',
    unit: 'percentunit',
    queries: [['succeed', SUCCEEDING]],
    thresholds: [0.9, 0.98],
    lowIsBad: true,
  },
  {
    title: 'Containers in a crash loop',
    type: 'timeseries',
    unit: 'short',
    queries: [['{{namespace}}/{{pod}}', LOOPING]],
  },
  {
    title: `Requested of what nodes offer (band ${percentText(min)} to ${percentText(max)})`,
    type: 'timeseries',
    unit: 'percentunit',
    queries: [
      ['CPU', requested('cpu')],
      ['memory', requested('memory')],
    ],
    thresholds: [max, (1 + max) / 2],
  },
  {
    title: 'Used by nodes',
    type: 'timeseries',
    unit: 'percentunit',
    queries: [
      ['CPU {{instance}}', NODE_CPU],
      ['memory {{instance}}', NODE_MEMORY],
    ],
    thresholds: [max, (1 + max) / 2],
  },
  {
    title: 'Time left of certificates',
    type: 'timeseries',
    unit: 's',
    queries: [['{{instance}}', 'probe_ssl_earliest_cert_expiry{job="blackbox-tls"} - time()']],
  },
];

/** Panels of all clusters, and those for what this one has. */
function panelsOf(view: StrategyView): readonly Panel[] {
  const quotas = watchedQuotas(view);
  const select = `quota_metric=~"${quotas.join('|')}"`;
  const balancers: Panel = {
    title: 'Load balancers',
    type: 'timeseries',
    unit: 'short',
    queries: [
      ['all', `count(kube_service_spec_type{${KSM}, type="LoadBalancer"})`],
      ['with an address', `count(max by (${OF}) (kube_service_status_load_balancer_ingress{${KSM}}))`],
    ],
  };
  const usage: Panel = {
    title: 'Cloud quotas used',
    type: 'timeseries',
    unit: 'percentunit',
    queries: [['{{quota_metric}} {{region}}', `aia_gcp_quota_usage{${select}} / aia_gcp_quota_limit{${select}}`]],
    thresholds: [view.targets.quotaShare, Math.max(0.95, (1 + view.targets.quotaShare) / 2)],
  };
  return [
    ...panels(view.targets),
    ...(view.inventory.loadBalancers.length > 0 ? [balancers] : []),
    ...(quotas.length > 0 ? [usage] : []),
  ];
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

function panelJson({ title, type, unit, queries, thresholds = [], lowIsBad = false }: Panel, i: number): object {
  const colours = lowIsBad ? ['red', 'yellow', 'green'] : ['green', 'yellow', 'red'];
  const steps = [
    { color: colours[0] ?? 'green', value: null },
    ...thresholds.map((value, at) => ({ color: colours[at + 1] ?? 'red', value })),
  ];
  return {
    ...{ id: i + 1, title, type, datasource: DATASOURCE },
    gridPos: { x: (i % 2) * 12, y: Math.floor(i / 2) * 8, w: 12, h: 8 },
    fieldConfig: { defaults: { unit, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: type === 'stat' ? { reduceOptions: { calcs: ['lastNotNull'] } } : {},
    targets: queries.map(([legendFormat, expr], at) => ({
      ...{ refId: String.fromCharCode(65 + at), datasource: DATASOURCE, expr, legendFormat },
    })),
  };
}

/** The dashboard in Grafana's classic JSON (schemaVersion 39 and later read it), inside a ConfigMap. */
export function dashboardConfigMap(view: StrategyView): string {
  const dashboard = {
    title: 'Production readiness',
    uid: 'aia-production-readiness',
    tags: ['aia'],
    timezone: 'utc',
    schemaVersion: 39,
    refresh: '1m',
    time: { from: 'now-24h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' }],
    },
    panels: panelsOf(view).map(panelJson),
  };
  const namespace = namespaceOf(view);
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: 'aia-production-readiness-dashboard',
        ...(namespace !== undefined && { namespace }),
        labels: { grafana_dashboard: '1' },
      },
      data: { 'aia-production-readiness.json': `${JSON.stringify(dashboard, null, 2)}\n` },
    },
    { lineWidth: 0 },
  );
}

/** Where Grafana runs, as far as it was found. */
function namespaceOf({ inventory: { monitoring } }: StrategyView): string | undefined {
  const grafana = monitoring.find(({ role }) => role === 'dashboards');
  return / ([^/ ]+)\//.exec(grafana?.name ?? '')?.[1];
}
