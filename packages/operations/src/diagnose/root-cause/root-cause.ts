/** Root causes: hypotheses weighed, their consequences followed, symptoms folded under them, ranked by impact. */
import { refKey, refText, type ClusterSnapshot } from '@aia/cluster';
import type { AssessedRootCause } from '@aia/contract';
import type { Evidence } from '../evidence.ts';
import type { Priors } from '../../priors/priors.ts';
import type { Examination } from '../examination.ts';
import { isSerious, severityRank, type Finding, type Severity } from '../finding.ts';
import { explainByCalledHost } from './causes/called-host.ts';
import { explainByCapacity } from './causes/capacity/capacity.ts';
import { explainByClaim } from './causes/claim.ts';
import { explainByConfiguration } from './causes/configuration.ts';
import { explainByContainer } from './causes/container.ts';
import { explainByCreation } from './causes/creation.ts';
import { explainByDependency } from './causes/dependency.ts';
import { explainByImage } from './causes/image.ts';
import { explainByItself } from './causes/itself.ts';
import { explainByAbsentController } from './causes/load-balancer-controller.ts';
import { explainByLoadBalancer } from './causes/load-balancer.ts';
import { explainByIdleControllers } from './causes/controllers.ts';
import { explainByMissingObject } from './causes/missing-object.ts';
import { explainByNamespaceLimits } from './causes/namespace-limits.ts';
import { explainByPlacement } from './causes/placement.ts';
import { explainByPodSetup } from './causes/pod-setup.ts';
import { explainByWebhook } from './causes/webhook.ts';
import { closure, ownersOf, type Owned } from './causal-graph.ts';
import { consequencesOf, type Consequence } from './consequences.ts';
import { POD_FAILURES } from './consequences/consequence-rule.ts';
import { DEAD_ROUTES, DEAD_SERVICES } from './consequences/network.ts';
import { contested } from './exclusive.ts';
import { FindingIndex } from './finding-index.ts';
import { hypothesisId, type Explain, type Hypothesis } from './hypothesis.ts';
import { isOutside } from './outside.ts';
import { withoutSuppressed } from './suppressed.ts';
import { timed, timingOf, timingText } from './timing.ts';
import { leadersOf, weigh } from './weigh.ts';

/** What explains the findings; `explainedBy` maps a finding's id to the id of its root cause. */
export interface Explanation {
  readonly rootCauses: readonly AssessedRootCause[];
  readonly explainedBy: ReadonlyMap<string, string>;
}

/** Infers the root causes of findings, deterministically. Of suppressed ones nothing is shown, and causes of these alone are none. */
export function explain(
  examination: Examination,
  findings: readonly Finding[],
  priors: Priors,
  suppressed: ReadonlySet<string> = new Set(),
): Explanation {
  const index = new FindingIndex(findings);
  const consequences = consequencesOf(index, examination.snapshot);
  const edges = Map.groupBy(consequences, (edge) => edge.from);
  const caused = new Set(consequences.map((edge) => edge.to));
  const context = { examination, findings: index };
  const roots = new Set(findings.filter((finding) => !caused.has(finding.id)).map((finding) => finding.id));
  const families: readonly Explain[] = [
    explainByCapacity,
    explainByConfiguration(roots),
    explainByClaim(roots),
    explainByCreation(roots),
    explainByNamespaceLimits(roots),
    explainByCalledHost(roots),
    explainByDependency(roots),
    explainByImage(roots),
    explainByLoadBalancer(roots),
    explainByAbsentController(roots),
    explainByPlacement,
    explainByPodSetup(roots),
    explainByContainer(roots),
    explainByMissingObject(roots),
    explainByIdleControllers,
    explainByWebhook(roots),
  ];
  const proposed = merged(families.flatMap((family) => [...family(context)]));
  const weighed = weigh(contested(proposed.map((hypothesis) => timed(hypothesis, context))), priors);
  const alone = unexplained(findings, roots, closure(leadersOf(weighed).keys(), edges), edges);
  const owned = ownersOf([...weighed, ...weigh(merged(explainByItself(alone)), priors)], index, edges);
  const standing = owned.flatMap((one) => withoutSuppressed(one, suppressed));
  const causes = standing.map((one) => rootCause(one, index, examination.snapshot)).sort(byImpact(examination));
  return {
    rootCauses: causes,
    explainedBy: new Map(causes.flatMap((cause) => cause.explains.map((id) => [id, cause.id] as const))),
  };
}

/** Hypotheses of one class about one resource are one: two containers of a workload, two sets of pods that lack one quota. */
function merged(hypotheses: readonly Hypothesis[]): readonly Hypothesis[] {
  return [...Map.groupBy(hypotheses, hypothesisId).values()].map((same) => {
    const [first, ...others] = same as [Hypothesis, ...Hypothesis[]];
    if (others.length === 0) return first;
    const best = same.toSorted((a, b) => strengthOf(b) - strengthOf(a))[0] ?? first;
    return {
      ...first,
      title: [...new Set(same.map(({ title }) => title))].join('; '),
      statement: [...new Set(same.map(({ statement }) => statement))].join(' '),
      effects: same.flatMap(({ effects }) => effects),
      evidence: same.flatMap(({ evidence }) => evidence),
      weighings: best.weighings,
      counterfactuals: () => same.flatMap(({ counterfactuals }) => counterfactuals?.() ?? []),
    };
  });
}

function strengthOf({ weighings }: Hypothesis): number {
  return weighings.reduce((product, { ratio }) => product * ratio, 1);
}

