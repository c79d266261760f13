/** Root causes: hypotheses weighed, their consequences followed, symptoms folded under them, ranked by impact. */
import { refKey, refText, type ClusterSnapshot } from '@aia/cluster';
import type { AssessedRootCause, ChainLink } from '@aia/contract';
import type { Evidence } from '../evidence.ts';
import type { Priors } from '../../priors/priors.ts';
import type { Examination } from '../examination.ts';
import { severityRank, type Finding, type Severity } from '../finding.ts';
import { explainByCapacity } from './causes/capacity.ts';
import { explainByConfiguration } from './causes/configuration.ts';
import { explainByContainer } from './causes/container.ts';
import { explainByCreation } from './causes/creation.ts';
import { explainByItself } from './causes/itself.ts';
import { explainByLoadBalancer } from './causes/load-balancer.ts';
import { explainByPlacement } from './causes/placement.ts';
import { consequencesOf, POD_FAILURES, type Consequence } from './consequences.ts';
import { FindingIndex } from './finding-index.ts';
import type { Explain, Hypothesis } from './hypothesis.ts';
import { leading, weigh, type Weighed } from './weigh.ts';

/** What explains the findings; `explainedBy` maps a finding's id to the id of its root cause. */
export interface Explanation {
  readonly rootCauses: readonly AssessedRootCause[];
  readonly explainedBy: ReadonlyMap<string, string>;
}

/** Infers the root causes of findings, deterministically. */
export function explain(examination: Examination, findings: readonly Finding[], priors: Priors): Explanation {
  const index = new FindingIndex(findings);
  const consequences = consequencesOf(index, examination.snapshot);
  const edges = Map.groupBy(consequences, (edge) => edge.from);
  const caused = new Set(consequences.map((edge) => edge.to));
  const context = { examination, findings: index };
  const roots = new Set(findings.filter((finding) => !caused.has(finding.id)).map((finding) => finding.id));
  const families: readonly Explain[] = [
    explainByCapacity,
    explainByConfiguration,
    explainByCreation,
    explainByLoadBalancer,
    explainByPlacement,
    explainByContainer(roots),
  ];
  const proposed = families.flatMap((family) => [...family(context)]);
  const reached = new Set(proposed.flatMap((hypothesis) => [...closure(hypothesis, edges).keys()]));
  const unexplained = findings.filter((finding) => roots.has(finding.id) && !reached.has(finding.id));
  const hypotheses = [...proposed, ...explainByItself(unexplained)(context)];
  const leaders = leading(weigh(hypotheses, priors));
  const causes = leaders.map((leader) => rootCause(leader, index, edges, examination.snapshot)).sort(byImpact);
  return { rootCauses: causes, explainedBy: owners(causes) };
}

type Edges = ReadonlyMap<string, readonly Consequence[]>;

/** Findings that follow from a hypothesis, breadth first, each with the edge that first reached it. */
function closure(hypothesis: Hypothesis, edges: Edges): ReadonlyMap<string, Consequence | undefined> {
  const reached = new Map<string, Consequence | undefined>(
    hypothesis.effects.map((effect) => [effect.finding, undefined]),
  );
  for (const id of reached.keys()) {
    for (const edge of edges.get(id) ?? []) if (!reached.has(edge.to)) reached.set(edge.to, edge);
  }
  return reached;
}

function rootCause(leader: Weighed, index: FindingIndex, edges: Edges, snapshot: ClusterSnapshot): AssessedRootCause {
  const { hypothesis, id } = leader;
  const reached = closure(hypothesis, edges);
  const explained = [...reached.keys()].map((key) => index.get(key)).filter((finding) => finding !== undefined);
  return {
    id,
    class: hypothesis.class,
    title: hypothesis.title,
    statement: hypothesis.statement,
    resource: hypothesis.resource,
    severity: severityOf(explained),
    probability: rounded(leader.probability),
    prior: leader.prior,
    weighings: hypothesis.weighings,
    rivals: leader.rivals.map((rival) => ({
      class: rival.hypothesis.class,
      statement: rival.hypothesis.title,
      probability: rounded(rival.probability),
      weighings: rival.hypothesis.weighings,
    })),
    evidence: distinct(hypothesis.evidence),
    chain: chainOf(id, hypothesis, reached),
    explains: explained.map((finding) => finding.id),
    impact: impactOf(explained, snapshot),
    counterfactuals: hypothesis.counterfactuals?.() ?? [],
    remediation: hypothesis.remediation,
  };
}

function chainOf(
  id: string,
  hypothesis: Hypothesis,
  reached: ReadonlyMap<string, Consequence | undefined>,
): readonly ChainLink[] {
  const direct = hypothesis.effects.map((effect) => ({
    from: id,
    to: effect.finding,
    relation: effect.relation,
    evidence: effect.evidence,
  }));
  return [...direct, ...[...reached.values()].filter((edge) => edge !== undefined)];
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
    pods: new Set(pods.map((finding) => refKey(finding.resource))).size,
    workloads: [...new Set([...workloads, ...short])].sort(),
    services: findings.filter((finding) => finding.code === 'load-balancer-pending').length,
  };
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicaSet',
]);

/** Severity, then failing pods, then workloads, then waiting Services, then probability; the id settles the rest. */
function byImpact(a: AssessedRootCause, b: AssessedRootCause): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    b.impact.pods - a.impact.pods ||
    b.impact.workloads.length - a.impact.workloads.length ||
    b.impact.services - a.impact.services ||
    b.probability - a.probability ||
    (a.id < b.id ? -1 : 1)
  );
}

/** Each finding belongs to the highest-ranked cause that explains it. */
function owners(causes: readonly AssessedRootCause[]): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const cause of causes) for (const id of cause.explains) if (!map.has(id)) map.set(id, cause.id);
  return map;
}

function rounded(probability: number): number {
  return Math.round(probability * 1000) / 1000;
}

/** The same observation reaches a cause by several findings; once is enough. */
function distinct(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [JSON.stringify(one), one])).values()];
}
