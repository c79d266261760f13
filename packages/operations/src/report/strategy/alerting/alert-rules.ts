/**
 * Alert rules for a cluster: what its KPIs and findings are about, as Prometheus asks for it. Selectors pin `job`, ratios are guarded against
 * a zero below, aggregations keep `cluster`, and no label changes between two evaluations.
 */
import { percentText } from '../../evidence-text.ts';
import type { StrategyView } from '../strategy-view.ts';

/** One rule. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** As in `15m`; absent for rules that fire at once. */
  readonly for?: string;
  readonly labels: { readonly severity: 'critical' | 'warning' | 'info' | 'none'; readonly [label: string]: string };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** A rule, and what the cluster shows of it. */
export interface ShownRule {
  readonly rule: AlertRule;
  /** The threshold in words. */
  readonly when: string;
  /** What was seen of it; `''` where nothing measures it. */
  readonly now: string;
}

/** Rules that belong together. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly ShownRule[];
}

const KSM = 'job="kube-state-metrics"';
const NODE = 'job="node-exporter"';
const POD_KEYS = 'cluster, namespace, pod, container';

/** Groups in a stable order; those about quotas and load balancers only where the cluster has such. */
export function ruleGroups(view: StrategyView): readonly RuleGroup[] {
  const groups = [
    { name: 'aia-pods', rules: podRules(view) },
    { name: 'aia-utilisation', rules: utilisationRules(view) },
    { name: 'aia-certificates', rules: certificateRules(view) },
    { name: 'aia-agents', rules: agentRules() },
    { name: 'aia-load-balancers', rules: loadBalancerRules(view) },
    { name: 'aia-quotas', rules: quotaRules(view) },
    { name: 'aia-pipeline', rules: pipelineRules(view) },
  ];
  return groups.filter(({ rules }) => rules.length > 0);
}

function podRules({ assessment: { findings } }: StrategyView): readonly ShownRule[] {
  const looping = findings.filter(({ code }) => code === 'container-crash-loop').length;
  const now = `${looping} ${looping === 1 ? 'container' : 'containers'} in a crash loop`;
  const waiting = (name: string) =>
    `max by (${POD_KEYS}) (max_over_time(${name}{${KSM}, reason="CrashLoopBackOff"}[5m])) >= 1`;
  const restarts = (name: string) => `max by (${POD_KEYS}) (increase(${name}{${KSM}}[30m])) >= 2.5`;
  const both = (write: (name: string) => string, name: string) =>
    `${write(`kube_pod_container_status_${name}`)} or ${write(`kube_pod_init_container_status_${name}`)}`;
  return [
    {
      rule: {
        alert: 'PodCrashLooping',
        expr: both(waiting, 'waiting_reason'),
        for: '15m',
        labels: { severity: 'critical' },
        annotations: {
          summary: 'A container is in a crash loop',
          description:
            'Container {{ $labels.container }} of pod {{ $labels.namespace }}/{{ $labels.pod }} has been in back-off for 15 minutes.',
        },
      },
      when: 'a container waits in CrashLoopBackOff for 15 minutes',
      now,
    },
    {
      rule: {
        alert: 'PodCrashLooping',
        expr: both(restarts, 'restarts_total'),
        for: '5m',
        labels: { severity: 'warning' },
        annotations: {
          summary: 'A container restarts again and again',
          description:
            'Container {{ $labels.container }} of pod {{ $labels.namespace }}/{{ $labels.pod }} restarted at least three times in half an hour.',
        },
      },
      when: 'three restarts in half an hour',
      now,
    },
  ];
}

type Band = StrategyView['targets']['utilisation'];

function utilisationRules({ assessment: { kpis }, targets: { utilisation } }: StrategyView): readonly ShownRule[] {
  const basis = (id: string) => kpis.find((kpi) => kpi.id === id)?.basis ?? '';
  return [
    nodeRule(
      'memory',
      `(1 - node_memory_MemAvailable_bytes{${NODE}} / (node_memory_MemTotal_bytes{${NODE}} > 0)) > ${utilisation.max}`,
      utilisation.max,
      basis('memory-usage'),
    ),
    nodeRule(
      'cpu',
      `(1 - avg without (cpu, mode) (rate(node_cpu_seconds_total{${NODE}, mode="idle"}[5m]))) > ${utilisation.max}`,
      utilisation.max,
      basis('cpu-usage'),
    ),
    ...(['cpu', 'memory'] as const).flatMap((resource) =>
      requestRules(resource, utilisation, basis(`${resource}-requests`)),
    ),
  ];
}

