/** The readiness score and the verdict: how far a cluster is from production-ready, from stated parts. */
import type { ClusterSnapshot } from '@aia/cluster';
import type { AssessedRootCause, Assessment, Kpi } from '@aia/contract';
import { severityRank, SEVERITIES, type Severity } from '../diagnose/finding.ts';
import type { PodCount } from './pod-success.ts';

type Verdict = Assessment['verdict'];
type Component = Verdict['components'][number];

/** What one root cause of a severity costs; the remaining share is the product over all causes. */
const COST: Readonly<Record<Severity, number>> = { critical: 0.5, high: 0.2, medium: 0.07, low: 0.02, info: 0 };

/** Judges a cluster from its causes, KPIs and what could not be read. */
export function judge(
  snapshot: ClusterSnapshot,
  causes: readonly AssessedRootCause[],
  kpis: readonly Kpi[],
  pods: PodCount,
): Verdict {
  const components = componentsOf(snapshot, causes, kpis, pods);
  const known = components.filter((component) => component.value !== undefined);
  const weight = known.reduce((sum, component) => sum + component.weight, 0);
  const mean =
    weight === 0 ? 0 : known.reduce((sum, component) => sum + component.weight * (component.value ?? 0), 0) / weight;
  const status = statusOf(causes, pods, snapshot);
  return {
    status,
    sentence: sentenceOf(status, causes, pods),
    score: Math.round(mean * 100),
    confidence: Math.round(weight * 100) / 100,
    components,
  };
}

function componentsOf(
  snapshot: ClusterSnapshot,
  causes: readonly AssessedRootCause[],
  kpis: readonly Kpi[],
  pods: PodCount,
): readonly Component[] {
  const seen = snapshot.objects.length > 0;
  return [
    component(
      'pods',
      0.35,
      pods.total === 0 ? undefined : pods.succeeding / pods.total,
      `${pods.succeeding} of ${pods.total} pods succeed`,
    ),
    component(
      'root causes',
      0.25,
      seen ? causes.reduce((rest, cause) => rest * (1 - COST[cause.severity]), 1) : undefined,
      `${causes.length} found; each takes a share by its severity`,
    ),
    component('quota', 0.15, quotaHealth(snapshot), quotaBasis(snapshot)),
    kpiComponent(
      'utilisation',
      0.1,
      kpis.filter(({ id }) => id === 'cpu-requests' || id === 'cpu-usage'),
    ),
    kpiComponent(
      'certificates',
      0.1,
      kpis.filter(({ id }) => id === 'certificate-health'),
    ),
    kpiComponent(
      'load balancers',
      0.05,
      kpis.filter(({ id }) => id === 'active-load-balancers'),
    ),
  ];
}

function component(name: string, weight: number, value: number | undefined, basis: string): Component {
  return value === undefined
    ? { name, weight, basis }
    : { name, weight, value: Math.round(value * 1000) / 1000, basis };
}

/** Share of met KPIs among the known ones. */
function kpiComponent(name: string, weight: number, kpis: readonly Kpi[]): Component {
  const known = kpis.filter(({ status }) => status !== 'unknown');
  const value = known.length === 0 ? undefined : known.filter(({ status }) => status === 'met').length / known.length;
  return component(name, weight, value, kpis.map((one) => `${one.name}: ${one.status}`).join('; '));
}

/** 1 while all quotas are below 80 %, falling to 0 with the fullest one at its limit. */
function quotaHealth(snapshot: ClusterSnapshot): number | undefined {
  const fullest = fullestQuota(snapshot);
  return fullest === undefined ? undefined : Math.min(1, Math.max(0, (1 - fullest.share) / 0.2));
}

function quotaBasis(snapshot: ClusterSnapshot): string {
  const fullest = fullestQuota(snapshot);
  return fullest === undefined
    ? 'no quota was read'
    : `fullest: ${fullest.metric} in ${fullest.region} at ${Math.round(fullest.share * 100)} %`;
}

function fullestQuota(snapshot: ClusterSnapshot) {
  const rows = (snapshot.cloud.quotas ?? [])
    .filter(({ limit }) => limit > 0)
    .map((row) => ({ ...row, share: row.usage / row.limit }));
  return rows.sort((a, b) => b.share - a.share || (`${a.region}${a.metric}` < `${b.region}${b.metric}` ? -1 : 1))[0];
}

/** Not ready with a critical or high cause, at risk with a medium one; without any pod or node nothing can be said. */
function statusOf(causes: readonly AssessedRootCause[], pods: PodCount, snapshot: ClusterSnapshot): Verdict['status'] {
  const worst = Math.min(...causes.map((cause) => severityRank(cause.severity)), SEVERITIES.length);
  if (worst <= severityRank('high')) return 'not-ready';
  if (worst <= severityRank('medium')) return 'at-risk';
  return pods.total === 0 && snapshot.list('Node').length === 0 && causes.length === 0 ? 'unknown' : 'ready';
}

function sentenceOf(status: Verdict['status'], causes: readonly AssessedRootCause[], pods: PodCount): string {
  const failing =
    pods.failing === 0
      ? pods.total === 0
        ? 'no pods were read'
        : `all ${pods.total} pods succeed`
      : `${pods.failing} of ${pods.total} pods fail`;
  const number = causes.length === 1 ? 'one root cause' : `${causes.length} root causes`;
  if (status === 'unknown') return 'Not enough was read to judge: neither pods nor nodes.';
  if (status === 'ready') return `Nothing of weight was found: ${failing}.`;
  return status === 'at-risk'
    ? `At risk: ${failing}; ${number} of medium weight at most.`
    : `Not production-ready: ${failing}, from ${number}.`;
}
