/** Causes that are calculated from a namespace's LimitRanges and ResourceQuotas, whether or not the API server's refusal was seen. */
import { refText, type ResourceRef } from '@aia/cluster';
import { severityRank, type Finding } from '../../finding.ts';
import { text } from '../finding-index.ts';
import { effectsOn, partsOf, STRENGTH, type CauseContext, type Hypothesis } from '../hypothesis.ts';
import { CREATION_CAUSES } from './creation.ts';

/** One hypothesis for each LimitRange or ResourceQuota that pods cannot pass now. */
export function explainByNamespaceLimits(roots: ReadonlySet<string>) {
  return function* ({ findings }: CauseContext): Iterable<Hypothesis> {
    const matters = (finding: Finding): boolean =>
      roots.has(finding.id) && severityRank(finding.severity) <= severityRank('medium');
    const conflicts = findings.ofCode('limit-range-conflict').filter(matters);
    const blocked = findings.ofCode('namespace-quota-blocks-rollout').filter(matters);
    for (const group of Map.groupBy(conflicts, (one) => limitKey(one, 'limitRange')).values()) {
      const said = group.filter(({ resource }) => findings.about(resource, 'replica-creation-failed').length > 0);
      yield hypothesis('limit-range', 'limitRange', group, [], said.length > 0);
    }
    for (const group of Map.groupBy(blocked, (one) => `${text(one, 'cause')} ${limitKey(one, 'quota')}`).values()) {
      const [first] = group as [Finding, ...Finding[]];
      const full = findings
        .ofCode('namespace-quota-exhausted', 'namespace-quota-near-limit')
        .filter(({ resource }) => `${resource.namespace}/${resource.name}` === limitKey(first, 'quota'));
      yield hypothesis(text(first, 'cause'), 'quota', group, full, false);
    }
  };
}

function limitKey(finding: Finding, fact: string): string {
  return `${finding.resource.namespace}/${text(finding, fact)}`;
}

function hypothesis(
  code: string,
  fact: string,
  group: readonly Finding[],
  full: readonly Finding[],
  isSaid: boolean,
): Hypothesis {
  const [first] = group as [Finding, ...Finding[]];
  const cause = CREATION_CAUSES[code];
  if (cause === undefined) throw new TypeError(`cause: no row for ${code}`);
  const { namespace } = first.resource;
  const resource: ResourceRef = { group: '', kind: cause.kind, namespace, name: text(first, fact) };
  return {
    class: cause.class,
    resource,
    title: cause.title(resource),
    statement: `${refText(resource)} keeps out pods of ${group.map((one) => refText(one.resource)).join(', ')}: ${group[0]?.message ?? ''}`,
    effects: [...partsOf(full, 'the quota itself is used up'), ...effectsOn(group, cause.why)],
    evidence: [...full, ...group].flatMap(({ evidence }) => evidence.slice(0, 3)).slice(0, 6),
    weighings: [
      { observation: 'calculated from the namespace’s limits and the pod template', ratio: STRENGTH.measured },
      ...(isSaid ? [{ observation: 'the API server refuses pods of the workload', ratio: STRENGTH.typical }] : []),
      ...(full.length > 0 ? [{ observation: "the quota's status shows how full it is", ratio: STRENGTH.typical }] : []),
    ],
    remediation: { class: cause.remediation[0], text: cause.remediation[1] },
  };
}