function nodeRule(resource: string, expr: string, most: number, now: string): ShownRule {
  return {
    rule: {
      alert: 'HighResourceUtilization',
      expr,
      for: '15m',
      labels: { severity: 'warning', resource, level: 'node' },
      annotations: {
        summary: `A node uses more than ${percentText(most)} of its ${resource}`,
        description: `{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its ${resource}.`,
      },
    },
    when: `a node uses more than ${percentText(most)} of its ${resource} for 15 minutes`,
    now,
  };
}

/** Requests of pods that hold or wait for a node, of what nodes offer; completed pods still have a series. */
function requestRules(resource: string, { min, max }: Band, now: string): readonly ShownRule[] {
  const live = `on (cluster, namespace, pod) group_left () max by (cluster, namespace, pod) (kube_pod_status_phase{${KSM}, phase=~"Pending|Running"} == 1)`;
  const share = `sum by (cluster) (kube_pod_container_resource_requests{${KSM}, resource="${resource}"} * ${live}) / (sum by (cluster) (kube_node_status_allocatable{${KSM}, resource="${resource}"}) > 0)`;
  const rule = (
    alert: string,
    comparison: string,
    span: string,
    severity: 'warning' | 'info',
    text: string,
  ): ShownRule => ({
    rule: {
      alert,
      expr: `${share} ${comparison}`,
      for: span,
      labels: { severity, resource, level: 'cluster' },
      annotations: {
        summary: text,
        description: `Pods request {{ $value | humanizePercentage }} of the ${resource} that nodes offer; the band is ${percentText(min)} to ${percentText(max)}.`,
      },
    },
    when: `${text}, for ${span}`,
    now,
  });
  return [
    rule(
      'HighResourceUtilization',
      `> ${max}`,
      '15m',
      'warning',
      `Pods request more than ${percentText(max)} of the ${resource}`,
    ),
    rule(
      'LowResourceUtilization',
      `< ${min}`,
      '6h',
      'info',
      `Pods request less than ${percentText(min)} of the ${resource}`,
    ),
  ];
}

function certificateRules({ assessment: { certificates = [] } }: StrategyView): readonly ShownRule[] {
  const served = certificates.filter(({ kind }) => kind === 'endpoint');
  const next = certificates.find(({ daysLeft }) => daysLeft !== undefined);
  const now =
    next === undefined
      ? 'no certificate was read'
      : `the next of ${certificates.length} expires in ${next.daysLeft ?? 0} days (${next.place})`;
  const left = '(last_over_time(probe_ssl_earliest_cert_expiry{job="blackbox-tls"}[15m]) - time())';
  const described = 'The certificate at {{ $labels.instance }} expires in {{ $value | humanizeDuration }}.';
  const expiry = (expr: string, span: string, severity: 'warning' | 'critical', when: string): ShownRule => ({
    rule: {
      alert: 'SSLCertificateExpiry',
      ...{ expr, for: span },
      labels: { severity },
      annotations: { summary: `A certificate expires within ${when}`, description: described },
    },
    when: `less than ${when} left`,
    now,
  });
  return [
    expiry(`7 * 86400 <= ${left} < 30 * 86400`, '1h', 'warning', '30 days'),
    expiry(`${left} < 7 * 86400`, '10m', 'critical', '7 days'),
    {
      rule: {
        alert: 'SSLProbeFailed',
        expr: 'probe_success{job="blackbox-tls"} == 0',
        for: '5m',
        labels: { severity: 'critical' },
        annotations: {
          summary: 'A way in does not answer, or its certificate is not trusted',
          description: 'The probe of {{ $labels.instance }} has failed for 5 minutes.',
        },
      },
      when: 'a verifying probe fails for 5 minutes: a certificate that has expired has no date to compare',
      now: served.length === 0 ? 'no endpoint was asked' : `${served.length} asked`,
    },
  ];
}

function agentRules(): readonly ShownRule[] {
  return [
    {
      rule: {
        alert: 'AgentSynchronizationFailure',
        expr: 'round(sum by (cluster, agent) (increase(aia_agent_sync_failures_total[10m]))) > 3',
        labels: { severity: 'warning' },
        annotations: {
          summary: 'An agent fails to synchronise',
          description: 'Agent {{ $labels.agent }} failed to synchronise {{ $value }} times in ten minutes.',
        },
      },
      when: 'more than three failures in ten minutes; it resolves when they stop',
      now: '',
    },
  ];
}

