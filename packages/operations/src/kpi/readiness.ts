/**
 * The readiness score and the verdict: how far a cluster is from production-ready, from stated parts.
 *
 * `score = 100 × Σ weight × value ÷ Σ weight` over the parts whose value is known. No part rises when something more fails, so
 * neither does the score. `confidence = Σ weight of the known parts × Π (1 − cost)` over what was not read.
 */
import type { ClusterSnapshot } from '@aia/cluster';
import type { AssessedRootCause, Assessment, Kpi } from '@aia/contract';
import type { Thresholds } from '../diagnose/examination.ts';
import { isOutside } from '../diagnose/root-cause/outside.ts';
import { severityRank, SEVERITIES, type Severity } from '../diagnose/finding.ts';
import { NOTHING_EXCUSED, type Excused } from '../diagnose/suppressions/split.ts';
import type { PodCount } from './pod-success.ts';

type Verdict = Assessment['verdict'];
type Component = Verdict['components'][number];

/** What is judged. */
export interface Judged {
  readonly snapshot: ClusterSnapshot;
  readonly thresholds: Thresholds;
  readonly causes: readonly AssessedRootCause[];
  readonly kpis: readonly Kpi[];
  readonly pods: PodCount;
  /** Namespaces asked for; `undefined` when all are judged. */
  readonly namespaces?: ReadonlySet<string> | undefined;
  /** Namespaces asked for of which nothing was read; with `all`, there is nothing to judge. */
  readonly absent: { readonly namespaces: readonly string[]; readonly all: boolean };
  /** Everything that was not read. */
  readonly missing: Assessment['missing'];
  /** What suppressed findings no longer hold against the cluster; default nothing. */
  readonly excused?: Excused;
}

/** What one root cause of a severity costs; the remaining share is the product over all causes. */
const COST: Readonly<Record<Severity, number>> = { critical: 0.5, high: 0.2, medium: 0.07, low: 0.02, info: 0 };

/**
 * Share of the confidence that an input takes with it when it was not read. Quotas, certificates and metrics leave a part of the
 * score without a value, which costs its weight; they cost nothing on top.
 */
const MISSING_COST: Readonly<Record<string, number>> = {
  pods: 0.5,
  nodes: 0.3,
  events: 0.3,
  deployments: 0.1,
  'replica-sets': 0.1,
  quotas: 0,
  certificates: 0,
  metrics: 0,
};
const OTHER_MISSING_COST = 0.03;
const ABSENT_NAMESPACE_COST = 0.3;
/** Per file or object that could not be read, and at most. */
const PROBLEM_COST = { each: 0.05, most: 0.5 };

const MEDIUM = severityRank('medium');

/** Judges a cluster from its causes, KPIs and what could not be read. */
export function judge(judged: Judged): Verdict {
  const components = componentsOf(judged);
  const known = components.filter((component) => component.value !== undefined);
  const weight = known.reduce((sum, component) => sum + component.weight, 0);
  const mean =
    weight === 0 ? 0 : known.reduce((sum, component) => sum + component.weight * (component.value ?? 0), 0) / weight;
  const status = statusOf(judged);
  return {
    status,
    sentence: sentenceOf(status, judged),
    // Rounded down, so that 100 says that nothing at all stands against it.
    score: status === 'unknown' ? 0 : Math.floor(mean * 100 + 1e-9),
    confidence: status === 'unknown' ? 0 : Math.round(weight * readShare(judged) * 100) / 100,
    components,
  };
}

function readShare({ missing, snapshot }: Judged): number {
  const inputs = missing.reduce((rest, { input }) => rest * (1 - costOf(input)), 1);
  const errors = snapshot.problems.filter(({ severity }) => severity === 'error').length;
  return inputs * Math.max(1 - PROBLEM_COST.most, (1 - PROBLEM_COST.each) ** errors);
}

function costOf(input: string): number {
  if (input.startsWith('namespace:')) return ABSENT_NAMESPACE_COST;
  return Object.hasOwn(MISSING_COST, input) ? (MISSING_COST[input] ?? 0) : OTHER_MISSING_COST;
}

function componentsOf(judged: Judged): readonly Component[] {
  const { snapshot, causes, kpis, pods, excused = NOTHING_EXCUSED } = judged;
  const quota = quotaOf(snapshot, excused);
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
      snapshot.objects.length > 0 ? causes.reduce((rest, cause) => rest * (1 - COST[cause.severity]), 1) : undefined,
      causes.length === 0 ? 'none found' : `${causes.length} found; each takes a share by its severity`,
    ),
    component('quota', 0.15, quota.value, quota.basis),
    component('headroom', 0.1, headroom(judged), headroomBasis(judged)),
    kpiComponent('certificates', 0.1, kpis, 'certificate-health', excused.hasOnly(/^certificate-/)),
    kpiComponent(
      'load balancers',
      0.05,
      kpis,
      'active-load-balancers',
      excused.hasOnly(/^load-balancer-proliferation$/),
    ),
  ];
}

function component(name: string, weight: number, value: number | undefined, basis: string): Component {
  return value === undefined
    ? { name, weight, basis }
    : { name, weight, value: Math.round(value * 1000) / 1000, basis };
}

function kpiComponent(name: string, weight: number, kpis: readonly Kpi[], id: string, isExcused: boolean): Component {
  const kpi = kpis.find((one) => one.id === id);
  const value = kpi === undefined || kpi.status === 'unknown' ? undefined : kpi.status === 'met' || isExcused ? 1 : 0;
  const excuse = isExcused ? '; suppressed' : '';
  return component(name, weight, value, kpi === undefined ? '' : `${kpi.name}: ${kpi.basis}${excuse}`);
}