/** Findings that matter and follow from no hypothesis, each without those that follow from it; roots first. */
function unexplained(
  findings: readonly Finding[],
  roots: ReadonlySet<string>,
  explained: ReadonlySet<string>,
  edges: ReadonlyMap<string, readonly Consequence[]>,
): readonly Finding[] {
  const serious = new Set(findings.filter(isSerious).map(({ id }) => id));
  const reached = new Set(explained);
  const [first, rest] = [findings.filter(({ id }) => roots.has(id)), findings.filter(({ id }) => !roots.has(id))];
  return [...first, ...rest].filter(({ id }) => {
    if (reached.has(id)) return false;
    const following = closure([id], edges);
    if (![...following].some((one) => serious.has(one) && !reached.has(one))) return false;
    for (const one of following) reached.add(one);
    return true;
  });
}

function rootCause(
  { leader, findings, chain }: Owned,
  index: FindingIndex,
  snapshot: ClusterSnapshot,
): AssessedRootCause {
  const { hypothesis, id } = leader;
  const explained = findings.map((key) => index.get(key)).filter((finding) => finding !== undefined);
  const timing = timingOf(hypothesis, explained, snapshot);
  return {
    id,
    class: hypothesis.class,
    title: hypothesis.title,
    statement: `${hypothesis.statement}${timingText(timing)}`,
    resource: hypothesis.resource,
    severity: severityOf(explained),
    since: timing.since,
    probability: rounded(leader.probability),
    prior: leader.prior,
    weighings: hypothesis.weighings,
    rivals: leader.rivals.map((rival) => ({
      class: rival.hypothesis.class,
      statement: rival.hypothesis.title,
      probability: rounded(rival.probability),
      weighings: rival.hypothesis.weighings,
    })),
    evidence: distinct([...hypothesis.evidence, ...(timing.change?.evidence ?? [])]),
    chain,
    explains: findings,
    impact: impactOf(explained, snapshot),
    counterfactuals: hypothesis.counterfactuals?.() ?? [],
    remediation: hypothesis.remediation,
  };
}

function severityOf(findings: readonly Finding[]): Severity {
  const worst = findings.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0];
  return worst?.severity ?? 'info';
}

const POD_CODES: ReadonlySet<string> = new Set(POD_FAILURES);

function impactOf(findings: readonly Finding[], snapshot: ClusterSnapshot): AssessedRootCause['impact'] {
  const pods = findings.filter((finding) => finding.resource.kind === 'Pod' && POD_CODES.has(finding.code));
  const owners = pods.map((finding) => snapshot.resolve(finding.resource)).filter((pod) => pod !== undefined);
  const workloads = owners.map((pod) => {
    const owner = snapshot.rootOwnerOf(pod);
    return refText({
      group: '',
      kind: owner.kind,
      namespace: owner.metadata.namespace ?? '',
      name: owner.metadata.name,
    });
  });
  const short = findings
    .filter((finding) => WORKLOADS.has(finding.resource.kind))
    .map((finding) => refText(finding.resource));
  return {
    pods: failingPods(findings),
    workloads: [...new Set([...workloads, ...short])].sort(),
    services: findings.filter((finding) => finding.code === 'load-balancer-pending').length,
    unanswered: failing(findings, DEAD_SERVICES),
    routes: failing(findings, DEAD_ROUTES),
  };
}

/** Resources with a serious finding of one of the codes. */
function failing(findings: readonly Finding[], codes: readonly string[]): number {
  const found = findings.filter((finding) => codes.includes(finding.code) && isSerious(finding));
  return new Set(found.map(({ resource }) => refKey(resource))).size;
}

/** Codes with one finding for all pods of a workload, whose number is the fact `pods`; `low` where the workload is whole again. */
const GROUPED: ReadonlySet<string> = new Set([
  'container-terminated-with-error',
  'pod-evicted',
  'pod-rejected',
  'pod-failed',
]);

function failingPods(findings: readonly Finding[]): number {
  const single = new Set<string>();
  const grouped = new Map<string, number>();
  for (const { code, resource, severity, facts } of findings.filter(({ code }) => POD_CODES.has(code))) {
    const { pods, workload } = facts;
    if (GROUPED.has(code) && typeof pods === 'number' && pods > 1) {
      const key = `${code} ${String(workload)}`;
      if (severity !== 'low') grouped.set(key, Math.max(grouped.get(key) ?? 0, pods));
    } else if (resource.kind === 'Pod') single.add(refKey(resource));
  }
  return single.size + [...grouped.values()].reduce((sum, pods) => sum + pods, 0);
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicaSet',
]);

/** What affects the namespaces asked for before what does not; then severity, then failing pods, then workloads, then waiting Services, then those that nothing answers for, then routes, then probability, as far as it differs, then what began first; the id settles the rest. */
const byImpact =
  ({ namespaces }: Examination) =>
  (a: AssessedRootCause, b: AssessedRootCause): number =>
    Number(isOutside(a, namespaces)) - Number(isOutside(b, namespaces)) ||
    severityRank(a.severity) - severityRank(b.severity) ||
    b.impact.pods - a.impact.pods ||
    b.impact.workloads.length - a.impact.workloads.length ||
    b.impact.services - a.impact.services ||
    (b.impact.unanswered ?? 0) - (a.impact.unanswered ?? 0) ||
    (b.impact.routes ?? 0) - (a.impact.routes ?? 0) ||
    twentieths(b.probability) - twentieths(a.probability) ||
    (a.since ?? Infinity) - (b.since ?? Infinity) ||
    (a.id < b.id ? -1 : 1);

function twentieths(probability: number): number {
  return Math.round(probability * 20);
}

/** To thousandths, and never to certainty or impossibility: an inference is neither. */
function rounded(probability: number): number {
  return Math.min(0.999, Math.max(0.001, Math.round(probability * 1000) / 1000));
}

/** The same observation reaches a cause by several findings; once is enough. */
function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [JSON.stringify(one), one])).values()];
}