function loadBalancerRules({ inventory: { loadBalancers }, targets }: StrategyView): readonly ShownRule[] {
  if (loadBalancers.length === 0) return [];
  const waiting = loadBalancers.filter(({ addresses }) => addresses.length === 0).length;
  const keys = 'cluster, namespace, service';
  return [
    {
      rule: {
        alert: 'LoadBalancerCountHigh',
        expr: `count by (cluster) (max by (${keys}) (kube_service_spec_type{${KSM}, type="LoadBalancer"})) >= ${targets.loadBalancers}`,
        for: '10m',
        labels: { severity: 'warning' },
        annotations: {
          summary: `There are ${targets.loadBalancers} or more load balancers`,
          description: '{{ $value }} Services are of type LoadBalancer; each takes an address and a forwarding rule.',
        },
      },
      when: `${targets.loadBalancers} or more Services of type LoadBalancer`,
      now: `${loadBalancers.length}`,
    },
    {
      rule: {
        alert: 'LoadBalancerPending',
        expr: `max by (${keys}) (kube_service_spec_type{${KSM}, type="LoadBalancer"}) unless on (${keys}) max by (${keys}) (kube_service_status_load_balancer_ingress{${KSM}})`,
        for: '15m',
        labels: { severity: 'warning' },
        annotations: {
          summary: 'A load balancer waits for its address',
          description: 'Service {{ $labels.namespace }}/{{ $labels.service }} has had no address for 15 minutes.',
        },
      },
      when: 'a Service of type LoadBalancer without an address for 15 minutes',
      now: `${waiting} wait`,
    },
  ];
}

/** Quotas worth an alert of their own: those that the cluster draws on noticeably. */
export function watchedQuotas({ assessment: { quotas = [] } }: StrategyView): readonly string[] {
  const names = quotas
    .filter(
      ({ share, needed, limit, metric }) => limit > 0 && (share >= 0.5 || needed > 0) && /^[A-Z0-9_-]+$/.test(metric),
    )
    .map(({ metric }) => metric);
  return [...new Set(names)].sort();
}

function quotaRules(view: StrategyView): readonly ShownRule[] {
  const metrics = watchedQuotas(view);
  if (metrics.length === 0) return [];
  const select = `quota_metric=~"${metrics.join('|')}"`;
  const keys = 'cluster, project, region, quota_metric';
  const share = `max by (${keys}) (aia_gcp_quota_usage{${select}}) / (max by (${keys}) (aia_gcp_quota_limit{${select}}) > 0)`;
  const high = view.targets.quotaShare;
  // Above the target, and before the end.
  const grave = Math.max(0.95, (1 + high) / 2);
  const fullest = (view.assessment.quotas ?? []).toSorted((a, b) => b.share - a.share)[0];
  const now =
    fullest === undefined ? '' : `${Math.floor(fullest.share * 100)} % of ${fullest.metric} in ${fullest.region}`;
  const rule = (
    alert: string,
    expr: string,
    span: string,
    severity: 'warning' | 'critical',
    when: string,
  ): ShownRule => ({
    rule: {
      alert,
      ...{ expr, for: span },
      labels: { severity },
      annotations: {
        summary: `A cloud quota is used to ${when}`,
        description: '{{ $labels.quota_metric }} in {{ $labels.region }} is used to {{ $value | humanizePercentage }}.',
      },
    },
    when: `used to ${when} (${metrics.join(', ')})`,
    now,
  });
  return [
    rule('CloudQuotaHigh', `${high} <= ${share} < ${grave}`, '10m', 'warning', `${percentText(high)} and more`),
    rule('CloudQuotaCritical', `${share} >= ${grave}`, '5m', 'critical', `${percentText(grave)} and more`),
  ];
}

function pipelineRules(view: StrategyView): readonly ShownRule[] {
  const quotas = watchedQuotas(view).length > 0;
  const absent = (alert: string, expr: string, what: string): ShownRule => ({
    rule: {
      alert,
      expr,
      for: '10m',
      labels: { severity: 'critical' },
      annotations: { summary: `${what} sends no metrics`, description: `Alerts that rest on ${what} cannot fire.` },
    },
    when: `${what} is silent for 10 minutes`,
    now: '',
  });
  return [
    absent('MetricsPipelineDown', `absent(up{${KSM}} == 1)`, 'kube-state-metrics'),
    ...(quotas
      ? [
          absent(
            'CloudQuotaDataStale',
            '(time() - max(aia_gcp_quota_poll_timestamp_seconds) > 900) or absent(aia_gcp_quota_poll_timestamp_seconds)',
            'the poller of quotas',
          ),
        ]
      : []),
    {
      rule: {
        alert: 'Watchdog',
        expr: 'vector(1)',
        labels: { severity: 'none' },
        annotations: {
          summary: 'The alerting works',
          description: 'Always fires; whoever stops receiving it raises the alarm.',
        },
      },
      when: 'always, for a dead-man switch',
      now: '',
    },
  ];
}