const REQUESTS: readonly string[] = ['cpu-requests', 'memory-requests'];

/**
 * 1 while requests leave the upper edge of the utilisation band free, falling to 0 with the nodes full. Below the band a cluster
 * wastes money, which its KPIs say; it is no less ready.
 */
function headroom(judged: Judged): number | undefined {
  const fullest = fullestShare(judged);
  const { max } = judged.thresholds.utilisation;
  return fullest === undefined ? undefined : Math.min(1, Math.max(0, (1 - fullest) / (1 - max)));
}

function fullestShare({ kpis }: Judged): number | undefined {
  const shares = kpis
    .filter(({ id }) => REQUESTS.includes(id))
    .map(({ value }) => value)
    .filter((value) => value !== undefined);
  return shares.length === 0 ? undefined : Math.max(...shares);
}

function headroomBasis(judged: Judged): string {
  const fullest = fullestShare(judged);
  return fullest === undefined
    ? 'requests and nodes were not read'
    : `requests take ${Math.round(fullest * 100)} % of the nodes' scarcer resource`;
}

/** 1 while all quotas are below 80 %, falling to 0 with the fullest one at its limit; 1 where all that were read are suppressed. */
function quotaOf(snapshot: ClusterSnapshot, { quotas }: Excused): { value: number | undefined; basis: string } {
  const rows = (snapshot.cloud.quotas ?? [])
    .filter(({ limit }) => limit > 0)
    .map((row) => ({ ...row, share: row.usage / row.limit }));
  if (rows.length === 0) return { value: undefined, basis: 'no quota was read' };
  const [fullest] = rows
    .filter(({ region, metric }) => !quotas.has(`${region}/${metric}`))
    .sort((a, b) => b.share - a.share || (`${a.region}${a.metric}` < `${b.region}${b.metric}` ? -1 : 1));
  if (fullest === undefined) return { value: 1, basis: 'all quotas that were read are suppressed' };
  const percent = Math.round(fullest.share * 100);
  return {
    value: Math.min(1, Math.max(0, (1 - fullest.share) / 0.2)),
    basis: `fullest: ${fullest.metric} in ${fullest.region} at ${percent} %`,
  };
}

/**
 * Not ready with a critical or high cause that touches what was asked for, at risk with a medium one or pods that fail for no cause
 * seen; without any pod or node nothing can be said.
 */
function statusOf({ causes, pods, snapshot, absent, namespaces }: Judged): Verdict['status'] {
  if (absent.all) return 'unknown';
  const ranks = causes.map((cause) =>
    isOutside(cause, namespaces) ? Math.max(MEDIUM, severityRank(cause.severity)) : severityRank(cause.severity),
  );
  const worst = Math.min(...ranks, SEVERITIES.length);
  if (worst <= severityRank('high')) return 'not-ready';
  if (worst <= MEDIUM) return 'at-risk';
  if (pods.failing > 0) return 'at-risk';
  return pods.total === 0 && snapshot.list('Node').length === 0 && causes.length === 0 ? 'unknown' : 'ready';
}

function sentenceOf(status: Verdict['status'], judged: Judged): string {
  const { causes, absent } = judged;
  const pods = podsText(judged);
  if (absent.all)
    return `Nothing to judge: no object of namespace ${absent.namespaces.join(', ')} was read; check its name.`;
  const number = causes.length === 1 ? 'one root cause' : `${causes.length} root causes`;
  if (status === 'unknown') return 'Not enough was read to judge: neither pods nor nodes.';
  if (status === 'ready') return `Nothing serious was found: ${pods}.`;
  if (status === 'at-risk' && !causes.some(isSerious)) return `At risk: ${pods}; what was read does not show why.`;
  if (status === 'at-risk') return `At risk: ${pods}; ${number}${weightText(judged)}.`;
  return `Not production-ready: ${judged.pods.failing > 0 ? `${pods}, from ${number}` : `${number}${elseText(judged)}`}.`;
}

/** What fails may be pods that do not exist, or those of a lost node, which are being deleted: the others do not make it ready. */
function elseText(judged: Judged): string {
  const { total } = judged.pods;
  if (total === 0) return `; ${podsText(judged)}`;
  return total === 1 ? ', although the only pod that runs succeeds' : `, although all ${total} pods that run succeed`;
}

/** What the causes of a cluster at risk have in common. */
function weightText({ causes, namespaces }: Judged): string {
  const outside = causes.filter((cause) => isOutside(cause, namespaces) && severityRank(cause.severity) < MEDIUM);
  if (outside.length === 0) return causes.length === 1 ? ' of medium severity' : ', none worse than medium';
  return causes.length === 1
    ? ', which affects nothing in what was asked for'
    : `, of which ${outside.length} affect${outside.length === 1 ? 's' : ''} nothing in what was asked for`;
}

function isSerious({ severity }: Judged['causes'][number]): boolean {
  return severityRank(severity) <= MEDIUM;
}

function podsText({ pods: { total, failing }, missing }: Judged): string {
  if (total === 0) return missing.some(({ input }) => input === 'pods') ? 'pods were not read' : 'no pod counts yet';
  if (failing === 0) return total === 1 ? 'the only pod succeeds' : `all ${total} pods succeed`;
  return total === 1 ? 'the only pod fails' : `${failing} of ${total} pods ${failing === 1 ? 'fails' : 'fail'}`;
}
